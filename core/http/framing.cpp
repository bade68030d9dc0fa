#include "core/http/framing.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

namespace engine::http {
namespace {

constexpr std::size_t kBufferBytes = 32U << 10U;
constexpr std::size_t kLongestChunkLine = 1024;
constexpr std::size_t kMostTrailerBytes = 16U << 10U;

[[noreturn]] void throw_malformed(const std::string& what) {
  throw WireError(WireFault::malformed, what);
}

// They end no line: a head that has one would be waited for in vain.
bool has_bare_line_feed(std::string_view text, std::size_t from) {
  std::size_t at = text.find('\n', from);
  while (at != std::string_view::npos && at > 0 && text[at - 1] == '\r')
    at = text.find('\n', at + 1);
  return at != std::string_view::npos;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <typename Number>
bool read_number(std::string_view text, Number& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Nothing: the message names no framing of its own.
BodyFraming named_framing(const Headers& headers, BodyFraming::Kind otherwise) {
  BodyFraming framing{otherwise, 0};
  bool has_length = false;
  bool chunked = false;
  for (const auto& [name, value] : headers) {
    if (same_word(name, "Transfer-Encoding")) {
      if (chunked || !same_word(value, "chunked")) {
        throw_malformed("a transfer encoding other than 'chunked'");
      }
      chunked = true;
    } else if (same_word(name, "Content-Length")) {
      std::uint64_t length = 0;
      if (!read_number(value, length)) throw_malformed("a Content-Length that is not a number");
      if (has_length && length != framing.length) throw_malformed("two lengths of one body");
      has_length = true;
      framing.length = length;
    }
  }
  if (chunked && has_length) throw_malformed("a length and chunks for one body");
  if (chunked) framing.kind = BodyFraming::Kind::chunked;
  if (has_length) framing.kind = BodyFraming::Kind::length;
  return framing;
}

void read_length(Reader& reader, std::uint64_t length, const WireLimits& limits,
                 const std::function<void(std::string_view)>& sink) {
  while (length > 0) {
    const std::string_view bytes = reader.read_some(length, limits);
    if (bytes.empty()) throw WireError(WireFault::lost, "the body was cut");
    length -= bytes.size();
    sink(bytes);
  }
}

void read_chunks(Reader& reader, const WireLimits& limits,
                 const std::function<void(std::string_view)>& sink, std::uint64_t most) {
  for (;;) {
    const std::string line = reader.read_line(kLongestChunkLine, limits);
    const std::string_view size_text = trimmed(std::string_view(line).substr(0, line.find(';')));
    std::uint64_t size = 0;
    if (!read_number(size_text, size, 16)) throw_malformed("a chunk without a size");
    if (size == 0) break;
    if (size > most) throw WireError(WireFault::too_large, "the body is too large");
    most -= size;
    read_length(reader, size, limits, sink);
    if (!reader.read_line(2, limits).empty()) throw_malformed("a chunk longer than its size");
  }
  std::size_t trailer_bytes = 0;
  for (;;) {
    const std::string line = reader.read_line(kMostTrailerBytes - trailer_bytes, limits);
    if (line.empty()) return;
    trailer_bytes += line.size();
  }
}

}  // namespace

Reader::Reader(Stream& stream) : stream_(stream), buffer_(kBufferBytes) {}

bool Reader::fill(const WireLimits& limits) {
  begin_ = 0;
  end_ = stream_.read(buffer_.data(), buffer_.size(), limits);
  received_ += end_;
  return end_ > 0;
}

std::string Reader::read_head(std::size_t max_bytes, const WireLimits& limits,
                              std::string_view prefix) {
  std::string head;
  for (;;) {
    if (begin_ == end_ && !fill(limits)) {
      throw WireError(head.empty() ? WireFault::closed : WireFault::lost, "the head was cut");
    }
    const std::size_t known = head.size();
    head.append(buffer_.data() + begin_, end_ - begin_);
    // Lines before a message that are empty are ignored (RFC 9112, section 2.2).
    while (head.starts_with("\r\n") && known == 0) {
      head.erase(0, 2);
      begin_ += 2;
    }
    const std::size_t compared = std::min(head.size(), prefix.size());
    if (head.compare(0, compared, prefix, 0, compared) != 0) throw_malformed("another protocol");
    const std::size_t blank = head.find("\r\n\r\n", known < 3 ? 0 : known - 3);
    if (blank != std::string::npos && blank <= max_bytes) {
      begin_ += blank + 4 - known;
      head.resize(blank);
      return head;
    }
    begin_ = end_;
    if (has_bare_line_feed(head, known)) throw_malformed("a line without CR LF");
    if (head.size() > max_bytes) throw WireError(WireFault::too_large, "the head is too large");
  }
}

std::string Reader::read_line(std::size_t max_bytes, const WireLimits& limits) {
  std::string line;
  for (;;) {
    if (begin_ == end_ && !fill(limits)) throw WireError(WireFault::lost, "a line was cut");
    const char* from = buffer_.data() + begin_;
    const auto* found = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
    const std::size_t size =
        found != nullptr ? static_cast<std::size_t>(found - from) + 1 : end_ - begin_;
    line.append(from, size);
    begin_ += size;
    if (line.size() > max_bytes + 2) throw_malformed("a line that is too long");
    if (found == nullptr) continue;
    if (!line.ends_with("\r\n")) throw_malformed("a line without CR LF");
    line.resize(line.size() - 2);
    return line;
  }
}

std::string_view Reader::read_some(std::uint64_t most, const WireLimits& limits) {
  if (begin_ == end_ && !fill(limits)) return {};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, end_ - begin_));
  const std::string_view bytes(buffer_.data() + begin_, size);
  begin_ += size;
  return bytes;
}

Head parse_head(std::string_view text) {
  Head head;
  const std::size_t first = text.find("\r\n");
  head.start_line = text.substr(0, first);
  if (!is_field_value(head.start_line)) throw_malformed("control characters in the first line");
  text.remove_prefix(first == std::string_view::npos ? text.size() : first + 2);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
      throw_malformed("a header without a proper name");
    }
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) throw_malformed("control characters in a header");
    head.headers.add(std::string(line.substr(0, colon)), std::string(value));
  }
  return head;
}

BodyFraming request_framing(const Headers& headers) {
  return named_framing(headers, BodyFraming::Kind::none);
}

BodyFraming response_framing(std::string_view method, int status, const Headers& headers) {
  if (method == "HEAD" || status == 204 || status == 304 || status < 200) return {};
  return named_framing(headers, BodyFraming::Kind::until_close);
}

void read_body(Reader& reader, const BodyFraming& framing, const WireLimits& limits,
               const std::function<void(std::string_view)>& sink, std::uint64_t most_chunked) {
  switch (framing.kind) {
    case BodyFraming::Kind::none: return;
    case BodyFraming::Kind::length: read_length(reader, framing.length, limits, sink); return;
    case BodyFraming::Kind::chunked: read_chunks(reader, limits, sink, most_chunked); return;
    case BodyFraming::Kind::until_close:
      for (;;) {
        const std::string_view bytes = reader.read_some(UINT64_MAX, limits);
        if (bytes.empty()) return;
        sink(bytes);
      }
  }
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
  });
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

bool lists_word(const Headers& headers, std::string_view name, std::string_view word) {
  for (const auto& [key, value] : headers) {
    if (!same_word(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      if (same_word(trimmed(part), word)) return true;
    }
  }
  return false;
}

}  // namespace engine::http
