#include "nodes/clickup/sandbox/field_filter.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/value/json.h"
#include "core/value/number.h"
#include "nodes/clickup/sandbox/refusal.h"

namespace engine::clickup::sandbox {
namespace {

std::optional<double> number(View value) {
  return value.is_string() ? parse_number(value.as_string()) : value.as_number();
}

// Progress is compared by what it stands at.
View comparable(View stored) {
  return stored.is_object() ? stored["current"] : stored;
}

bool equal(View a, View b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x == *y;
  return same_name(to_text(a), to_text(b));
}

bool contains(View stored, View wanted) {
  if (!stored.is_array()) return equal(comparable(stored), wanted);
  for (const View one : stored.elements()) {
    if (equal(one, wanted)) return true;
  }
  return false;
}

/// -1, 0, 1; nothing when one is no number.
std::optional<int> order(View stored, View wanted) {
  const auto x = number(comparable(stored));
  const auto y = number(wanted);
  if (!x || !y) return std::nullopt;
  return *x < *y ? -1 : (*x > *y ? 1 : 0);
}

}  // namespace

bool FieldFilter::is_any(const FieldFilter& filter, View stored) {
  const Value& wanted = filter.value_;
  for (const View one : wanted.elements()) {
    if (contains(stored, one)) return true;
  }
  return false;
}

bool FieldFilter::is_all(const FieldFilter& filter, View stored) {
  const Value& wanted = filter.value_;
  for (const View one : wanted.elements()) {
    if (!contains(stored, one)) return false;
  }
  return true;
}

bool FieldFilter::in_range(const FieldFilter& filter, View stored) {
  const View range = filter.value_;
  const View low = range.is_array() ? range[std::size_t{0}] : range["low_value"];
  const View high = range.is_array() ? range[std::size_t{1}] : range["high_value"];
  return order(stored, low).value_or(-1) >= 0 && order(stored, high).value_or(1) <= 0;
}

struct Operators {
  enum class Takes { nothing, one, list, range };
  struct Entry {
    Takes takes;
    FieldFilter::Test test;
  };
  static const std::map<std::string, Entry, std::less<>>& all() {
    static const std::map<std::string, Entry, std::less<>> kAll = {
        {"=", {Takes::one, [](const FieldFilter& f, View s) { return contains(s, f.value_); }}},
        {"==", {Takes::one, [](const FieldFilter& f, View s) { return contains(s, f.value_); }}},
        {"!=", {Takes::one, [](const FieldFilter& f, View s) { return !contains(s, f.value_); }}},
        {"!==", {Takes::one, [](const FieldFilter& f, View s) { return !contains(s, f.value_); }}},
        {"<", {Takes::one, [](const FieldFilter& f, View s) { return order(s, f.value_) == -1; }}},
        {">", {Takes::one, [](const FieldFilter& f, View s) { return order(s, f.value_) == 1; }}},
        {"<=",
         {Takes::one,
          [](const FieldFilter& f, View s) { return order(s, f.value_).value_or(1) <= 0; }}},
        {">=",
         {Takes::one,
          [](const FieldFilter& f, View s) { return order(s, f.value_).value_or(-1) >= 0; }}},
        {"IS NULL", {Takes::nothing, [](const FieldFilter&, View s) { return !s.given(); }}},
        {"IS NOT NULL", {Takes::nothing, [](const FieldFilter&, View s) { return s.given(); }}},
        {"RANGE", {Takes::range, &FieldFilter::in_range}},
        {"ANY", {Takes::list, &FieldFilter::is_any}},
        {"ALL", {Takes::list, &FieldFilter::is_all}},
        {"NOT ANY",
         {Takes::list, [](const FieldFilter& f, View s) { return !FieldFilter::is_any(f, s); }}},
        {"NOT ALL",
         {Takes::list, [](const FieldFilter& f, View s) { return !FieldFilter::is_all(f, s); }}}};
    return kAll;
  }
  static const Entry& find(std::string_view name) {
    const auto found = all().find(name);
    if (found != all().end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [known, entry] : all()) names.push_back(known);
    refuse("Unknown operator '" + std::string(name) + "' in custom_fields." +
           did_you_mean(name, names));
  }
  static void check(Takes takes, View value) {
    const bool range = (value.is_array() && value.size() == 2) ||
                       (value["low_value"].given() && value["high_value"].given());
    if (takes == Takes::list && !value.is_array()) refuse("custom_fields: value must be an array");
    if (takes == Takes::range && !range) {
      refuse("custom_fields: value must be [low, high] or {low_value, high_value}");
    }
    if (takes == Takes::one && !value.given()) refuse("custom_fields: value is required");
  }
};

std::vector<FieldFilter> FieldFilter::parse(World& world, std::string_view json) {
  Value given;
  try {
    given = parse_json(json, "custom_fields");
  } catch (const Error&) {
    refuse("Custom fields filter must be a valid JSON string", "ITEM_155");
  }
  if (!given.is_array()) refuse("Custom fields filter must be a JSON array", "ITEM_155");
  std::vector<FieldFilter> filters;
  for (const View one : given.elements()) {
    FieldFilter filter;
    filter.field_ = one["field_id"].as_string();
    filter.operator_ = one["operator"].as_string();
    filter.value_ = given.share(one["value"]);
    const CustomField* field = world.fields.live(filter.field_);
    if (field == nullptr) refuse("Custom field '" + filter.field_ + "' not found");
    const auto& entry = Operators::find(filter.operator_);
    Operators::check(entry.takes, filter.value_);
    if (field->type == "labels" && filter.operator_.front() == '=') {
      refuse("Operator '=' cannot be used with labels; use ANY or ALL");
    }
    filter.test_ = entry.test;
    filters.push_back(std::move(filter));
  }
  return filters;
}

bool FieldFilter::matches(const Task& task) const {
  const auto stored = task.fields.find(field_);
  return test_(*this, stored == task.fields.end() ? View() : stored->second.view());
}

}  // namespace engine::clickup::sandbox
