#include "core/rest/typed_value.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/rest/name_match.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::rest {
namespace {

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find('@', at + 1) == std::string_view::npos && text.back() != '.' &&
         text.find_first_of(" \t\r\n") == std::string_view::npos;
}

bool is_url(std::string_view text) {
  const bool web = text.rfind("https://", 0) == 0 || text.rfind("http://", 0) == 0;
  return web && text.find_first_of(" \t\r\n") == std::string_view::npos &&
         text.size() > text.find("//") + 2;
}

// With the code of the country.
bool is_phone(std::string_view text) {
  const auto digits =
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return text.rfind('+', 0) == 0 && digits >= 5 &&
         text.find_first_not_of("0123456789 ().-", 1) == std::string_view::npos;
}

bool has_form(const std::string& form, std::string_view text) {
  if (form == "email") return is_email(text);
  if (form == "url") return is_url(text);
  return form != "phone" || is_phone(text);
}

// One value on its way to one field.
class FieldValue {
 public:
  FieldValue(const ValueSpec& spec, const ValueKind& kind, const Value& element,
             const ConversionContext& context)
      : kind_(kind), element_(element), context_(context) {
    name_ = to_text(at_path(element, spec.name));
  }

  Converted set(const Value& value) const {
    if (kind_.read_only) refuse(value, "ClickUp computes it, so it cannot be set");
    if (kind_.changes) return {changes(value), {}};
    if (kind_.many) return {each(value), {}};
    if (!kind_.members.empty()) return {arranged(value), {}};
    const Value inner = kind_.into.empty() || !value.is_object() ? value : value[kind_.into];
    if (inner.missing()) refuse(value, "it takes " + kind_.takes);
    Converted converted = one(inner);
    if (!kind_.into.empty()) converted.value = Value::object({{kind_.into, converted.value}});
    return converted;
  }

  // Bounds of a range and lists of values to be compared with are converted one by one.
  Converted compare(const Value& value) const {
    if (value.is_array()) return {each(value), {}};
    if (!value.is_object()) return one(value);
    ValueBuilder builder;
    builder.begin_object();
    for (const auto& [key, part] : value.members()) {
      builder.key(key);
      builder.value(one(value.share(part)).value);
    }
    builder.end_object();
    return {builder.finish(), {}};
  }

 private:
  [[noreturn]] void refuse(const Value& value, const std::string& why) const {
    throw Error(ErrorCause::user, "bad_field_value",
                "'" + to_text(value) + "' does not fit the field '" + name_ + "' (" + kind_.name +
                    "): " + why + ".");
  }

  Converted one(const Value& value) const {
    if (!value.given()) return {value, {}};
    if (kind_.options) return {option(value), {}};
    Converted converted;
    try {
      converted = convert(value, kind_.wire, context_);
    } catch (const Error& error) {
      if (error.code() != "bad_parameter") throw;
      refuse(value, "it takes " + kind_.takes);
    }
    const Value& result = converted.value;
    const bool plain = !result.is_array() && !result.is_object();
    if (!plain || !has_form(kind_.form, result.as_string())) {
      refuse(value, "it takes " + kind_.takes);
    }
    check_bounds(result);
    return converted;
  }

  void check_bounds(const Value& value) const {
    const auto bound = [&](const std::optional<Path>& path) {
      return path ? at_path(element_, *path).as_number() : std::nullopt;
    };
    const auto least = bound(kind_.min);
    const auto most = bound(kind_.max);
    const auto number = value.as_number();
    if (number && ((least && *number < *least) || (most && *number > *most))) {
      const std::string from = least ? "from " + to_text(Value(*least)) + " " : "";
      refuse(value, "it takes a number " + from + "to " + (most ? to_text(Value(*most)) : "any"));
    }
  }

  Value option(const Value& value) const {
    const View options = at_path(element_, *kind_.options);
    std::vector<Candidate> candidates;
    for (const View each : options.elements()) {
      if (each["id"].equals(value)) return value;
      Candidate candidate{element_.share(each["id"]), {}, {}};
      for (const Path& path : kind_.option_names) {
        const View found = at_path(each, path);
        if (found.given()) candidate.names.push_back(to_text(found));
      }
      candidates.push_back(std::move(candidate));
    }
    const std::string text = to_text(value);
    const std::string what = "option of the field";
    if (const Candidate* found = find_named(text, candidates, what)) return found->id;
    // Tasks are read with the place of the option where its id could be.
    if (value.is_number()) {
      for (const View each : options.elements()) {
        if (each["orderindex"].equals(value)) return element_.share(each["id"]);
      }
    }
    throw unknown_name(text, candidates, "The field '" + name_ + "'", "option");
  }

  Value each(const Value& value) const {
    if (!value.is_array()) return Value::array({one(value).value});
    std::vector<Value> parts;
    for (const View part : value.elements()) parts.push_back(one(value.share(part)).value);
    return Value::array(parts);
  }

  // People and tasks are read as objects.
  Value each_id(const Value& value) const {
    if (!value.is_array()) return each(value.is_object() ? value["id"] : value);
    std::vector<Value> ids;
    for (const View part : value.elements()) {
      ids.push_back(value.share(part.is_object() ? part["id"] : part));
    }
    return each(Value::array(ids));
  }

  // What is given without saying is added.
  Value changes(const Value& value) const {
    if (!value.is_object() || !value["id"].missing())
      return Value::object({{"add", each_id(value)}});
    ValueBuilder builder;
    builder.begin_object();
    for (const auto& [key, part] : value.members()) {
      if (key != "add" && key != "rem") refuse(value, "it takes " + kind_.takes);
      builder.key(key);
      builder.value(part.null() ? value.share(part) : each_id(value.share(part)));
    }
    builder.end_object();
    return builder.finish();
  }

  // {lat: 1} becomes {location: {lat: 1}}; what has that form already stays.
  Value arranged(const Value& value) const {
    if (!value.is_object()) refuse(value, "it takes " + kind_.takes);
    Value result = Value::object();
    for (const auto& entry : value.members()) {
      const std::string_view key = entry.first;
      const auto member = std::find_if(kind_.members.begin(), kind_.members.end(),
                                       [&](const auto& pair) { return pair.first == key; });
      const bool theirs = std::any_of(
          kind_.members.begin(), kind_.members.end(),
          [&](const auto& pair) { return pair.second.substr(0, pair.second.find('.')) == key; });
      if (member == kind_.members.end() && !theirs) refuse(value, "it takes " + kind_.takes);
      const std::string place = member == kind_.members.end() ? std::string(key) : member->second;
      result = with_path(result, *parse_path(place), value.share(entry.second));
    }
    return result;
  }

  const ValueKind& kind_;
  const Value& element_;
  const ConversionContext& context_;
  std::string name_;
};

}  // namespace

Converted convert_typed(const Value& value, const Value& element, TypedUse use,
                        const ConversionContext& context) {
  const ValueSpec& spec = context.package->values;
  const std::string kind = to_text(at_path(element, spec.kind));
  const auto found = std::find_if(spec.kinds.begin(), spec.kinds.end(),
                                  [&](const ValueKind& each) { return each.name == kind; });
  // A kind that is newer than the package: the service decides.
  if (found == spec.kinds.end() || value.null()) return {value, {}};
  const FieldValue field(spec, *found, element, context);
  return use == TypedUse::set ? field.set(value) : field.compare(value);
}

}  // namespace engine::rest
