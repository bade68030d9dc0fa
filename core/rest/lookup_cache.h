// What was looked up, kept for a few minutes and shared by all executions of a process.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "core/base/cancellation.h"
#include "core/base/time.h"
#include "core/value/value.h"

namespace engine::rest {

/// Keys name the credential, so that nobody sees what another account may see. Thread-safe.
class LookupCache {
 public:
  using Load = std::function<Value()>;

  static constexpr Milliseconds kLife = std::chrono::minutes(5);
  /// A name that was not found is not looked for again in this time.
  static constexpr Milliseconds kMissingLife = std::chrono::seconds(10);

  /// The value of the key, unless it is older than kLife or than `since`; else what `load` gives.
  /// Who asks meanwhile waits for the same load; when that fails, the next one tries. Throws what
  /// `load` throws, and the cancellation's error.
  Value load(const std::string& key, const Clock& clock, TimePoint since,
             const Cancellation& cancellation, const Load& load);

  /// Missing when it is not there or too old.
  Value find(const std::string& key, TimePoint now);
  void put(const std::string& key, const Value& value, TimePoint now);

  /// True when it is worth asking the service again about a name that was not found.
  bool first_miss(const std::string& key, TimePoint now);

 private:
  struct Entry {
    Value value;
    TimePoint loaded{};
    bool loading = false;
  };
  void make_room();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, TimePoint, std::less<>> missing_;
};

}  // namespace engine::rest
