// A call, as the process of a plugin has it: what came with it, and questions to the engine.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/plugin/native_message.h"
#include "core/process/parent.h"

namespace engine::plugin {

class RemoteCall final : public NativeCall {
 public:
  /// Both outlive it; `request` is behind its head.
  RemoteCall(process::Parent& parent, WireReader request);

  std::string_view argument() const { return argument_; }
  std::size_t type() const { return type_; }
  NativeFunction function() const { return function_; }

  /// What the engine is to be told at the end.
  std::string result(std::string_view returned);

  std::string_view facts() const override { return facts_; }
  std::string_view body() const override { return body_; }
  /// A call that is cancelled is killed.
  std::int32_t cancelled() const override { return 0; }
  std::int64_t time_left_ms() const override;
  std::int64_t now_ms() override;
  std::size_t input_count() const override { return inputs_.size(); }
  std::size_t item_count(std::size_t input) const override;
  std::string_view item_json(std::size_t input, std::size_t item) override;
  std::string_view item_binary_json(std::size_t input, std::size_t item) override;
  std::string_view parameter(std::string_view name, std::size_t item) override;
  std::string evaluate(std::string_view name, std::size_t item, std::string_view extra) override;
  void give(const engine_item& item, SameAsInput same) override;
  void fail_item(std::size_t item, const Error& error) override;
  void leave_item(std::size_t item) override;
  NativeAnswer send(std::string_view request, std::string_view body) override;
  std::string credential_field(std::string_view slot, std::string_view field) override;
  bool signature_matches(std::string_view request, std::string_view bytes) override;
  std::string binary_read(std::string_view binary, std::uint64_t offset, std::size_t most) override;
  std::uint64_t binary_begin() override;
  void binary_write(std::uint64_t writer, std::string_view bytes) override;
  std::string binary_finish(std::uint64_t writer, std::string_view mime_type,
                            std::string_view file_name) override;
  std::string stored(std::string_view key) override;
  void store(std::string_view key, std::string_view json) override;
  void log(std::int32_t level, std::string_view message) override;
  void progress(std::uint64_t done, std::uint64_t total) override;

 private:
  struct Sent {
    std::string_view json;
    std::string_view binary;
  };
  struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  struct SentParameter {
    std::string_view text;
    bool failed = false;
  };
  void read_items(WireReader& in);
  void read_parameters(WireReader& in);
  std::string send_with_others(std::string_view request, std::string_view body);
  SameAsInput compared(const engine_item& item) const;
  std::string ask(const WireWriter& question);
  void tell(const WireWriter& note);

  process::Parent& parent_;
  std::size_t type_ = 0;
  NativeFunction function_ = NativeFunction::run;
  std::string_view argument_;
  std::string_view facts_;
  std::string_view body_;
  std::int64_t time_left_ms_ = -1;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::vector<std::vector<Sent>> inputs_;
  std::map<std::string_view, std::vector<SentParameter>> parameters_;

  std::mutex parent_mutex_;           // one question at a time; guards the next two
  std::optional<Progress> progress_;  // what the engine does not know yet
  std::chrono::steady_clock::time_point told_ = began_;

  bool several_ = false;    // requests may be under way at the same time
  std::mutex sends_mutex_;  // guards the next three
  std::condition_variable sends_changed_;
  bool asking_ = false;  // somebody asks for the next one that ended
  std::map<std::uint64_t, std::string> ended_;

  std::mutex mutex_;  // guards what is given
  std::deque<std::string> asked_;
  WireWriter items_;
  std::size_t item_count_ = 0;
  WireWriter failed_;
  std::size_t failed_count_ = 0;
  std::vector<std::size_t> untried_;
};

/// Hands what a plugin's process gave at the end of a call on to the call, and gives what the
/// function returned. Throws the Error that it failed with, and WireBroken.
std::string take_call_result(NativeCall& call, std::string_view result, const std::string& plugin);

/// What is told when the library or the function failed.
std::string failed_result(const Error& error);

}  // namespace engine::plugin
