#include "core/trigger/start_environment.h"

namespace engine::trigger {

Value StartEnvironment::global(std::string_view name) const {
  if (name == "$workflow") {
    return Value::object({{"name", workflow_.name}, {"id", workflow_.name}, {"active", true}});
  }
  if (name == "$vars") return services_.variables;
  if (name != "$env") return {};
  ValueBuilder builder;
  builder.begin_object();
  for (const std::string& variable : workflow_.settings.env) {
    const auto value = services_.environment(variable);
    if (!value) continue;
    builder.key(variable);
    builder.string(*value);
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace engine::trigger
