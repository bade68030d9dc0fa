// Setting and removing several fields of a value in one go.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/value/path.h"
#include "core/value/value.h"

namespace engine {

struct FieldChange {
  Path path;
  Value value;  ///< missing: the field is removed
};

/// Writes `current` with the changes made, in their order, as one value of `builder`. Parts beside
/// the paths are shared. What stands in the way of a path and is no container is replaced.
void write_changed(ValueBuilder& builder, const Value& current,
                   const std::vector<FieldChange>& changes);

/// The path that `text` names. Throws Error{user, "bad_path"} that names `parameter`.
Path path_of(std::string_view text, std::string_view parameter);

/// The path of a parameter that mostly has the same text for every item. Not thread-safe.
class RepeatedPath {
 public:
  explicit RepeatedPath(std::string parameter) : parameter_(std::move(parameter)) {}
  const Path& of(std::string_view text);

 private:
  std::string parameter_;
  std::string text_;
  Path path_;
};

}  // namespace engine
