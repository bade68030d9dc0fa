// Single values of a file whose kinds were checked by their descriptions.
#include "core/value/json.h"
#include "core/value/number.h"
#include "core/workflow/draft.h"

namespace engine::workflow {

std::string text_of(const Located* value) {
  return value == nullptr ? std::string() : to_text(value->scalar);
}

bool flag_of(const Located* value) {
  return text_of(value) == "true";
}

std::optional<std::int64_t> integer_of(const Located* value) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::string) return parse_integer(value->scalar.as_string());
  return value->scalar.as_integer();
}

std::optional<Milliseconds> duration_of(const Located* value) {
  if (value == nullptr) return std::nullopt;
  return parse_duration(value->scalar.as_string());
}

}  // namespace engine::workflow
