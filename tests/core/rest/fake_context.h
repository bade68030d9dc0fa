// A node context without an engine: parameters from a value, answers from a list, requests kept.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/http/server_message.h"
#include "core/node/binary_store.h"
#include "core/node/context.h"
#include "core/rest/operation.h"
#include "core/rest/rest_node.h"

namespace engine::test {

class CountingRandom final : public Random {
 public:
  std::uint64_t next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

/// A folder that is gone afterwards.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "engine-rest-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline http::Response answer(std::string body, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

class FakeContext final : public NodeContext {
 public:
  FakeContext(Description description, Value with, Items items = one_empty_item())
      : description_(std::move(description)), with_(std::move(with)), items_(std::move(items)) {}

  static Items one_empty_item() {
    Items items;
    items.push_back({Value::object(), {}, {}});
    return items;
  }

  // What a test sets and reads.
  std::deque<http::Response> answers;
  /// Asked first; nothing: the next of `answers`. What it answers is kept in `looked_up`.
  std::function<std::optional<http::Response>(const http::Request&)> known;
  std::vector<http::Request> looked_up;
  /// Instead of all of that; called by several threads at once.
  std::function<http::Response(const http::Request&)> service;
  std::vector<http::Request> requests;
  std::vector<std::pair<std::string, Value>> wishes;
  std::map<std::string, std::string> credential{{"api_url", ""}};
  std::string account = "acme";
  std::string zone = "UTC";
  bool dry = false;
  bool going = false;
  std::size_t parallel = 1;
  /// Parameters of the items after the first, by item.
  std::vector<Value> with_of_items;

  std::size_t input_count() const override { return 1; }
  const Items& input(std::size_t) const override { return items_; }
  Value parameter(std::string_view name, std::size_t item) override {
    const Value& with = item < with_of_items.size() ? with_of_items[item] : with_;
    const Parameter* parameter = find_parameter(description_.parameters, name);
    if (parameter == nullptr) return {};
    for (const ShowWhen& condition : parameter->show_when) {
      bool holds = false;
      for (const Value& value : condition.values) {
        holds = holds || with[condition.parameter].equals(value);
      }
      if (!holds) return {};
    }
    return normalise(*parameter, with[name]);
  }
  Value evaluate(std::string_view, std::size_t, const Value&) override { return {}; }
  Items run_script(const std::string&, bool, Milliseconds, std::uint64_t) override { return {}; }

  http::Response send(http::Request request, std::string_view) override {
    cancellation_.check();
    if (service) return service(request);
    http::Response response;
    {
      const std::lock_guard lock(mutex_);
      if (known) {
        if (auto reply = known(request)) {
          looked_up.push_back(request);
          return *reply;
        }
      }
      requests.push_back(request);
      if (answers.empty()) {
        throw Error(ErrorCause::bug, "no_answer", "An unexpected request: " + request.url);
      }
      response = answers.front();
      answers.pop_front();
    }
    if (request.sink && response.ok()) {
      request.sink(response.body);
      response.body.clear();
    }
    return response;
  }
  bool has_credential(std::string_view) const override { return true; }
  Value credential_field(std::string_view field, std::string_view) const override {
    const auto found = credential.find(std::string(field));
    return found == credential.end() || found->second.empty() ? Value() : Value(found->second);
  }
  std::string credential_key(std::string_view) const override { return account; }

  BinaryStore& binaries() override { return binaries_; }
  std::filesystem::path file(const std::string& path) const override {
    return folder_.path() / path;
  }
  const std::filesystem::path& folder() const { return folder_.path(); }
  Value stored(std::string_view) override { return {}; }
  void store(std::string_view, const Value&) override {}
  Items call_workflow(const std::string&, const Items&, bool, std::size_t) override { return {}; }

  const Cancellation& cancellation() const override { return cancellation_; }
  const Clock& clock() const override { return clock_; }
  Random& random() override { return random_; }
  std::string timezone() const override { return zone; }
  Logger& log() override { return log_; }
  bool dry_run() const override { return dry; }
  bool respond(http::ServerResponse) override { return false; }
  void would(const std::string& what, const Value& details) override {
    wishes.emplace_back(what, details);
  }
  void progress(std::size_t, std::size_t) override {}
  std::size_t concurrency() const override { return parallel; }
  bool keeps_going() const override { return going; }

  void set_items(Items items) { items_ = std::move(items); }

 private:
  Description description_;
  Value with_;
  Items items_;
  ScratchFolder folder_;
  CountingRandom random_;
  BinaryStore binaries_{folder_.path() / "binaries", random_};
  Cancellation cancellation_;
  SystemClock clock_;
  Logger log_{stderr, LogLevel::off, LogFormat::text, clock_};
  std::mutex mutex_;
};

/// Runs a node; the first failure is thrown, as an executor would report it.
inline Items run(const Node& node, FakeContext& context) {
  NodeResult result = node.run(context);
  if (!result.failed.empty()) throw result.failed.front().error;
  return std::move(result.outputs.at(0));
}

/// The bytes of a body, files read in.
inline std::string body_text(const http::Request& request) {
  std::string text;
  for (const http::BodyPart& part : request.body.parts) {
    if (const auto* bytes = std::get_if<std::string>(&part)) {
      text += *bytes;
      continue;
    }
    std::FILE* file = std::fopen(std::get<std::filesystem::path>(part).c_str(), "rb");
    if (file == nullptr) return "unreadable file";
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file)) {
      text.append(buffer, count);
    }
    std::fclose(file);
  }
  return text;
}

}  // namespace engine::test
