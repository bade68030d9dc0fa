#include "core/http/exchange.h"

#include <algorithm>
#include <memory>

#include "core/base/error.h"
#include "core/http/inflater.h"
#include "core/http/request_writer.h"

namespace engine::http {
namespace {

constexpr std::size_t kMostHeadBytes = 256U << 10U;

Head receive_head(Connection& connection, const WireLimits& limits, Response& response) {
  constexpr int kMostInterim = 16;
  for (int interim = 0; interim < kMostInterim; ++interim) {
    Head head = parse_head(connection.reader.read_head(kMostHeadBytes, limits, "HTTP/1."));
    const std::string& line = head.start_line;  // "HTTP/1.1 200 OK"
    const bool proper = line.size() >= 12 && line[8] == ' ' &&
                        std::all_of(line.begin() + 9, line.begin() + 12,
                                    [](char c) { return c >= '0' && c <= '9'; }) &&
                        (line.size() == 12 || line[12] == ' ');
    if (!proper) throw WireError(WireFault::malformed, "no proper status line");
    response.status = std::stoi(line.substr(9, 3));
    response.reason = line.size() > 13 ? line.substr(13) : "";
    if (response.status < 100 || response.status == 101) {
      throw WireError(WireFault::malformed, "a status that was not asked for");
    }
    if (response.status >= 200) return head;
  }
  throw WireError(WireFault::malformed, "interim answers without end");
}

[[noreturn]] void refuse_size(const Request& request) {
  const std::uint64_t limit = request.max_response_bytes;
  const bool small = limit < (1U << 20U);
  throw WireError(WireFault::too_large,
                  "the answer is larger than " + (small ? std::to_string(limit) + " bytes"
                                                        : std::to_string(limit >> 20U) + " MiB"));
}

// Counts after decoding, where a small answer may become a large one.
class BodySink {
 public:
  BodySink(const Request& request, Response& response, bool& consumed)
      : request_(request), response_(response), consumed_(consumed) {}

  void write(std::string_view bytes) {
    if (bytes.size() > request_.max_response_bytes - total_) refuse_size(request_);
    total_ += bytes.size();
    if (request_.sink && response_.ok()) {
      consumed_ = true;
      request_.sink(bytes);
    } else {
      response_.body += bytes;
    }
  }

 private:
  const Request& request_;
  Response& response_;
  bool& consumed_;
  std::uint64_t total_ = 0;
};

bool is_compressed(const Headers& headers) {
  return lists_word(headers, "Content-Encoding", "gzip") ||
         lists_word(headers, "Content-Encoding", "x-gzip") ||
         lists_word(headers, "Content-Encoding", "deflate");
}

void receive_body(Connection& connection, const Request& request, const BodyFraming& framing,
                  const WireLimits& limits, Response& response, bool& consumed) {
  if (framing.length > request.max_response_bytes) refuse_size(request);
  BodySink sink(request, response, consumed);
  if (framing.kind == BodyFraming::Kind::none || !is_compressed(response.headers)) {
    // Not more than a header line may promise.
    constexpr std::uint64_t kMostReserved = 4U << 20U;
    if (!request.sink) response.body.reserve(std::min(framing.length, kMostReserved));
    read_body(connection.reader, framing, limits,
              [&](std::string_view bytes) { sink.write(bytes); });
    return;
  }
  Inflater inflater;
  read_body(connection.reader, framing, limits, [&](std::string_view bytes) {
    inflater.write(bytes, [&](std::string_view piece) { sink.write(piece); });
  });
  inflater.finish();
  // What is handed on is neither encoded nor of that length any more.
  response.headers.remove("Content-Encoding");
  response.headers.remove("Content-Length");
}

// A server may answer and close before it has read a body that it does not want.
void write_or_expect_answer(Connection& connection, const Request& request, const Url& url,
                            const Proxy* proxy, const WireLimits& limits,
                            ExchangeProgress& progress, bool& complete) {
  try {
    write_request(*connection.stream, request, url, proxy, limits, progress.sent);
    complete = true;
  } catch (const WireError& error) {
    if (error.fault() != WireFault::lost || request.body.empty()) throw;
  }
}

}  // namespace

void check_request(const Request& request) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCause::user, "bad_request", why);
  };
  if (!is_token(request.method)) {
    refuse("The method must be a word of letters, such as GET or POST.");
  }
  if (!is_field_value(request.body.content_type)) {
    refuse("The content type of the body holds a line break or another control character.");
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) refuse("A header has a name with characters that headers cannot have.");
    if (!is_field_value(value)) {
      refuse("The header '" + name + "' holds a line break or another control character.");
    }
  }
}

Response exchange_messages(Connection& connection, const Request& request, const Url& url,
                           const Proxy* proxy, const WireLimits& limits,
                           ExchangeProgress& progress) {
  const std::uint64_t known = connection.reader.received_bytes();
  bool complete = false;
  write_or_expect_answer(connection, request, url, proxy, limits, progress, complete);
  Response response;
  try {
    Head head = receive_head(connection, limits, response);
    response.headers = std::move(head.headers);
    const BodyFraming framing = response_framing(request.method, response.status, response.headers);
    receive_body(connection, request, framing, limits, response, progress.consumed);
    progress.reusable = complete && framing.kind != BodyFraming::Kind::until_close &&
                        head.start_line.starts_with("HTTP/1.1") &&
                        !lists_word(response.headers, "Connection", "close") &&
                        !connection.reader.buffered();
  } catch (const WireError&) {
    progress.answered = connection.reader.received_bytes() > known;
    throw;
  }
  return response;
}

}  // namespace engine::http
