// Templates: parameters with `{{ … }}` in them, compiled once when a workflow is loaded.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/value/located.h"
#include "core/value/value.h"

namespace engine::expression {

/// A use of another node: `$('id')` or `$node.id`.
struct Reference {
  std::string node;
  Position position;
};

/// One parameter value: a tree whose texts may hold expressions. Immutable; copies share.
class Template {
 public:
  /// Never given.
  Template();

  /// Splits texts at `{{` and `}}` and compiles what needs no JavaScript (plain paths, and
  /// comparisons of them). Reports empty and unclosed segments, and `$(…)` with anything but a
  /// literal id. JavaScript is checked by Evaluator::check, which needs the library. `parameter` is
  /// the path for messages.
  static Template compile(const Located& source, const std::string& file,
                          const std::string& parameter, Diagnostics& diagnostics);

  /// A value without expressions.
  static Template constant(Value value);

  bool given() const;             ///< false: no such parameter in the file
  bool is_constant() const;       ///< no expressions at all
  const Value& value() const;     ///< of a constant
  bool needs_javascript() const;  ///< has a segment that is not native
  const std::vector<Reference>& references() const;
  Position position() const;  ///< of the value in the file

  struct Node;  // internal: the compiled tree
  const Node& root() const { return *root_; }

 private:
  explicit Template(std::shared_ptr<const Node> root);
  std::shared_ptr<const Node> root_;
};

/// True when a text would be treated as a template.
bool has_expression(std::string_view text);

}  // namespace engine::expression
