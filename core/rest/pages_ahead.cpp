#include "core/rest/pages_ahead.h"

namespace engine::rest {
namespace {

constexpr std::size_t kMostReady = 3;  // pages may be large

}  // namespace

PagesAhead::PagesAhead(Exchange exchange, Next next)
    : exchange_(std::move(exchange)), next_(std::move(next)), thread_([this] { loop(); }) {}

PagesAhead::~PagesAhead() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void PagesAhead::ask(const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    if (call_ || !ready_.empty()) return;
    call_ = call;
  }
  changed_.notify_all();
}

http::Response PagesAhead::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty(); });
  Page page = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  if (page.error) std::rethrow_exception(page.error);
  return std::move(page.response);
}

PagesAhead::Page PagesAhead::fetch(const Call& call) const {
  try {
    return {exchange_(call), nullptr};
  } catch (...) {
    return {{}, std::current_exception()};
  }
}

void PagesAhead::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || (call_ && ready_.size() < kMostReady); });
    if (stopping_) return;
    const Call call = *call_;
    lock.unlock();
    Page page = fetch(call);
    auto next = page.error ? std::nullopt : next_(answered_, page.response.body);
    lock.lock();
    ++answered_;
    call_ = std::move(next);
    ready_.push_back(std::move(page));
    changed_.notify_all();
  }
}

}  // namespace engine::rest
