#include "core/plugin/pending_sends.h"

#include "core/plugin/native_message.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kMostSends = 256;
// Who waits keeps others from beginning.
constexpr std::chrono::milliseconds kMoment{4};

}  // namespace

PendingSends::~PendingSends() {
  for (auto& [id, thread] : threads_) thread.join();
}

std::uint64_t PendingSends::begin(std::string_view request, std::string_view body) {
  const std::lock_guard lock(mutex_);
  if (threads_.size() >= kMostSends) {
    throw Error(ErrorCause::user, "plugin_bad_request",
                "A plugin sends more than " + std::to_string(kMostSends) + " requests at once.");
  }
  const std::uint64_t id = ++last_id_;
  threads_[id] = std::thread([this, id, head = std::string(request), content = std::string(body)] {
    std::string reply = send_reply(call_, head, content);
    const std::lock_guard done(mutex_);
    ended_.push_back({id, std::move(reply)});
    changed_.notify_all();
  });
  return id;
}

PendingSends::Ended PendingSends::next() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, kMoment, [&] { return !ended_.empty(); })) return {};
  Ended ended = std::move(ended_.front());
  ended_.pop_front();
  std::thread thread = std::move(threads_.extract(ended.id).mapped());
  lock.unlock();
  thread.join();
  return ended;
}

}  // namespace engine::plugin
