#include "core/expression/native_reader.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/expression/utf16.h"

namespace engine::expression {
namespace {

using Root = NativePath::Root;
using Which = NativePath::Which;

// These are undefined when the run has none; other names are an error then.
bool is_always_defined(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"$execution", "$workflow", "$env", "$vars",
                                                   "$runIndex"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// One UTF-16 unit of a text, as JavaScript counts; half a pair reads as U+FFFD.
Value unit_of(std::string_view text, std::size_t index) {
  const std::u16string units = to_utf16(text);
  if (index >= units.size()) return {};
  return Value(to_utf8(std::u16string_view(units).substr(index, 1)));
}

Value step_into(const Value& value, const NativePath::Step& step) {
  switch (value.kind()) {
    case Kind::object: return value[std::string_view(step.key)];
    case Kind::array:
      if (step.index) return value[*step.index];
      if (step.key == "length") return Value(static_cast<std::int64_t>(value.size()));
      return {};
    case Kind::string:
      if (step.index) return unit_of(value.as_string(), *step.index);
      if (step.key == "length") {
        return Value(static_cast<std::int64_t>(to_utf16(value.as_string()).size()));
      }
      return {};
    default: return {};
  }
}

}  // namespace

NativeReader::NativeReader(const NativePath& path, const Environment& environment)
    : path_(path), environment_(environment) {
  if (path.root == Root::node) node_ = environment.output_of(path.name);
  if (path.root == Root::global) global_ = environment.global(path.name);
}

const Items& NativeReader::node_items() const {
  if (node_ != nullptr) return *node_;
  throw Failure{"Error",
                "Node '" + path_.name + "' has not run, so it has no items. Test $('" + path_.name +
                    "').isExecuted first when it may have been skipped.",
                0, 0, "node_not_run"};
}

const Item* NativeReader::source_item(std::size_t item) const {
  const bool is_node = path_.root == Root::node;
  const Items& items = is_node ? node_items() : environment_.items();
  if (path_.which != Which::linked) {
    if (items.empty()) return nullptr;
    return path_.which == Which::first ? &items.front() : &items.back();
  }
  if (!is_node) return item < items.size() ? &items[item] : nullptr;
  const Link link = environment_.linked(path_.name, item);
  if (link.index >= 0 && static_cast<std::size_t>(link.index) < items.size()) {
    return &items[static_cast<std::size_t>(link.index)];
  }
  throw Failure{"Error", link.broken, 0, 0, "link_broken"};
}

Value NativeReader::start(std::size_t item) const {
  switch (path_.root) {
    case Root::literal: return path_.literal;
    case Root::item_index: return Value(static_cast<std::int64_t>(item));
    case Root::global:
      if (global_.missing() && !is_always_defined(path_.name)) throw unknown_global(path_.name);
      return global_;
    default: break;
  }
  if (path_.part == NativePath::Part::is_executed) return Value(node_ != nullptr);
  const Item* found = source_item(item);
  if (found == nullptr && (path_.part_step.end == 0 || path_.part_step.optional)) return {};
  if (found == nullptr) {
    const std::string_view source = path_.source;
    throw nothing_to_read(source.substr(0, path_.part_step.base_end),
                          source.substr(0, path_.part_step.end), false);
  }
  if (path_.part == NativePath::Part::json) return found->json;
  return found->binary.missing() ? Value::object() : found->binary;
}

Value NativeReader::read(std::size_t item) const {
  Value value = start(item);
  const bool absent = path_.part_step.optional && value.missing();
  for (const NativePath::Step& step : path_.steps) {
    if (absent) return {};
    if (!value.given()) {
      if (step.optional) return {};
      const std::string_view source = path_.source;
      throw nothing_to_read(source.substr(0, step.base_end), source.substr(0, step.end),
                            value.null());
    }
    value = step_into(value, step);
  }
  return value;
}

}  // namespace engine::expression
