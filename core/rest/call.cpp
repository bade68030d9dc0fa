#include "core/rest/call.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/node/pretended.h"
#include "core/rest/base_url.h"
#include "core/rest/conversion.h"
#include "core/rest/path_template.h"
#include "core/rest/resolver.h"
#include "core/rest/rules.h"
#include "core/rest/upload.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

// Fills one call; lives as long as that takes.
class CallBuilder {
 public:
  CallBuilder(const Operation& operation, NodeContext& context, std::size_t item,
              LookupCache& cache, Names names)
      : operation_(operation),
        context_(context),
        item_(item),
        resolver_(operation, context, cache, names == Names::looked_up,
                  [this](std::string_view name) { return settled(name); }) {
    conversion_.timezone = context.timezone();
    conversion_.package = operation.package.get();
    conversion_.value_of = [this](std::string_view name) { return given(name); };
    conversion_.learn = [this](const std::string& name, const Value& value) {
      const auto known = given_.find(name);
      if (known != given_.end() && known->second.missing()) known->second = value;
    };
  }

  Call build() {
    for (const RestParameter& parameter : operation_.parameters) {
      given_[parameter.parameter.name] = context_.parameter(parameter.parameter.name, item_);
    }
    // Ids first: a pasted link may tell further parameters.
    for (const RestParameter& parameter : operation_.parameters) {
      if (parameter.wire.conversion == Conversion::id) convert_id_of(parameter);
    }
    check_rules(operation_.rules, [this](std::string_view name) { return !given(name).missing(); });
    call_.pretended = context_.dry_run() && names_pretended();
    // Of what was only pretended the service knows no names.
    if (!call_.pretended) look_names_up();
    for (const RestParameter& parameter : operation_.parameters) settle(parameter);
    start();
    for (const RestParameter& parameter : operation_.parameters) place(parameter);
    return std::move(call_);
  }

 private:
  void look_names_up() {
    conversion_.resolve = [this](const std::string& lookup, const Value& value) {
      return resolver_.resolve(lookup, value);
    };
    conversion_.described = [this](const std::string& lookup, const Value& value,
                                   const ConversionContext::Use& use) {
      return resolver_.described(lookup, value, use);
    };
    conversion_.date_zone = [this] { return resolver_.date_zone(conversion_.timezone); };
  }

  static bool is_pretended(View value) {
    if (value.as_string() == kPretendedId) return true;
    for (const View element : value.elements()) {
      if (element.as_string() == kPretendedId) return true;
    }
    return false;
  }

  bool names_pretended() const {
    return std::any_of(given_.begin(), given_.end(),
                       [](const auto& parameter) { return is_pretended(parameter.second); });
  }

  Value given(std::string_view name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? Value() : found->second;
  }

  Value sent(std::string_view name) const {
    const auto found = call_.parameters.find(name);
    return found == call_.parameters.end() ? Value() : found->second;
  }

  // As it is sent, for look-ups that need it before its turn.
  Value settled(std::string_view name) {
    for (const RestParameter& parameter : operation_.parameters) {
      if (parameter.parameter.name == name) settle(parameter);
    }
    return sent(name);
  }

  template <typename Convert>
  void naming(const RestParameter& parameter, const Convert& work) {
    try {
      work();
    } catch (Error& error) {
      if (error.where.parameter.empty()) error.where.parameter = parameter.parameter.name;
      throw;
    }
  }

  void convert_id_of(const RestParameter& parameter) {
    naming(parameter, [&] {
      Value& value = given_[parameter.parameter.name];
      value = convert(value, parameter.wire, conversion_).value;
    });
  }

  void settle(const RestParameter& parameter) {
    const std::string& name = parameter.parameter.name;
    // A look-up that needs what it is looking for goes without.
    if (!settled_.insert(name).second) return;
    naming(parameter, [&] {
      const Converted converted = converted_of(parameter);
      call_.parameters[name] = converted.value;
      if (converted.has_time && !parameter.wire.flag.empty()) flags_[name] = *converted.has_time;
    });
  }

  Converted converted_of(const RestParameter& parameter) {
    if (!call_.pretended) return looked_up(parameter);
    try {
      return looked_up(parameter);
    } catch (const Error&) {
      return {given(parameter.parameter.name), {}};  // a name that was not looked up
    }
  }

  Converted looked_up(const RestParameter& parameter) {
    const Wire& wire = parameter.wire;
    const Value value = given(parameter.parameter.name);
    if (value.missing() && wire.or_only && !call_.pretended)
      return {resolver_.only(wire.lookup), {}};
    if (!wire.typed_by.empty()) {
      return convert_for_field(value, wire, lookup_of(wire.typed_by), given(wire.typed_by),
                               conversion_);
    }
    if (wire.conversion == Conversion::id) return {resolve_names(value, wire, conversion_), {}};
    if (wire.children.empty()) return convert(value, wire, conversion_);
    return {convert_deep(value, wire, parameter.parameter, conversion_), {}};
  }

  const std::string& lookup_of(const std::string& name) const {
    static const std::string kNone;
    for (const RestParameter& parameter : operation_.parameters) {
      if (parameter.parameter.name == name) return parameter.wire.lookup;
    }
    return kNone;
  }

  void start() {
    const ValueOf value_of = [this](std::string_view name) { return sent(name); };
    call_.method = to_text(fill_values(Value(operation_.method), value_of));
    call_.path = fill_path(operation_.path, value_of);
    call_.url = base_url(*operation_.package, context_) + call_.path;
    const FindValue find = [this](std::string_view name) -> std::optional<Value> {
      const auto found = call_.parameters.find(name);
      if (found == call_.parameters.end()) return std::nullopt;
      return found->second;
    };
    for (const auto& [name, text] : operation_.query) {
      const Value value = fill_given(Value(text), find);
      if (!value.missing()) add_query(name, value);
    }
    call_.headers = operation_.package->headers;
    call_.headers.insert(call_.headers.end(), operation_.headers.begin(), operation_.headers.end());
    call_.body = fill_given(operation_.body, find);
    call_.limit = operation_.paging ? given(kLimit) : Value();
  }

  void place(const RestParameter& parameter) {
    const Wire& wire = parameter.wire;
    const Value value = sent(parameter.parameter.name);
    if (wire.place == Place::body && call_.body.missing() && wire.name != ".") {
      call_.body = Value::object();
    }
    if (value.missing()) return;
    switch (wire.place) {
      case Place::none:
      case Place::path: return;
      case Place::query: return place_query(parameter, value);
      case Place::header: call_.headers.emplace_back(wire.name, to_text(value)); return;
      case Place::body: return place_body(parameter, value);
      case Place::form: call_.form.push_back({wire.name, to_text(value), "", ""}); return;
      case Place::binary: return add_binary(call_.form, wire.name, value, context_, item_);
      case Place::file: return add_file(call_.form, wire.name, value, context_);
      case Place::urlencoded: return place_field(wire.name, value);
    }
  }

  void place_query(const RestParameter& parameter, const Value& value) {
    const Wire& wire = parameter.wire;
    if (wire.name == "*") {
      for (const auto& [name, part] : value.members()) add_query(std::string(name), part);
      return;
    }
    if (const auto flag = flags_.find(parameter.parameter.name); flag != flags_.end()) {
      call_.set_query(wire.flag, flag->second ? "true" : "false");
    }
    add_query(wire.name, value);
    if (value.kind() != Kind::boolean || !value.as_bool()) return;
    for (const auto& [name, text] : wire.also) {
      call_.set_query(name, to_text(fill_values(Value(text), [this](std::string_view other) {
                        return sent(other);
                      })));
    }
  }

  void add_query(const std::string& name, View value) { add_pair(call_.query, name, value); }

  static void add_pair(std::vector<std::pair<std::string, std::string>>& pairs,
                       const std::string& name, View value) {
    if (value.is_array()) {
      for (const View element : value.elements()) pairs.emplace_back(name, to_text(element));
    } else {
      pairs.emplace_back(name, value.null() ? "null" : to_text(value));
    }
  }

  // Members of an object are fields "name[member]", as most services read them.
  void place_field(const std::string& name, View value) {
    if (!value.is_object()) return add_pair(call_.fields, name, value);
    for (const auto& [key, part] : value.members()) {
      place_field(name + "[" + std::string(key) + "]", part);
    }
  }

  void place_body(const RestParameter& parameter, const Value& value) {
    if (parameter.wire.name == ".") {
      call_.body = value;
      return;
    }
    call_.body = with_path(call_.body, *parse_path(parameter.wire.name), value);
    if (const auto flag = flags_.find(parameter.parameter.name); flag != flags_.end()) {
      call_.body = with_path(call_.body, *parse_path(parameter.wire.flag), Value(flag->second));
    }
  }

  const Operation& operation_;
  NodeContext& context_;
  std::size_t item_;
  ConversionContext conversion_;
  std::map<std::string, Value, std::less<>> given_;
  std::map<std::string, bool, std::less<>> flags_;
  std::set<std::string> settled_;
  Resolver resolver_;
  Call call_;
};

}  // namespace

void Call::set_query(const std::string& name, const std::string& value) {
  for (auto& pair : query) {
    if (pair.first != name) continue;
    pair.second = value;
    return;
  }
  query.emplace_back(name, value);
}

Call build_call(const Operation& operation, NodeContext& context, std::size_t item,
                LookupCache& cache, Names names) {
  return CallBuilder(operation, context, item, cache, names).build();
}

http::Request to_request(const Call& call, const Operation& operation, NodeContext& context) {
  http::Request request;
  request.method = call.method;
  request.url = call.url;
  if (!call.query.empty()) request.url += "?" + http::encode_query(call.query);
  for (const auto& [name, value] : call.headers) request.headers.set(name, value);
  if (!request.headers.find("Accept")) request.headers.set("Accept", "application/json");
  if (!call.form.empty()) {
    request.body = http::multipart(call.form, form_boundary(context.random()));
  } else if (!call.fields.empty()) {
    request.body =
        http::Body::text(http::encode_query(call.fields), "application/x-www-form-urlencoded");
  } else if (!call.body.missing()) {
    request.body = http::Body::text(print_json(call.body), "application/json");
  }
  request.repeatable = operation.repeatable;
  request.pace_key = operation.package->id + ":" + context.credential_key();
  return request;
}

Value shown_body(const Call& call) {
  if (call.form.empty() && call.fields.empty()) return call.body;
  Value shown = Value::object();
  for (const auto& [name, text] : call.fields) shown = with_path(shown, {name}, Value(text));
  for (const http::FormField& field : call.form) {
    const auto* text = std::get_if<std::string>(&field.content);
    const bool file = text == nullptr || !field.file_name.empty();
    shown = with_path(shown, {field.name}, Value(file ? field.file_name : *text));
  }
  return shown;
}

}  // namespace engine::rest
