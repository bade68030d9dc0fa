#include "core/rest/resolver.h"

#include <algorithm>

#include "core/node/cache_scope.h"
#include "core/rest/answer.h"
#include "core/rest/base_url.h"
#include "core/rest/conversion.h"
#include "core/rest/exchange.h"
#include "core/rest/path_template.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

bool has_form(IdForm form, std::string_view text) {
  const auto all = [&](std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
  };
  switch (form) {
    case IdForm::name: return false;
    case IdForm::number: return all("0123456789");
    case IdForm::uuid:
      return text.size() == 36 && all("0123456789abcdefABCDEF-") && text[8] == '-' &&
             text[13] == '-' && text[18] == '-' && text[23] == '-';
  }
  return false;
}

// "Space/Folder/List", "Space/List", "Folder/List" and "List"
void add_names(const Lookup& lookup, const std::string& prefix, View element,
               Candidate& candidate) {
  const std::string within = lookup.within ? to_text(at_path(element, *lookup.within)) : "";
  for (const Path& path : lookup.match) {
    const View found = at_path(element, path);
    if (!found.given() || to_text(found).empty()) continue;
    const std::string name = to_text(found);
    candidate.names.push_back(name);
    if (!within.empty()) candidate.names.push_back(within + "/" + name);
    if (prefix.empty()) continue;
    candidate.names.push_back(prefix + name);
    if (!within.empty()) candidate.names.push_back(prefix + within + "/" + name);
  }
}

}  // namespace

Resolver::Resolver(const Operation& operation, NodeContext& context, LookupCache& cache,
                   bool strict, ParameterOf parameter_of)
    : operation_(operation),
      context_(context),
      cache_(cache),
      strict_(strict),
      parameter_of_(std::move(parameter_of)) {}

const Lookup* Resolver::named(const std::string& name) const {
  for (const Lookup& lookup : operation_.package->lookups) {
    if (lookup.name == name) return &lookup;
  }
  return nullptr;
}

const Lookup* Resolver::find(const std::string& name) {
  const Lookup* lookup = named(to_text(fill_values(Value(name), parameter_of_)));
  if (lookup == nullptr || lookup->otherwise.empty()) return lookup;
  return scope_value(named(lookup->of)->parameter).given() ? lookup : named(lookup->otherwise);
}

Value Resolver::resolve(const std::string& name, const Value& value) {
  const Lookup* lookup = find(name);
  if (lookup == nullptr || (!lookup->refused_with.empty() && !strict_)) return value;
  const std::string text(trimmed(to_text(value)));
  if (text.empty() || has_form(lookup->form, text)) return value;
  for (const auto& [word, call] : lookup->words) {
    if (word == text) return read(call, parameter_of_)[std::size_t{0}];
  }
  if (const Candidate* found = search(*lookup, text)) return found->id;
  throw unknown_name(text, found_, title(), lookup->title);
}

Value Resolver::only(const std::string& name) {
  const Lookup* lookup = find(name);
  if (lookup == nullptr) return {};
  const auto all = candidates(*lookup, "");
  if (all.size() == 1) return all.front().id;
  std::string list;
  for (const Candidate& each : all) list += (list.empty() ? "" : ", ") + shown(each);
  throw Error(ErrorCause::user, "not_the_only_one",
              "The credential may use " + std::to_string(all.size()) + " of them" +
                  (list.empty() ? "" : ": " + list) + ". Say which " + lookup->title +
                  " is meant.");
}

Value Resolver::description(const Lookup& lookup, const std::string& text) {
  const Candidate* found = nullptr;
  if (has_form(lookup.form, text)) {
    found_ = candidates(lookup, "");
    const auto at = std::find_if(found_.begin(), found_.end(),
                                 [&](const Candidate& each) { return to_text(each.id) == text; });
    if (at == found_.end()) return {};  // of a place that is not looked into; the service decides
    found = &*at;
  } else {
    found = search(lookup, text);
    if (found == nullptr) throw unknown_name(text, found_, title(), lookup.title);
  }
  cache_.put(key("description of " + to_text(found->id)), found->element, context_.clock().now());
  return found->element;
}

Converted Resolver::described(const std::string& name, const Value& value,
                              const ConversionContext::Use& use) {
  const Lookup* lookup = find(name);
  if (lookup == nullptr) return use({});
  const std::string text(trimmed(to_text(value)));
  const TimePoint asked = context_.clock().now();
  // An id says all; a name says nothing without its place.
  Value known;
  if (has_form(lookup->form, text)) known = cache_.find(key("description of " + text), asked);
  if (known.missing()) known = description(*lookup, text);
  try {
    return use(known);
  } catch (const Error& error) {
    if (error.code() != "unknown_name" || !cache_.first_miss(key(error.message()), asked)) throw;
  }
  since_ = asked;
  known = description(*lookup, text);
  since_ = TimePoint{};
  return use(known);
}

std::string Resolver::date_zone(const std::string& otherwise) {
  if (!operation_.package->timezone) return otherwise;
  const Value zone = read(*operation_.package->timezone, parameter_of_)[std::size_t{0}];
  return zone.is_string() ? std::string(zone.as_string()) : otherwise;
}

// Reads once more when a name is not found: it may be new.
const Candidate* Resolver::search(const Lookup& lookup, std::string_view name) {
  const TimePoint asked = context_.clock().now();
  found_ = candidates(lookup, name);
  if (const Candidate* found = find_named(name, found_, lookup.title)) return found;
  if (!cache_.first_miss(key("missing " + lookup.name + " " + std::string(name)), asked)) {
    return nullptr;
  }
  since_ = asked;
  found_ = candidates(lookup, name);
  since_ = TimePoint{};
  return find_named(name, found_, lookup.title);
}

std::vector<Candidate> Resolver::candidates(const Lookup& lookup, std::string_view hint) {
  std::vector<Candidate> found;
  for (const Scope& scope : scopes(lookup, hint)) collect(lookup, scope, found);
  return found;
}

// The one thing that the parameters say, else all there are; of these only those that a long name
// begins with, if there are such.
std::vector<Resolver::Scope> Resolver::scopes(const Lookup& lookup, std::string_view hint) {
  if (lookup.of.empty()) return {Scope{}};
  const Lookup& parent = *named(lookup.of);
  const Value given = scope_value(parent.parameter);
  if (given.given()) {
    const Value element = lookup.calls.empty() ? element_of(parent, given) : Value();
    return {Scope{{{parent.parameter, given}}, "", element}};
  }
  std::vector<Scope> all;
  std::vector<Scope> named;
  for (const Candidate& each : candidates(parent, hint)) {
    Scope scope{{{parent.parameter, each.id}}, "", each.element};
    // A workspace is no part of long names: there is mostly one.
    if (!parent.of.empty() && !each.names.empty()) scope.prefix = each.names.front() + "/";
    const bool fits = !scope.prefix.empty() && hint.rfind(scope.prefix, 0) == 0;
    (fits ? named : all).push_back(std::move(scope));
  }
  return named.empty() ? all : named;
}

void Resolver::collect(const Lookup& lookup, const Scope& scope, std::vector<Candidate>& found) {
  const ParameterOf value_of = [&](std::string_view name) {
    for (const auto& [own, id] : scope.ids) {
      if (own == name) return id;
    }
    return parameter_of_(name);
  };
  std::vector<Value> elements;
  for (const LookupCall& call : lookup.calls) {
    const Value list = read(call, value_of);
    for (const View each : list.elements()) elements.push_back(list.share(each));
  }
  if (lookup.calls.empty()) elements = select(scope.element, lookup.items);
  for (const Value& element : elements) {
    Candidate candidate{element.share(at_path(element, lookup.id)), {}, element};
    add_names(lookup, scope.prefix, element, candidate);
    if (candidate.id.given()) found.push_back(std::move(candidate));
  }
}

// A parameter of the operation, or what another call tells of one.
Value Resolver::scope_value(const std::string& parameter) {
  Value given = parameter_of_(parameter);
  if (given.given() && !given.is_array()) return given;
  for (const auto& [name, call] : operation_.package->scopes) {
    if (name != parameter) continue;
    const auto needed = template_names(call.path);
    const bool all = std::all_of(needed.begin(), needed.end(), [&](const std::string& need) {
      return parameter_of_(need).given() && !parameter_of_(need).is_array();
    });
    if (all) return read(call, parameter_of_)[std::size_t{0}];
  }
  return {};
}

Value Resolver::element_of(const Lookup& lookup, const Value& id) {
  for (const Candidate& each : candidates(lookup, "")) {
    if (to_text(each.id) == to_text(id)) return each.element;
  }
  return {};
}

Value Resolver::read(const LookupCall& call, const ParameterOf& value_of) {
  Call request;
  request.method = "GET";
  request.path = fill_path(call.path, value_of);
  request.url = base_url(*operation_.package, context_) + request.path;
  request.headers = operation_.package->headers;
  for (const auto& [name, text] : call.query) {
    const Value value = fill_values(Value(text), value_of);
    if (value.given()) request.query.emplace_back(name, to_text(value));
  }
  const std::string what = "GET " + request.path + "?" + http::encode_query(request.query);
  const auto ask = [&] {
    return parse_answer(operation_, exchange(operation_, context_, request));
  };
  return Value::array(select(
      cache_.load(key(what), context_.clock(), since_, context_.cancellation(), ask), call.items));
}

// Another address or credential sees other things.
std::string Resolver::key(const std::string& what) const {
  const auto* scope = dynamic_cast<const CacheScope*>(&context_);
  return (scope == nullptr ? "" : scope->cache_scope()) + operation_.package->id + " " +
         base_url(*operation_.package, context_) + " " + context_.credential_key() + " " + what;
}

}  // namespace engine::rest
