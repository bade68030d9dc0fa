#include "core/http/server_connection.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace engine::http {
namespace {

using Poco::Net::HTTPResponse;
using std::chrono::milliseconds;

// A request that is answered with a status instead of being handled.
struct Refusal {
  int status;
};

// The part of a body in what all bodies together may take.
class Share {
 public:
  explicit Share(ServerShared& shared) : shared_(shared) {}
  ~Share() { shared_.bodies_bytes -= bytes_; }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  void grow(std::size_t bytes) {
    bytes_ += bytes;
    if ((shared_.bodies_bytes += bytes) > shared_.options.max_bodies_bytes) throw Refusal{503};
  }

 private:
  ServerShared& shared_;
  std::size_t bytes_ = 0;
};

struct Incoming {
  ServerRequest request;
  bool keep_alive = true;
};

SteadyTime from_now(milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Slow clients get a second for every 64 KiB, and no more; those that do nothing get less.
WireLimits limits_for(const ServerOptions& options, std::uint64_t bytes, int wake_fd) {
  return {from_now(options.idle_timeout + milliseconds(bytes * 1000 / (64U << 10U))), wake_fd,
          options.idle_timeout};
}

void parse_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    query.emplace_back(
        percent_decode(pair.substr(0, equals), true),
        equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1), true));
  }
}

// RFC 3986, section 2.1. A path with a null byte means one thing here and another one elsewhere.
bool is_path(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    const std::string_view escape = text.substr(at, 3);
    const std::string decoded = percent_decode(escape);
    if (escape.size() != 3 || decoded.size() != 1 || decoded[0] == '\0') return false;
  }
  return true;
}

// RFC 9112, section 3.2: origin form, absolute form (to proxies) and the asterisk of OPTIONS.
void parse_target(std::string_view target, ServerRequest& request) {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const std::size_t slash = target.find_first_of("/?", target.find("://") + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  request.path = target.substr(0, question);
  if (request.path.empty()) request.path = "/";
  if (request.path[0] != '/' && !(request.path == "*" && request.method == "OPTIONS")) {
    throw Refusal{400};
  }
  if (!is_path(request.path)) throw Refusal{400};
  if (question != std::string_view::npos) parse_query(target.substr(question + 1), request.query);
}

// "GET /path HTTP/1.1"; gives whether the version keeps connections open.
bool parse_start_line(std::string_view line, ServerRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) throw Refusal{400};
  request.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(request.method) || target.find_first_of(" \t") != std::string_view::npos) {
    throw Refusal{400};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    throw Refusal{version.starts_with("HTTP/") ? 505 : 400};
  }
  parse_target(target, request);
  return version == "HTTP/1.1";
}

// What RFC 9112, sections 3.2 and 6.1, and RFC 9110, section 10.1.1, want refused. Bodies in chunks
// and several hosts are how one request is made to look like another to a proxy.
void check_headers(const Headers& headers, bool version_1_1, std::size_t most) {
  if (headers.size() > most) throw Refusal{431};
  const auto hosts = std::count_if(headers.begin(), headers.end(), [](const auto& header) {
    return same_name(header.first, "Host");
  });
  if (hosts > 1 || (version_1_1 && hosts == 0)) throw Refusal{400};
  if (!version_1_1 && headers.find("Transfer-Encoding")) throw Refusal{400};
  const auto expected = headers.find("Expect");
  if (expected && !same_name(*expected, "100-continue")) throw Refusal{417};
}

class ServedConnection {
 public:
  ServedConnection(const Poco::Net::StreamSocket& socket, ServerShared& shared)
      : shared_(shared), stream_(socket), reader_(stream_), peer_(socket.peerAddress()) {}

  void run() {
    while (idle_until_request()) {
      try {
        Share share(shared_);
        const Incoming incoming = receive(share);
        if (!answer(incoming)) return;
      } catch (const Refusal& refusal) {
        refuse(refusal.status);
        return;
      } catch (const WireError& error) {
        if (error.fault() == WireFault::too_large) refuse(431);
        if (error.fault() == WireFault::malformed) refuse(400);
        if (error.fault() == WireFault::lost) refuse(400);  // it may have closed one half only
        if (error.fault() == WireFault::deadline) refuse(408);
        return;
      }
    }
  }

  void refuse(int status) {
    const std::string reason =
        HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status));
    ServerResponse response{status, {}, reason + "\n", std::nullopt};
    response.headers.add("Content-Type", "text/plain");
    if (status == 503) response.headers.add("Retry-After", "1");
    write(response, false, false);
    drain();
  }

 private:
  bool idle_until_request() {
    const WireLimits limits{from_now(shared_.options.idle_timeout), shared_.stopping.fd()};
    try {
      wait_ready(-1, 0, limits);
      if (!reader_.buffered()) wait_ready(stream_.fd(), POLLIN, limits);
      return true;
    } catch (const WireError&) {
      return false;
    }
  }

  Incoming receive(Share& share) {
    const ServerOptions& options = shared_.options;
    Incoming incoming;
    ServerRequest& request = incoming.request;
    Head head = parse_head(reader_.read_head(
        options.max_header_bytes, {from_now(options.idle_timeout), shared_.stopping.fd()}));
    const bool version_1_1 = parse_start_line(head.start_line, request);
    check_headers(head.headers, version_1_1, options.max_headers);
    incoming.keep_alive = version_1_1 && !lists_word(head.headers, "Connection", "close");
    request.headers = std::move(head.headers);
    request.peer = peer_.host().toString();
    receive_body(request, share);
    return incoming;
  }

  void receive_body(ServerRequest& request, Share& share) {
    const ServerOptions& options = shared_.options;
    const BodyFraming framing = request_framing(request.headers);
    if (framing.length > options.max_body_bytes) throw Refusal{413};
    const bool chunked = framing.kind == BodyFraming::Kind::chunked;
    const WireLimits limits = limits_for(options, chunked ? options.max_body_bytes : framing.length,
                                         shared_.stopping.fd());
    if (!reader_.buffered() && lists_word(request.headers, "Expect", "100-continue")) {
      stream_.write("HTTP/1.1 100 Continue\r\n\r\n", limits);
    }
    request.body.reserve(framing.length);
    const auto take = [&](std::string_view bytes) {
      share.grow(bytes.size());
      request.body += bytes;
    };
    try {
      read_body(reader_, framing, limits, take, options.max_body_bytes);
    } catch (const WireError& error) {
      if (error.fault() == WireFault::too_large) throw Refusal{413};
      throw;
    }
  }

  // False when the connection is to be closed.
  bool answer(const Incoming& incoming) {
    ServerResponse response = handle(incoming.request);
    const bool keep = incoming.keep_alive && !response.cut_after &&
                      !lists_word(response.headers, "Connection", "close");
    if (!write(response, incoming.request.method == "HEAD", keep)) {
      write(ServerResponse{500, {}, "Internal Server Error\n", std::nullopt}, false, false);
      return false;
    }
    return keep;
  }

  ServerResponse handle(const ServerRequest& request) {
    shared_.handlers.acquire();
    ServerResponse response;
    try {
      response = shared_.handler(request);
    } catch (...) {
      response = {500, {}, "Internal Server Error\n", std::nullopt};
    }
    shared_.handlers.release();
    return response;
  }

  // False, and nothing is sent, when a header cannot be written down.
  bool write(const ServerResponse& response, bool without_body, bool keep) {
    const bool bodiless = response.status < 200 || response.status == 204 || response.status == 304;
    std::string bytes =
        "HTTP/1.1 " + std::to_string(response.status) + " " +
        HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(response.status)) +
        "\r\nDate: " +
        Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::HTTP_FORMAT) +
        "\r\n";
    for (const auto& [name, value] : response.headers) {
      if (!is_token(name) || !is_field_value(value)) return false;
      if (!own_header(name)) bytes.append(name).append(": ").append(value).append("\r\n");
    }
    if (!bodiless) bytes += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    bytes += keep ? "\r\n" : "Connection: close\r\n\r\n";
    if (!bodiless && !without_body) {
      bytes.append(response.body, 0, response.cut_after.value_or(std::string::npos));
    }
    stream_.write(bytes, limits_for(shared_.options, bytes.size(), -1));
    return true;
  }

  static bool own_header(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kOwn{"Content-Length", "Transfer-Encoding",
                                                          "Connection", "Date"};
    return std::any_of(kOwn.begin(), kOwn.end(),
                       [&](std::string_view own) { return same_name(own, name); });
  }

  // Closing with unread bytes resets the connection, and the client would never see the answer.
  void drain() {
    ::shutdown(stream_.fd(), SHUT_WR);
    const WireLimits limits{from_now(milliseconds(1000)), shared_.stopping.fd()};
    try {
      for (std::uint64_t left = 2 * shared_.options.max_body_bytes + (1U << 20U); left > 0;) {
        const std::string_view bytes = reader_.read_some(left, limits);
        if (bytes.empty()) return;
        left -= bytes.size();
      }
    } catch (const WireError&) {
      return;
    }
  }

  ServerShared& shared_;
  PlainStream stream_;
  Reader reader_;
  Poco::Net::SocketAddress peer_;
};

}  // namespace

ServerShared::ServerShared(ServerOptions given, Server::Handler handle)
    : options(std::move(given)),
      handler(std::move(handle)),
      handlers(static_cast<std::ptrdiff_t>(std::max<std::size_t>(options.threads, 1))) {}

void serve_connection(const Poco::Net::StreamSocket& socket, ServerShared& shared) {
  try {
    ServedConnection(socket, shared).run();
  } catch (const std::exception&) {
    return;  // the peer is gone; there is nobody left to tell
  }
}

void refuse_connection(const Poco::Net::StreamSocket& socket, ServerShared& shared) {
  try {
    ServedConnection(socket, shared).refuse(503);
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace engine::http
