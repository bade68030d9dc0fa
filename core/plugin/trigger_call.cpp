#include "core/plugin/trigger_call.h"

#include "core/base/nearest.h"
#include "core/plugin/native_http.h"
#include "core/plugin/run_call.h"
#include "core/value/json.h"

namespace engine::plugin {

TriggerQuestion::TriggerQuestion(const TriggerContext& context, const Description& description)
    : context_(context), description_(description) {
  facts_ = print_json(
      Value::object({{"kind", "trigger"},
                     {"workflow", context.workflow()},
                     {"node", context.node()},
                     {"timezone", context.timezone()},
                     {"url", context.url()},
                     {"state", context.state()},
                     {"credentials", RunCall::slots_of(description, [&](const std::string& slot) {
                        return context.has_credential(slot);
                      })}}));
}

std::int32_t TriggerQuestion::cancelled() const {
  return to_c(context_.cancellation().reason());
}

std::int64_t TriggerQuestion::now_ms() {
  return to_ms(context_.clock().now());
}

std::vector<std::string> TriggerQuestion::parameter_names() const {
  return early_parameters(description_);
}

std::string_view TriggerQuestion::parameter(std::string_view name, std::size_t /*item*/) {
  if (find_parameter(description_.parameters, name) == nullptr) {
    throw Error(ErrorCause::user, "unknown_parameter",
                "The trigger '" + description_.id + "' asks for the parameter '" +
                    std::string(name) + "', which its description does not have." +
                    did_you_mean(name, engine::parameter_names(description_.parameters)));
  }
  const Value value = context_.parameter(name);
  if (value.missing()) return {};
  const std::lock_guard lock(mutex_);
  return texts_.emplace_back(print_json(value));
}

std::string TriggerQuestion::credential_field(std::string_view slot, std::string_view field) {
  const Value value = context_.credential_field(field, slot);
  return value.missing() ? std::string() : print_json(value);
}

bool TriggerQuestion::signature_matches(std::string_view request, std::string_view bytes) {
  return plugin::signature_matches(request, bytes,
                                   [&](std::string_view slot, std::string_view field) {
                                     return context_.credential_secret(field, slot);
                                   });
}

NativeAnswer TriggerCall::send(std::string_view request, std::string_view body) {
  NativeRequest read = read_request(request, body);
  return answer_of(context_.send(std::move(read.request), read.slot));
}

std::string TriggerCall::binary_read(std::string_view binary, std::uint64_t offset,
                                     std::size_t most) {
  return binaries_.read(binary, offset, most);
}
std::uint64_t TriggerCall::binary_begin() {
  return binaries_.begin();
}
void TriggerCall::binary_write(std::uint64_t writer, std::string_view bytes) {
  binaries_.write(writer, bytes);
}
std::string TriggerCall::binary_finish(std::uint64_t writer, std::string_view mime_type,
                                       std::string_view file_name) {
  return binaries_.finish(writer, mime_type, file_name);
}

void TriggerCall::log(std::int32_t level, std::string_view message) {
  write_log(context_.log(), description().id, level, message);
}

}  // namespace engine::plugin
