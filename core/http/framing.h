// Where HTTP/1.1 messages begin and end (RFC 9112): heads, and bodies by length, in chunks, or
// until the connection closes. Shared by client and server. Strict: what two readers could
// understand differently is refused, because that is how requests are smuggled. Poco's own streams
// end without a word on a broken chunk, which would make a cut answer look complete.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.h"
#include "core/http/wire.h"

namespace engine::http {

struct Head {
  std::string start_line;
  Headers headers;
};

/// Buffered reading from a stream.
class Reader {
 public:
  explicit Reader(Stream& stream);

  /// Everything up to and without the blank line. Throws WireError{closed} when nothing came,
  /// {too_large} above `max_bytes`, {lost} when it was cut, {malformed} as soon as it cannot begin
  /// with `prefix`: whoever speaks another protocol may wait for us forever.
  std::string read_head(std::size_t max_bytes, const WireLimits& limits,
                        std::string_view prefix = {});
  /// A line of a chunked body, without its end.
  std::string read_line(std::size_t max_bytes, const WireLimits& limits);
  /// Some bytes, at most `most`; empty at the end of the stream. Valid until the next call.
  std::string_view read_some(std::uint64_t most, const WireLimits& limits);
  /// Whether bytes were received that nobody has asked for yet.
  bool buffered() const { return begin_ < end_; }
  std::uint64_t received_bytes() const { return received_; }

 private:
  bool fill(const WireLimits& limits);

  Stream& stream_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t received_ = 0;
};

/// Throws WireError{malformed}: bad names, control characters, folded lines.
Head parse_head(std::string_view text);

struct BodyFraming {
  enum class Kind { none, length, chunked, until_close };
  Kind kind = Kind::none;
  std::uint64_t length = 0;
};

/// Throws WireError{malformed} when the headers contradict each other.
BodyFraming request_framing(const Headers& headers);
BodyFraming response_framing(std::string_view method, int status, const Headers& headers);

/// Gives the body to `sink` piece by piece. Throws WireError{lost} when it is cut, {malformed}, and
/// {too_large} when a chunk is announced that makes it longer than `most_chunked`.
void read_body(Reader& reader, const BodyFraming& framing, const WireLimits& limits,
               const std::function<void(std::string_view)>& sink,
               std::uint64_t most_chunked = UINT64_MAX);

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text);
/// Whether it can stand in a header line: no control characters but tab.
bool is_field_value(std::string_view text);
/// Whether a comma-separated header ("Connection") lists `word`, in any case.
bool lists_word(const Headers& headers, std::string_view name, std::string_view word);

}  // namespace engine::http
