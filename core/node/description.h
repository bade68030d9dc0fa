// What a node type is: data that validates a workflow, prints documentation and fills forms.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/schema/parameter.h"

namespace engine {

struct InputDescription {
  std::string name;  ///< "main", "left"
  std::string text;
};

struct OutputDescription {
  std::string name;  ///< "main", "true"
  std::string text;
};

struct CredentialSlot {
  std::string name;                ///< "" for a node with one slot
  std::vector<std::string> types;  ///< credential types that fit; empty: any
  bool required = true;
  /// A parameter that says which type is needed, and its values that need one. Empty: none does.
  std::string chosen_by{};
  std::vector<std::pair<std::string, std::string>> choices{};  ///< value, type
};

struct Traits {
  bool pure = false;        ///< no effect outside: may run ahead of durability, and again
  bool idempotent = false;  ///< may be repeated with the same outcome
  bool writes = false;      ///< changes something outside: `--dry-run` shows it and does not do it
};

struct Description {
  std::string id;  ///< "clickup.task.create"
  int version = 1;
  std::string title;
  std::string text;  ///< one paragraph
  std::vector<InputDescription> inputs{{"main", ""}};
  std::vector<OutputDescription> outputs{{"main", ""}};
  /// A parameter whose value names the outputs instead (`switch`): the outputs are those that
  /// NodeType::outputs_of finds in the parameters.
  bool dynamic_outputs = false;
  /// Any number of further inputs may be named in `after` (`merge`); else exactly `inputs`.
  bool open_inputs = false;
  std::vector<Parameter> parameters;
  std::vector<CredentialSlot> credentials;
  Traits traits;
  std::string since = "0.1";
  std::vector<std::string> examples;  ///< YAML of a node each
};

/// "left" and "right" are inputs; the place of a name, or nothing.
std::optional<std::size_t> find_input(const Description& description, std::string_view name);

/// JSON of the whole description.
Value describe_node(const Description& description);

}  // namespace engine
