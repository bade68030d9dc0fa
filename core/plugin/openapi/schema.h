// Schemas as descriptions of parameters.
#pragma once

#include <set>
#include <string>

#include "core/plugin/openapi/document.h"

namespace engine::plugin::openapi {

/// For one operation: what a schema costs is limited, however it is written.
class SchemaReader {
 public:
  SchemaReader(const Document& document, Notes& notes) : document_(document), notes_(notes) {}

  /// The keys of a parameter: type, text, choices, bounds, children, of, nullable, secret; without
  /// title, required, default and place. `what` names it in notes: "query parameter 'x' of GET /y".
  Members describe(const Value& schema, const std::string& what);

  /// The schema with its references and `allOf` put together; missing when it cannot be read.
  Value flat(const Value& schema, const std::string& what);

  /// Texts that upload a file.
  static bool is_binary(const Value& schema);
  /// "string", "integer", …; of [T, null] T; empty when it says none or several.
  static std::string type_of(const Value& schema);

 private:
  Members describe_flat(const Value& schema, const std::string& what);
  void describe_type(const Value& schema, const std::string& what, Members& result);
  void describe_choices(const Value& schema, const std::string& type, Members& result);
  void describe_object(const Value& schema, const std::string& what, Members& result);
  void describe_list(const Value& schema, const std::string& what, Members& result);
  void describe_bounds(const Value& schema, const std::string& type, Members& result);
  Value merged(const Value& schema, const std::string& what);
  Value chosen(const Value& schema, const std::string& what);

  static constexpr int kDeepest = 6;
  static constexpr int kMost = 1500;

  const Document& document_;
  Notes& notes_;
  int depth_ = 0;
  int visited_ = 0;
  bool told_ = false;                // that it is too much
  bool told_deep_ = false;           // that it is nested too deep
  std::multiset<std::string> open_;  // references that are being described
};

}  // namespace engine::plugin::openapi
