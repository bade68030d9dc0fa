#include "core/rest/resource.h"

#include <utility>

#include "core/base/nearest.h"
#include "core/rest/parameter_reader.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

class Expander {
 public:
  Expander(const Located& package, const Located& resource, SourceReader& reader)
      : package_(package), resource_(resource), reader_(reader) {}

  Located expand(const Located& operation) {
    Located result;
    result.kind = Kind::object;
    result.line = operation.line;
    result.column = operation.column;
    Located parameters;
    parameters.kind = Kind::object;
    if (const Located* own = operation.find("parameters")) add_all(*own, parameters);
    for (const std::string& group : reader_.texts(operation, "include")) {
      if (const Located* found = shared("groups", group, operation)) add_all(*found, parameters);
    }
    for (const LocatedMember& member : operation.members) {
      if (member.key != "parameters" && member.key != "include") result.members.push_back(member);
    }
    set_member(result, "parameters", parameters);
    return result;
  }

 private:
  void add_all(const Located& from, Located& into) {
    for (const LocatedMember& member : from.members) {
      if (into.find(member.key) == nullptr) {
        into.members.push_back({member.key, member.line, member.column, resolve(member.value)});
      }
    }
  }

  // A package may name itself in circles, or fan out: neither may take for ever.
  bool may_go_on(const Located& at) {
    if (depth_ < kDeepest && ++resolved_ <= kMost) return true;
    if (!std::exchange(told_, true)) {
      reader_.fault(at, "The shared parameters name each other in a circle, or too often.");
    }
    return false;
  }

  Located resolve(const Located& parameter) {
    if (!may_go_on(parameter)) return parameter;
    ++depth_;
    Located result = resolve_parts(parameter);
    --depth_;
    return result;
  }

  Located resolve_parts(const Located& parameter) {
    Located result = parameter;
    if (const Located* use = parameter.find("use")) {
      const Located* base = shared("parameters", reader_.text(parameter, "use"), *use);
      if (base == nullptr || base == &parameter) return parameter;
      result = resolve(*base);
      result.line = parameter.line;
      result.column = parameter.column;
      for (const LocatedMember& member : parameter.members) {
        if (member.key != "use") set_member(result, member.key, member.value);
      }
    }
    for (LocatedMember& member : result.members) {
      if (member.key == "of" && member.value.kind == Kind::object) {
        member.value = resolve(member.value);
      }
      if (member.key != "children") continue;
      for (LocatedMember& child : member.value.members) child.value = resolve(child.value);
    }
    return result;
  }

  const Located* shared(std::string_view section, const std::string& name, const Located& at) {
    std::vector<std::string> names;
    for (const Located* source : {&resource_, &package_}) {
      const Located* all = source->find(section);
      if (all == nullptr) continue;
      if (const Located* found = all->find(name)) return found;
      for (const LocatedMember& member : all->members) names.push_back(member.key);
    }
    reader_.fault(at, "There is no '" + name + "' among the shared " + std::string(section) + "." +
                          did_you_mean(name, names));
    return nullptr;
  }

  static constexpr int kDeepest = 50;
  static constexpr std::size_t kMost = 200'000;

  int depth_ = 0;
  std::size_t resolved_ = 0;
  bool told_ = false;
  const Located& package_;
  const Located& resource_;
  SourceReader& reader_;
};

}  // namespace

void check_shared(const Located& package, const std::string& file, Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  const Located nothing;
  Expander expander(package, nothing, reader);
  const auto check = [&](const Located* parameters) {
    if (parameters == nullptr) return;
    Located operation;
    set_member(operation, "parameters", *parameters);
    read_rest_parameters(reader, *expander.expand(operation).find("parameters"));
  };
  check(package.find("parameters"));
  const Located* groups = package.find("groups");
  if (groups == nullptr) return;
  for (const LocatedMember& group : groups->members) check(&group.value);
}

Located expand_trigger(const Located& package, const Located& trigger, const std::string& file,
                       Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  const Located nothing;
  return Expander(package, nothing, reader).expand(trigger);
}

std::vector<ExpandedOperation> expand_resource(const Located& package, const Located& resource,
                                               const std::string& file, Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  std::vector<ExpandedOperation> result;
  if (!reader.check_keys(resource, "A resource", key_names("resource"))) {
    return result;
  }
  const std::string prefix = reader.text(package, "name") + "." +
                             reader.required_text(resource, "resource", "A resource") + ".";
  const Located* operations = resource.find("operations");
  if (operations == nullptr || operations->kind != Kind::object) {
    reader.fault(resource, "A resource needs 'operations', a map.");
    return result;
  }
  Expander expander(package, resource, reader);
  for (const LocatedMember& member : operations->members) {
    result.push_back({prefix + member.key, expander.expand(member.value)});
  }
  return result;
}

}  // namespace engine::rest
