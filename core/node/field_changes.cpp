#include "core/node/field_changes.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace engine {
namespace {

using Pending = std::vector<const FieldChange*>;

const std::string* key_at(const FieldChange& change, std::size_t depth) {
  return std::get_if<std::string>(&change.path[depth]);
}

bool all_removals(const Pending& changes) {
  return std::all_of(changes.begin(), changes.end(),
                     [](const FieldChange* change) { return change->value.missing(); });
}

// A change of the whole value makes everything before it pointless.
Value take_whole_changes(const Value& current, Pending& changes, std::size_t depth) {
  const auto last = std::find_if(changes.rbegin(), changes.rend(), [&](const FieldChange* change) {
    return change->path.size() == depth;
  });
  if (last == changes.rend()) return current;
  Value whole = (*last)->value;
  changes.erase(changes.begin(), last.base());
  return whole;
}

// Steps into lists are rare; they take the way that copies the containers on the path.
void write_by_steps(ValueBuilder& builder, Value current, const Pending& changes,
                    std::size_t depth) {
  for (const FieldChange* change : changes) {
    const Path rest(change->path.begin() + static_cast<std::ptrdiff_t>(depth), change->path.end());
    current = change->value.missing() ? without_path(current, rest)
                                      : with_path(current, rest, change->value);
  }
  builder.value(current);
}

// The changes of one member, taken out of `changes`.
Pending take_member(Pending& changes, std::size_t depth, std::string_view key) {
  Pending taken;
  for (const FieldChange*& change : changes) {
    if (change == nullptr || *key_at(*change, depth) != key) continue;
    taken.push_back(std::exchange(change, nullptr));
  }
  return taken;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the longest path
void write_level(ValueBuilder& builder, const Value& before, Pending changes, std::size_t depth) {
  const Value current = take_whole_changes(before, changes, depth);
  if (changes.empty() || (!current.is_object() && all_removals(changes))) {
    builder.value(current);
    return;
  }
  const bool by_key = std::all_of(changes.begin(), changes.end(), [&](const FieldChange* change) {
    return key_at(*change, depth) != nullptr;
  });
  if (!by_key) {
    write_by_steps(builder, current, changes, depth);
    return;
  }
  builder.begin_object();
  for (const auto& [name, member] : current.members()) {
    builder.key(name);
    Pending inside = take_member(changes, depth, name);
    if (inside.empty()) {
      builder.value(current.share(member));
    } else {
      write_level(builder, current.share(member), std::move(inside), depth + 1);
    }
  }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (changes[i] == nullptr) continue;
    const std::string& name = *key_at(*changes[i], depth);
    builder.key(name);
    write_level(builder, {}, take_member(changes, depth, name), depth + 1);
  }
  builder.end_object();
}

}  // namespace

void write_changed(ValueBuilder& builder, const Value& current,
                   const std::vector<FieldChange>& changes) {
  Pending pending;
  pending.reserve(changes.size());
  for (const FieldChange& change : changes) pending.push_back(&change);
  write_level(builder, current, std::move(pending), 0);
}

Path path_of(std::string_view text, std::string_view parameter) {
  auto path = parse_path(text);
  if (path) return std::move(*path);
  Error error(ErrorCause::user, "bad_path",
              "'" + std::string(text) +
                  "' is not the path of a field. Write it like 'name', 'a.b' or 'tags[0].name'.");
  error.where.parameter = parameter;
  throw error;
}

const Path& RepeatedPath::of(std::string_view text) {
  if (path_.empty() || text != text_) {
    path_ = path_of(text, parameter_);
    text_ = text;
  }
  return path_;
}

}  // namespace engine
