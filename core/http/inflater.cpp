#include "core/http/inflater.h"

#include <zlib.h>

#include <array>
#include <new>

#include "core/http/wire.h"

namespace engine::http {

struct Inflater::State {
  z_stream stream{};
  bool begun = false;
  bool ended = false;
  std::array<char, 32U << 10U> out{};
};

Inflater::Inflater() : state_(std::make_unique<State>()) {
  constexpr int kZlibOrGzip = 15 + 32;
  if (inflateInit2(&state_->stream, kZlibOrGzip) != Z_OK) throw std::bad_alloc();
}

Inflater::~Inflater() {
  inflateEnd(&state_->stream);
}

void Inflater::write(std::string_view bytes, const std::function<void(std::string_view)>& sink) {
  z_stream& stream = state_->stream;
  // zlib does not write to its input; its type is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  state_->begun = state_->begun || !bytes.empty();
  do {
    if (state_->ended) {
      if (stream.avail_in == 0) return;
      inflateReset(&stream);  // gzip files may be joined (RFC 1952, section 2.2)
      state_->ended = false;
    }
    stream.next_out = reinterpret_cast<Bytef*>(state_->out.data());
    stream.avail_out = static_cast<uInt>(state_->out.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      throw WireError(WireFault::malformed, "compressed data that is damaged");
    }
    state_->ended = result == Z_STREAM_END;
    const std::size_t size = state_->out.size() - stream.avail_out;
    if (size > 0) sink({state_->out.data(), size});
  } while (stream.avail_in > 0 || stream.avail_out == 0);
}

void Inflater::finish() const {
  if (state_->begun && !state_->ended) {
    throw WireError(WireFault::lost, "the compressed data was cut");
  }
}

}  // namespace engine::http
