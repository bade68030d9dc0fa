// Messages between the engine and a child process: a length, a kind and bytes, over a socket pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace engine::process {

enum class FrameKind : std::uint8_t {
  request = 1,  ///< engine to child: work
  reply,        ///< engine to child: the answer to its call
  call,         ///< child to engine: a question in the middle of the work
  note,         ///< child to engine: nothing is answered
  result        ///< child to engine: the end of the work
};

struct Frame {
  FrameKind kind = FrameKind::note;
  std::string body;
};

/// The other side sent what is no frame, or a longer one than is allowed.
struct ProtocolBroken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr std::size_t kFrameHeader = 5;  // 4 bytes of length (little endian), 1 of kind

/// One frame on its way out.
class FrameWriter {
 public:
  /// Borrows the body, whose length must fit into 32 bits.
  FrameWriter(FrameKind kind, std::string_view body);

  bool done() const { return sent_ == header_.size() + body_.size(); }
  /// As sendmsg(2); never raises SIGPIPE.
  bool write_some(int socket, int flags);

 private:
  std::string header_;
  std::string_view body_;
  std::size_t sent_ = 0;
};

/// Reads frames from a socket. Memory grows with what arrives, not with what a header claims.
class FrameReader {
 public:
  /// Borrows the socket. `largest` bounds the body, in bytes.
  FrameReader(int socket, std::size_t largest);

  enum class Got { frame, nothing, closed };
  /// With `wait` false takes only what is there. Throws ProtocolBroken.
  Got read(Frame& frame, bool wait);

 private:
  bool take(Frame& frame);
  void begin_body();

  int socket_;
  std::size_t largest_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Frame partial_;
  std::size_t expected_ = 0;
  bool in_body_ = false;
};

}  // namespace engine::process
