#include "core/cli/redirect_listener.h"

#include "core/http/html.h"

namespace engine::cli {

std::string loopback_redirect_url(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port) + "/oauth2/callback";
}

RedirectListener::RedirectListener(std::uint16_t port) {
  http::ServerOptions options;
  options.port = port;
  options.threads = 4;
  server_ = std::make_unique<http::Server>(
      options, [this](const http::ServerRequest& request) { return handle(request); });
}

RedirectListener::~RedirectListener() {
  show("Not connected", "The connection was given up. Nothing was stored.");
  server_->stop();
}

http::ServerResponse RedirectListener::handle(const http::ServerRequest& request) {
  if (request.path != "/oauth2/callback" || request.method != "GET") {
    return http::html_page(404, "Not here",
                           "<p>This address only takes the answer of a service.</p>");
  }
  std::unique_lock lock(mutex_);
  if (answer_) return http::html_page(409, "Over", "<p>An answer has come already.</p>");
  answer_ = request.query;
  changed_.notify_all();
  changed_.wait(lock, [this] { return page_.has_value(); });
  return *page_;
}

std::optional<QueryFields> RedirectListener::wait(Milliseconds time,
                                                  const Cancellation& cancellation) {
  const auto wake = cancellation.on_cancel([this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::optional<QueryFields> answer;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return answer_ || cancellation.requested(); });
    answer = answer_;
  }
  cancellation.check();
  return answer;
}

void RedirectListener::show(const std::string& title, const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (page_) return;
  page_ = http::html_page(200, title, "<p>" + http::escape_html(text) + "</p>");
  page_->headers.set("Connection", "close");
  changed_.notify_all();
}

}  // namespace engine::cli
