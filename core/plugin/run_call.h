// A node run, as a native plugin sees it.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/node/batch_builder.h"
#include "core/node/node.h"
#include "core/plugin/binary_ports.h"
#include "core/plugin/native_call.h"

namespace engine::plugin {

class RunCall final : public NativeCall {
 public:
  /// Both outlive it. `who` names the node type of the plugin, for errors.
  RunCall(NodeContext& context, const Description& description, std::string who);

  /// What was given. Throws the first fault of what was given, whatever the plugin made of it.
  NodeResult take_result();

  std::string_view facts() const override { return facts_; }
  std::int32_t cancelled() const override;
  const Cancellation* cancellation() const override { return &context_.cancellation(); }
  std::int64_t time_left_ms() const override;
  std::int64_t now_ms() override;
  std::size_t concurrency() const override { return context_.concurrency(); }
  std::size_t input_count() const override { return context_.input_count(); }
  std::size_t item_count(std::size_t input) const override;
  std::string_view item_json(std::size_t input, std::size_t item) override;
  void print_item(std::size_t input, std::size_t item, std::string& out) override;
  std::string_view item_binary_json(std::size_t input, std::size_t item) override;
  std::vector<std::string> parameter_names() const override;
  std::string_view parameter(std::string_view name, std::size_t item) override;
  std::string evaluate(std::string_view name, std::size_t item, std::string_view extra) override;
  void give(const engine_item& item, SameAsInput same) override;
  void fail_item(std::size_t item, const Error& error) override;
  void leave_item(std::size_t item) override;
  NativeAnswer send(std::string_view request, std::string_view body) override;
  std::string credential_field(std::string_view slot, std::string_view field) override;
  std::string binary_read(std::string_view binary, std::uint64_t offset, std::size_t most) override;
  std::uint64_t binary_begin() override;
  void binary_write(std::uint64_t writer, std::string_view bytes) override;
  std::string binary_finish(std::uint64_t writer, std::string_view mime_type,
                            std::string_view file_name) override;
  std::string stored(std::string_view key) override;
  void store(std::string_view key, std::string_view json) override;
  void log(std::int32_t level, std::string_view message) override;
  void progress(std::uint64_t done, std::uint64_t total) override;

  /// The types of credentials and slots that are given, for facts().
  static Value slots_of(const Description& description,
                        const std::function<bool(const std::string&)>& has_credential);

 private:
  struct Printed {
    Value value;  // the last one that was printed
    std::string_view text;
  };
  const Item* find(std::size_t input, std::size_t item) const;
  std::string_view keep(std::string text);
  Value parse_given(std::string_view json, const char* what);
  const Item* first_source(const engine_item& item) const;
  SameAsInput compared(const engine_item& item) const;
  Origin origin_of(const engine_item& item) const;
  Value binary_of(const engine_item& item);
  Item read_item(const engine_item& item, SameAsInput same);
  void require_item(std::size_t item) const;
  Error bad_answer(const std::string& reason) const;

  NodeContext& context_;
  const Description& description_;
  std::string who_;
  std::string facts_;
  BinaryPorts binaries_;

  std::mutex mutex_;  // guards everything below
  std::deque<std::string> texts_;
  std::vector<std::vector<std::string_view>> items_;  // by input, then item; empty: not printed
  std::vector<Printed> parameters_;                   // by parameter
  BatchBuilder builder_;
  NodeResult result_;
  std::size_t given_bytes_ = 0;
  std::optional<Error> fault_;
};

/// Shared by the calls of node runs and of triggers.
std::vector<std::string> early_parameters(const Description& description);
void write_log(Logger& log, std::string_view node, std::int32_t level, std::string_view message);
std::int32_t to_c(CancelReason reason);

}  // namespace engine::plugin
