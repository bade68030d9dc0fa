#include "core/process/frame.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace engine::process {
namespace {

constexpr std::size_t kBuffer = std::size_t{64} << 10U;
constexpr std::size_t kStep = std::size_t{1} << 20U;

bool known(std::uint8_t kind) {
  return kind >= static_cast<std::uint8_t>(FrameKind::request) &&
         kind <= static_cast<std::uint8_t>(FrameKind::result);
}

}  // namespace

FrameWriter::FrameWriter(FrameKind kind, std::string_view body) : body_(body) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    header_ += static_cast<char>((body.size() >> shift) & 0xFFU);
  }
  header_ += static_cast<char>(kind);
}

bool FrameWriter::write_some(int socket, int flags) {
  const std::size_t of_header = std::min(sent_, header_.size());
  const std::size_t of_body = sent_ - of_header;
  std::array<iovec, 2> parts{{{header_.data() + of_header, header_.size() - of_header},
                              {const_cast<char*>(body_.data()) + of_body, body_.size() - of_body}}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  const ssize_t count = sendmsg(socket, &message, flags | MSG_NOSIGNAL);
  if (count > 0) sent_ += static_cast<std::size_t>(count);
  return count >= 0;
}

FrameReader::FrameReader(int socket, std::size_t largest)
    : socket_(socket), largest_(largest), buffer_(kBuffer) {}

void FrameReader::begin_body() {
  std::size_t length = 0;
  for (unsigned i = 0; i < 4; ++i) {
    length |= std::size_t{static_cast<unsigned char>(buffer_[begin_ + i])} << (8 * i);
  }
  const auto kind = static_cast<std::uint8_t>(buffer_[begin_ + 4]);
  if (!known(kind)) throw ProtocolBroken("it sent bytes that are no message");
  if (length > largest_) {
    throw ProtocolBroken("it sent a message of " + std::to_string(length) +
                         " bytes; the limit is " + std::to_string(largest_));
  }
  begin_ += kFrameHeader;
  partial_ = {static_cast<FrameKind>(kind), {}};
  expected_ = length;
  in_body_ = true;
}

// From the buffer; true when the frame is complete.
bool FrameReader::take(Frame& frame) {
  if (!in_body_) {
    if (end_ - begin_ < kFrameHeader) return false;
    begin_body();
  }
  const std::size_t count = std::min(expected_ - partial_.body.size(), end_ - begin_);
  partial_.body.append(buffer_.data() + begin_, count);
  begin_ += count;
  if (partial_.body.size() < expected_) return false;
  in_body_ = false;
  frame = std::exchange(partial_, {});
  return true;
}

FrameReader::Got FrameReader::read(Frame& frame, bool wait) {
  while (!take(frame)) {
    // Here the buffer holds at most a part of a header.
    std::copy(buffer_.data() + begin_, buffer_.data() + end_, buffer_.data());
    end_ -= std::exchange(begin_, 0);
    std::string& body = partial_.body;
    const std::size_t missing = in_body_ ? expected_ - body.size() : 0;
    const bool straight = missing > buffer_.size();  // long bodies are not copied
    const std::size_t had = body.size();
    if (straight) body.resize(had + std::min(missing, kStep));
    char* place = straight ? body.data() + had : buffer_.data() + end_;
    const std::size_t space = straight ? body.size() - had : buffer_.size() - end_;
    const ssize_t count = recv(socket_, place, space, wait ? 0 : MSG_DONTWAIT);
    const int reason = errno;
    const std::size_t arrived = count > 0 ? static_cast<std::size_t>(count) : 0;
    if (straight) {
      body.resize(had + arrived);
    } else {
      end_ += arrived;
    }
    if (count > 0 || (count < 0 && reason == EINTR)) continue;
    if (count < 0 && (reason == EAGAIN || reason == EWOULDBLOCK)) return Got::nothing;
    return Got::closed;
  }
  return Got::frame;
}

}  // namespace engine::process
