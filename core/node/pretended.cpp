#include "core/node/pretended.h"

namespace engine {

Item pretended(const Value& known, const Value& id, const Value& request) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, value] : known.members()) {
    if (key == "dry_run" || (key == "id" && id.given())) continue;
    builder.key(key);
    builder.value(known.share(value));
  }
  if (id.given() || !known["id"].given()) {
    builder.key("id");
    builder.value(id.given() ? id : Value(kPretendedId));
  }
  builder.key("dry_run");
  builder.value(request);
  builder.end_object();
  return {builder.finish(), {}, {}};
}

}  // namespace engine
