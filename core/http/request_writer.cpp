#include "core/http/request_writer.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "core/base/error.h"

namespace engine::http {
namespace {

using std::filesystem::path;

constexpr std::size_t kPieceBytes = 64U << 10U;

[[noreturn]] void throw_unreadable(const path& file) {
  throw Error(ErrorCause::storage, "file_unreadable",
              "The file '" + file.string() + "' cannot be read, or changed while it was sent.");
}

std::uint64_t size_of(const BodyPart& part) {
  if (const auto* text = std::get_if<std::string>(&part)) return text->size();
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(std::get<path>(part), error);
  if (error) throw_unreadable(std::get<path>(part));
  return size;
}

// What the framing depends on is ours; a second opinion would be a hole.
bool own_header(std::string_view name) {
  Headers own;
  own.add(std::string(name), "");
  for (const char* word : {"Content-Length", "Transfer-Encoding", "Connection", "Expect", "TE",
                           "Trailer", "Upgrade", "Proxy-Authorization"}) {
    if (own.find(word)) return true;
  }
  return false;
}

bool expects_length(const Request& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

std::string head_of(const Request& request, const Url& url, const Proxy* proxy,
                    std::uint64_t length) {
  const Headers& headers = request.headers;
  const bool whole = proxy != nullptr && !url.secure;
  std::string head = request.method + " " + (whole ? url.text() : url.target) + " HTTP/1.1\r\n";
  const auto line = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  const auto unless_given = [&](std::string_view name, std::string_view value) {
    if (!headers.find(name)) line(name, value);
  };
  unless_given("Host", url.authority());
  for (const auto& [name, value] : headers) {
    if (!own_header(name)) line(name, value);
  }
  unless_given("User-Agent", "engine");
  unless_given("Accept", "*/*");
  // Pieces of a file must be the file's own bytes.
  if (!headers.find("Range")) unless_given("Accept-Encoding", "gzip");
  if (!request.body.content_type.empty()) unless_given("Content-Type", request.body.content_type);
  if (whole && !proxy->authorization.empty()) line("Proxy-Authorization", proxy->authorization);
  if (expects_length(request)) line("Content-Length", std::to_string(length));
  return head + "\r\n";
}

void write_file(Stream& stream, const path& file, std::uint64_t size, const WireLimits& limits) {
  std::ifstream in(file, std::ios::binary);
  std::array<char, kPieceBytes> piece;
  while (size > 0) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(size, kPieceBytes)));
    if (in.gcount() <= 0) throw_unreadable(file);
    const auto count = static_cast<std::size_t>(in.gcount());
    stream.write({piece.data(), count}, limits);
    size -= count;
  }
}

}  // namespace

void write_request(Stream& stream, const Request& request, const Url& url, const Proxy* proxy,
                   const WireLimits& limits, bool& sent) {
  std::uint64_t length = 0;
  std::vector<std::uint64_t> sizes;
  for (const BodyPart& part : request.body.parts) {
    sizes.push_back(size_of(part));
    length += sizes.back();
  }
  std::string pending = head_of(request, url, proxy, length);
  sent = true;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const BodyPart& part = request.body.parts[i];
    const auto* text = std::get_if<std::string>(&part);
    // Head and a small body leave in one packet.
    if (text != nullptr && pending.size() + text->size() <= kPieceBytes) {
      pending += *text;
      continue;
    }
    stream.write(pending, limits);
    pending.clear();
    if (text != nullptr) {
      stream.write(*text, limits);
    } else {
      write_file(stream, std::get<path>(part), sizes[i], limits);
    }
  }
  stream.write(pending, limits);
}

}  // namespace engine::http
