// Dotted paths: "a.b[0].c", "tags[-1].name", "a['key with.dots']".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/value/value.h"

namespace engine {

/// A key or an index; a negative index counts from the end.
using PathStep = std::variant<std::string, std::int64_t>;
using Path = std::vector<PathStep>;

/// Nothing when the text is not a path (empty steps, open brackets).
std::optional<Path> parse_path(std::string_view text);

/// Missing when any step is.
View at_path(View value, const Path& path);

/// A copy of `root` with `path` set: steps on the way are made where they are missing or are not
/// containers; parts beside the path are shared. An index past the end fills up with null.
Value with_path(const Value& root, const Path& path, const Value& value);

/// A copy of `root` without what `path` names.
Value without_path(const Value& root, const Path& path);

}  // namespace engine
