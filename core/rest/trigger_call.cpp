#include "core/rest/trigger_call.h"

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/http/server_message.h"
#include "core/node/context.h"
#include "core/rest/rest_node.h"

namespace engine::rest {
namespace {

Error not_here() {
  return {ErrorCause::bug, "not_in_trigger", "A trigger's request cannot do this."};
}

// One item, and the world of the trigger.
class CallContext final : public NodeContext {
 public:
  CallContext(const TriggerSpec& spec, TriggerContext& trigger,
              const std::map<std::string, Value, std::less<>>& values)
      : spec_(spec), trigger_(trigger), values_(values) {
    items_.push_back({Value::object(), {}, {}});
  }

  std::size_t input_count() const override { return 1; }
  const Items& input(std::size_t /*index*/) const override { return items_; }
  Value parameter(std::string_view name, std::size_t /*item*/) override {
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    return spec_.has_parameter(name) ? trigger_.parameter(name) : Value();
  }
  Value evaluate(std::string_view, std::size_t, const Value&) override { throw not_here(); }
  Items run_script(const std::string&, bool, Milliseconds, std::uint64_t) override {
    throw not_here();
  }

  http::Response send(http::Request request, std::string_view slot) override {
    return trigger_.send(std::move(request), slot);
  }
  bool has_credential(std::string_view slot) const override {
    return trigger_.has_credential(slot);
  }
  Value credential_field(std::string_view field, std::string_view slot) const override {
    return trigger_.credential_field(field, slot);
  }
  std::string credential_key(std::string_view slot) const override {
    return trigger_.credential_key(slot);
  }
  BinaryStore& binaries() override { return trigger_.binaries(); }
  std::filesystem::path file(const std::string&) const override { throw not_here(); }
  Value stored(std::string_view) override { return {}; }
  void store(std::string_view, const Value&) override { throw not_here(); }
  Items call_workflow(const std::string&, const Items&, bool, std::size_t) override {
    throw not_here();
  }
  bool respond(http::ServerResponse) override { return false; }

  const Cancellation& cancellation() const override { return trigger_.cancellation(); }
  const Clock& clock() const override { return trigger_.clock(); }
  Random& random() override { return trigger_.random(); }
  std::string timezone() const override { return trigger_.timezone(); }
  Logger& log() override { return trigger_.log(); }
  bool dry_run() const override { return false; }
  void would(const std::string&, const Value&) override {}
  void progress(std::size_t, std::size_t) override {}
  std::size_t concurrency() const override { return 1; }
  bool keeps_going() const override { return false; }

 private:
  const TriggerSpec& spec_;
  TriggerContext& trigger_;
  const std::map<std::string, Value, std::less<>>& values_;
  Items items_;
};

}  // namespace

Items run_call(const TriggerSpec& spec, const Operation& operation, TriggerContext& context,
               const std::map<std::string, Value, std::less<>>& values) {
  CallContext call(spec, context, values);
  NodeResult result = RestNode(operation).run(call);
  if (!result.failed.empty()) throw result.failed.front().error;
  return result.outputs.empty() ? Items() : std::move(result.outputs.front());
}

}  // namespace engine::rest
