#include "core/schema/fit.h"
#include "core/schema/parameter.h"

namespace engine {
namespace {

bool is_expression(const Parameter& parameter, const Located& value) {
  return !parameter.literal && value.kind == Kind::string &&
         value.scalar.as_string().find("{{") != std::string_view::npos;
}

class Checker {
 public:
  Checker(const std::string& file, const std::string& what, Diagnostics& diagnostics)
      : file_(file), what_(what), diagnostics_(diagnostics) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the description
  void members(const std::vector<Parameter>& parameters, const Located* given,
               const Position& owner, const std::string& prefix, const KeyHint& hint) {
    if (given != nullptr && given->kind == Kind::object) {
      for (const LocatedMember& member : given->members) {
        if (find_parameter(parameters, member.key) == nullptr) {
          unknown(parameters, member, prefix, hint);
        }
      }
    }
    for (const Parameter& parameter : parameters)
      member(parameter, parameters, given, owner, prefix);
  }

 private:
  void unknown(const std::vector<Parameter>& parameters, const LocatedMember& member,
               const std::string& prefix, const KeyHint& hint) {
    std::string help = hint ? hint(member.key) : "";
    if (help.empty()) help = unknown_key(member.key, parameters);
    diagnostics_.add(member.position(file_), "unknown_key",
                     "Unknown key '" + prefix + member.key + "' in " + what_ + "." + help);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void member(const Parameter& parameter, const std::vector<Parameter>& siblings,
              const Located* given, const Position& owner, const std::string& prefix) {
    const Located* value = given == nullptr ? nullptr : given->find(parameter.name);
    if (value == nullptr && !parameter.required) return;
    const Visible shown = visible(parameter, siblings, [&](const std::string& name) {
      const Located* sibling = given == nullptr ? nullptr : given->find(name);
      if (sibling == nullptr) return Sibling{};
      const Parameter* described = find_parameter(siblings, name);
      const bool unknown = described != nullptr && is_expression(*described, *sibling);
      return Sibling{sibling->scalar, unknown};
    });
    if (value == nullptr) {
      if (shown == Visible::yes) missing(parameter, owner, prefix);
    } else if (shown == Visible::no) {
      diagnostics_.add(value->position(file_), "not_allowed",
                       visibility_rule(parameter) + ". Remove it, or change the other value.");
    } else {
      this->value(parameter, *value, prefix + parameter.name);
    }
  }

  void missing(const Parameter& parameter, const Position& owner, const std::string& prefix) {
    diagnostics_.add(owner, "missing_parameter",
                     "'" + prefix + parameter.name + "' is missing in " + what_ + ": expected " +
                         expectation(parameter) + ".");
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void value(const Parameter& parameter, const Located& given, const std::string& path) {
    if (is_expression(parameter, given)) return;
    if (given.kind == Kind::null && parameter.nullable) return;
    switch (parameter.type) {
      case ParameterType::any: return;
      case ParameterType::object:
        if (given.kind != Kind::object) return refuse(parameter, given, path);
        if (!parameter.children.empty()) {
          members(parameter.children, &given, given.position(file_), path + ".", {});
        }
        return;
      case ParameterType::map:
        if (given.kind != Kind::object) return refuse(parameter, given, path);
        if (parameter.children.empty()) return;
        for (const LocatedMember& member : given.members) {
          value(parameter.children[0], member.value, path + "." + member.key);
        }
        return;
      case ParameterType::list: return list(parameter, given, path);
      default:
        if (fit_scalar(parameter, given.scalar).missing()) refuse(parameter, given, path);
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void list(const Parameter& parameter, const Located& given, const std::string& path) {
    if (given.kind != Kind::array) {
      if (!parameter.list_or_one || given.kind == Kind::null) return refuse(parameter, given, path);
      if (!parameter.children.empty()) value(parameter.children[0], given, path);
      return;
    }
    if (!fits_length(parameter, given.elements.size())) refuse(parameter, given, path);
    if (parameter.children.empty()) return;
    for (std::size_t i = 0; i < given.elements.size(); ++i) {
      value(parameter.children[0], given.elements[i], path + "[" + std::to_string(i) + "]");
    }
  }

  void refuse(const Parameter& parameter, const Located& given, const std::string& path) {
    diagnostics_.add(
        given.position(file_), "bad_parameter",
        "'" + path + "' in " + what_ + ": " + mismatch(parameter, given.kind, given.scalar));
  }

  const std::string& file_;
  const std::string& what_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_parameters(const std::vector<Parameter>& parameters, const Located* given,
                      const Position& owner, const std::string& file, const std::string& what,
                      Diagnostics& diagnostics, const KeyHint& hint) {
  if (given != nullptr && given->kind != Kind::object && given->kind != Kind::null) {
    diagnostics.add(given->position(file), "bad_parameter",
                    "The parameters of " + what + " are a map (name: value on a line each), got " +
                        got(given->kind, given->scalar, false) + ".");
    return;
  }
  Checker(file, what, diagnostics).members(parameters, given, owner, "", hint);
}

}  // namespace engine
