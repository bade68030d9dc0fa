#include "tests/e2e/upstream.h"

#include <chrono>

namespace engine::e2e {
namespace {

constexpr std::chrono::seconds kRequestPatience{120};

}  // namespace

Upstream::Upstream()
    : server_({}, [this](const http::ServerRequest& request) { return answer(request); }) {}

Upstream::~Upstream() {
  release();
  server_.stop();
}

std::string Upstream::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
}

void Upstream::hold(const std::string& path) {
  const std::lock_guard lock(mutex_);
  held_.insert(path);
}

void Upstream::release() {
  const std::lock_guard lock(mutex_);
  held_.clear();
  changed_.notify_all();
}

bool Upstream::wait_for(const std::string& path, int times) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kRequestPatience, [&] { return asked_[path] >= times; });
}

int Upstream::asked(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(path);
  return found == asked_.end() ? 0 : found->second;
}

http::ServerResponse Upstream::answer(const http::ServerRequest& request) {
  std::unique_lock lock(mutex_);
  ++asked_[request.path];
  changed_.notify_all();
  changed_.wait_for(lock, kRequestPatience, [&] { return held_.count(request.path) == 0; });
  http::ServerResponse response;
  response.headers.set("Content-Type", "application/json");
  response.body = R"({"path":")" + request.path + R"("})";
  return response;
}

}  // namespace engine::e2e
