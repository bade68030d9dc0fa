#include "core/rest/lookup_cache.h"

namespace engine::rest {
namespace {

constexpr std::size_t kMost = 10'000;

}  // namespace

Value LookupCache::load(const std::string& key, const Clock& clock, TimePoint since,
                        const Cancellation& cancellation, const Load& load) {
  const auto wake = cancellation.on_cancel([this] {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  while (true) {
    cancellation.check();
    const auto found = entries_.find(key);
    if (found == entries_.end()) break;
    const Entry& entry = found->second;
    if (!entry.loading) {
      const TimePoint now = clock.now();
      if (entry.loaded >= since && now - entry.loaded < kLife) return entry.value;
      break;
    }
    changed_.wait(lock);
  }
  make_room();
  entries_[key].loading = true;
  lock.unlock();
  Value value;
  try {
    value = load();
  } catch (...) {
    lock.lock();
    entries_.erase(key);
    changed_.notify_all();
    throw;
  }
  lock.lock();
  entries_[key] = {value, clock.now(), false};
  changed_.notify_all();
  return value;
}

Value LookupCache::find(const std::string& key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || now - found->second.loaded >= kLife) return {};
  return found->second.value;
}

void LookupCache::put(const std::string& key, const Value& value, TimePoint now) {
  const std::lock_guard lock(mutex_);
  make_room();
  entries_[key] = {value, now, false};
}

bool LookupCache::first_miss(const std::string& key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (missing_.size() >= kMost) missing_.clear();
  const auto [found, fresh] = missing_.try_emplace(key, now);
  if (fresh) return true;
  if (now - found->second < kMissingLife) return false;
  found->second = now;
  return true;
}

// Forgetting costs a request at most.
void LookupCache::make_room() {
  if (entries_.size() < kMost) return;
  std::erase_if(entries_, [](const auto& entry) { return !entry.second.loading; });
}

}  // namespace engine::rest
