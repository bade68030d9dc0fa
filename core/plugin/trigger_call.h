// A call of a trigger's function, as a native plugin sees it.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "core/node/description.h"
#include "core/node/trigger.h"
#include "core/plugin/binary_ports.h"
#include "core/plugin/native_call.h"

namespace engine::plugin {

/// A question of the engine about a trigger: no requests, nothing is written.
class TriggerQuestion : public NativeCall {
 public:
  /// Both outlive it.
  TriggerQuestion(const TriggerContext& context, const Description& description);

  std::string_view facts() const override { return facts_; }
  std::int32_t cancelled() const override;
  const Cancellation* cancellation() const override { return &context_.cancellation(); }
  std::int64_t now_ms() override;
  std::vector<std::string> parameter_names() const override;
  std::string_view parameter(std::string_view name, std::size_t item) override;
  std::string credential_field(std::string_view slot, std::string_view field) override;
  bool signature_matches(std::string_view request, std::string_view bytes) override;
  /// The engine does not hand its log to questions.
  void log(std::int32_t /*level*/, std::string_view /*message*/) override {}

 protected:
  const Description& description() const { return description_; }

 private:
  const TriggerContext& context_;
  const Description& description_;
  std::string facts_;
  std::mutex mutex_;
  std::deque<std::string> texts_;
};

/// Work of a trigger, with all that a trigger may use.
class TriggerCall final : public TriggerQuestion {
 public:
  TriggerCall(TriggerContext& context, const Description& description, std::string_view body = {})
      : TriggerQuestion(context, description),
        context_(context),
        binaries_(context.binaries()),
        body_(body) {}

  std::string_view body() const override { return body_; }
  NativeAnswer send(std::string_view request, std::string_view body) override;
  std::string binary_read(std::string_view binary, std::uint64_t offset, std::size_t most) override;
  std::uint64_t binary_begin() override;
  void binary_write(std::uint64_t writer, std::string_view bytes) override;
  std::string binary_finish(std::uint64_t writer, std::string_view mime_type,
                            std::string_view file_name) override;
  void log(std::int32_t level, std::string_view message) override;

 private:
  TriggerContext& context_;
  BinaryPorts binaries_;
  std::string_view body_;
};

}  // namespace engine::plugin
