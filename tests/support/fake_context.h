// A node run without an engine: parameters are plain values, answers of services are scripted.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/http/server_message.h"
#include "core/node/binary_store.h"
#include "core/node/node.h"

namespace engine::test {

class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return time; }
  TimePoint time = from_ms(1'772'366'400'000);  // 2026-03-01T12:00:00Z
};

/// Counts up, so that what is made with it is the same in every run.
class FakeRandom final : public Random {
 public:
  std::uint64_t next() override { return next_.fetch_add(1); }

 private:
  std::atomic<std::uint64_t> next_{1};
};

/// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Texts of parameters may hold `{{ $json.a.b }}`: plain paths only, also of what `evaluate` is
/// given ($response, $pageCount). Everything public may be set before the run and read after it.
class FakeContext final : public NodeContext {
 public:
  FakeContext(const NodeType& type, const Value& with);

  /// Given per item instead of as a value.
  std::map<std::string, std::function<Value(std::size_t item)>, std::less<>> computed;
  std::vector<Items> inputs{{}};
  std::deque<http::Response> responses;  ///< one per request, in order
  std::function<Items(const std::string& workflow, const Items& items)> workflow;
  std::function<Items(const std::string& script, bool each)> script;
  std::map<std::string, Value, std::less<>> memory;
  FakeClock fake_clock;
  std::string zone = "UTC";
  bool dry = false;
  bool keeps = false;
  bool credential = false;
  std::size_t parallel = 1;
  Cancellation cancel;

  std::vector<http::Request> requests;
  std::vector<std::pair<std::string, Value>> would_do;
  std::vector<std::string> called;  ///< workflows
  std::vector<http::ServerResponse> answered;
  bool asked = true;     ///< somebody waits for an answer
  std::size_t done = 0;  ///< of the last progress

  const std::filesystem::path& folder() const { return folder_.path(); }

  std::size_t input_count() const override { return inputs.size(); }
  const Items& input(std::size_t index) const override { return inputs.at(index); }
  Value parameter(std::string_view name, std::size_t item) override;
  Value evaluate(std::string_view parameter, std::size_t item, const Value& extra) override;
  Items run_script(const std::string& text, bool each_item, Milliseconds limit,
                   std::uint64_t memory_bytes) override;
  http::Response send(http::Request request, std::string_view slot) override;
  bool has_credential(std::string_view slot) const override;
  Value credential_field(std::string_view field, std::string_view slot) const override;
  std::string credential_key(std::string_view slot) const override;
  BinaryStore& binaries() override { return binaries_; }
  std::filesystem::path file(const std::string& path) const override;
  Value stored(std::string_view key) override;
  void store(std::string_view key, const Value& value) override;
  Items call_workflow(const std::string& name, const Items& items, bool wait,
                      std::size_t item) override;
  bool respond(http::ServerResponse response) override;
  const Cancellation& cancellation() const override { return cancel; }
  const Clock& clock() const override { return fake_clock; }
  Random& random() override { return random_; }
  std::string timezone() const override { return zone; }
  Logger& log() override { return log_; }
  bool dry_run() const override { return dry; }
  void would(const std::string& what, const Value& details) override;
  void progress(std::size_t count, std::size_t total) override;
  std::size_t concurrency() const override { return parallel; }
  bool keeps_going() const override { return keeps; }

 private:
  const NodeType& type_;
  Value with_;
  std::map<std::string, Value, std::less<>> constants_;
  std::mutex mutex_;
  TemporaryFolder folder_;
  FakeRandom random_;
  BinaryStore binaries_;
  Logger log_;
};

/// A map or list of plain values as a file would have given it, without positions.
Located to_located(const Value& value);

/// Items of a list of objects.
Items items_of(const Value& list);
/// The list of their `json`.
Value json_of(const Items& items);

}  // namespace engine::test
