// Resolves names for one call: asks the service for what it does not know yet.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/node/context.h"
#include "core/rest/conversion.h"
#include "core/rest/lookup_cache.h"
#include "core/rest/name_match.h"
#include "core/rest/operation.h"

namespace engine::rest {

/// A parameter of the call, as it is sent; missing when it is not given.
using ParameterOf = std::function<Value(std::string_view name)>;

class Resolver {
 public:
  /// `strict`: also names that the service would have taken as they are.
  Resolver(const Operation& operation, NodeContext& context, LookupCache& cache, bool strict,
           ParameterOf parameter_of);

  /// The id of what is called `value`; `value` itself when it has the form of an id. A look-up that
  /// the package does not know leaves it alone. Throws Error{user, "unknown_name" |
  /// "ambiguous_name"} with what there is.
  Value resolve(const std::string& lookup, const Value& value);

  /// The id of the only thing there is. Throws Error{user, "not_the_only_one"} otherwise.
  Value only(const std::string& lookup);

  /// Gives `use` the description of a field by id or name; again with a fresh one when an option
  /// is not found in it.
  Converted described(const std::string& lookup, const Value& value,
                      const ConversionContext::Use& use);

  /// The zone of the account; `otherwise` when the package knows none.
  std::string date_zone(const std::string& otherwise);

 private:
  // What a path of a look-up may name, and what it belongs to.
  struct Scope {
    std::vector<std::pair<std::string, Value>> ids;
    std::string prefix;  // of long names, with the slash
    Value element;
  };

  const Lookup* named(const std::string& name) const;
  const Lookup* find(const std::string& name);
  const std::string& title() const { return operation_.package->title; }
  Value description(const Lookup& lookup, const std::string& text);
  const Candidate* search(const Lookup& lookup, std::string_view name);
  std::vector<Candidate> candidates(const Lookup& lookup, std::string_view hint);
  std::vector<Scope> scopes(const Lookup& lookup, std::string_view hint);
  void collect(const Lookup& lookup, const Scope& scope, std::vector<Candidate>& found);
  Value scope_value(const std::string& parameter);
  Value element_of(const Lookup& lookup, const Value& id);
  Value read(const LookupCall& call, const ParameterOf& value_of);
  std::string key(const std::string& what) const;

  const Operation& operation_;
  NodeContext& context_;
  LookupCache& cache_;
  bool strict_;
  ParameterOf parameter_of_;
  TimePoint since_{};             // what is older is read again
  std::vector<Candidate> found_;  // of the last search
};

}  // namespace engine::rest
