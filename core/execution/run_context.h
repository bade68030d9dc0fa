// The NodeContext of the executor.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/execution/observer.h"
#include "core/execution/run_environment.h"
#include "core/execution/services.h"
#include "core/http/server_message.h"
#include "core/node/cache_scope.h"
#include "core/node/context.h"

namespace engine::execution {

struct RunOptions {
  std::string run;  ///< its name
  bool dry_run = false;
  std::optional<TimePoint> deadline{};  ///< of the node's `timeout`
  Observer* observer = nullptr;         ///< may be null
  /// Calls another workflow for item `item`; see NodeContext::call_workflow.
  std::function<Items(const std::string& workflow, const Items& items, bool wait, std::size_t item)>
      call_workflow;
  /// Answers the request that started the execution; empty: nobody waits.
  std::function<bool(http::ServerResponse response)> respond;
};

class RunContext final : public NodeContext, public CacheScope {
 public:
  RunContext(const workflow::Workflow& workflow, const workflow::WorkflowNode& node,
             const Services& services, std::vector<RunInput> inputs,
             const RunEnvironment& environment, Cancellation cancellation, RunOptions options);

  std::size_t input_count() const override { return inputs_.size(); }
  const Items& input(std::size_t index) const override { return *inputs_[index].items; }
  Value parameter(std::string_view name, std::size_t item) override;
  Value evaluate(std::string_view parameter, std::size_t item, const Value& extra) override;
  Items run_script(const std::string& script, bool each_item, Milliseconds limit,
                   std::uint64_t memory_bytes) override;

  http::Response send(http::Request request, std::string_view slot) override;
  bool has_credential(std::string_view slot) const override;
  Value credential_field(std::string_view field, std::string_view slot) const override;
  std::string credential_key(std::string_view slot) const override;
  const std::string& cache_scope() const override { return services_.cache_scope; }

  BinaryStore& binaries() override { return services_.binaries; }
  std::filesystem::path file(const std::string& path) const override;
  Value stored(std::string_view key) override;
  void store(std::string_view key, const Value& value) override;
  Items call_workflow(const std::string& name, const Items& items, bool wait,
                      std::size_t item) override;

  bool respond(http::ServerResponse response) override;

  const Cancellation& cancellation() const override { return cancellation_; }
  std::optional<TimePoint> deadline() const override { return options_.deadline; }
  const Clock& clock() const override { return services_.clock; }
  Random& random() override { return services_.random; }
  std::string timezone() const override { return workflow_.settings.timezone; }
  Logger& log() override { return services_.log; }
  bool dry_run() const override { return options_.dry_run; }
  void would(const std::string& what, const Value& details) override;
  void progress(std::size_t done, std::size_t total) override;
  std::size_t concurrency() const override { return services_.in_turn ? 1 : node_.concurrency; }
  bool keeps_going() const override { return node_.on_error != workflow::OnError::stop; }

  /// What `store` was called with.
  std::vector<store::NodeMemory> take_memory();

 private:
  const workflow::NodeParameter& find(std::string_view name) const;
  const expression::Column* column(std::size_t parameter);
  const std::string* credential_name(std::string_view slot) const;
  Credential credential(std::string_view slot) const;
  http::Response send_with_token(http::Request request, Credential opened);
  void remember(const Credential& renewed);

  const workflow::Workflow& workflow_;
  const workflow::WorkflowNode& node_;
  const Services& services_;
  std::vector<RunInput> inputs_;
  const RunEnvironment& environment_;
  Cancellation cancellation_;
  RunOptions options_;

  mutable std::mutex mutex_;
  bool evaluated_ = false;
  std::vector<std::optional<expression::Column>> columns_;  ///< by parameter
  std::vector<std::optional<Value>> constants_;             ///< by parameter, normalised
  mutable std::map<std::string, Credential, std::less<>> credentials_;
  std::map<std::string, Value, std::less<>> memory_;
};

}  // namespace engine::execution
