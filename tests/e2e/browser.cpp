#include "tests/e2e/browser.h"

#include <stdexcept>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/http/pooled_client.h"

namespace engine::e2e {
namespace {

http::Response send(http::Request request) {
  const SystemClock clock;
  SystemRandom random;
  http::PooledClient client(clock, random);
  request.max_redirects = 0;
  return client.send(request, Cancellation());
}

}  // namespace

http::Response fetch(const std::string& url) {
  http::Request request;
  request.url = url;
  return send(std::move(request));
}

http::Response post(const std::string& url, const std::string& form) {
  http::Request request;
  request.method = "POST";
  request.url = url;
  request.body = http::Body::text(form, "application/x-www-form-urlencoded");
  return send(std::move(request));
}

std::string decide(const std::string& authorize_url, const std::string& decision) {
  const std::size_t query = authorize_url.find('?');
  const http::Response response =
      post(authorize_url.substr(0, query),
           authorize_url.substr(query + 1) + "&user=101&team=9001&decision=" + decision);
  const auto location = response.headers.find("Location");
  if (!location) throw std::runtime_error("The page answered:\n" + response.body);
  return std::string(*location);
}

std::string address_in(const std::string& text) {
  const std::size_t begin = text.find("http");
  if (begin == std::string::npos) throw std::runtime_error("No address in: " + text);
  return text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

}  // namespace engine::e2e
