// The compiled tree of a template. Private to core/expression.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/expression/analysis.h"
#include "core/expression/native_expression.h"
#include "core/expression/template.h"

namespace engine::expression {

/// One `{{ … }}`.
struct Segment {
  std::string source;
  Position position;      ///< where the source begins in the file
  std::string parameter;  ///< "fields.name"
  std::optional<NativeExpression> native;
  Analysis analysis;
};

/// A part of the tree. `text` joins its children (constants and segments) as text.
struct Part {
  enum class Kind { constant, segment, text, array, object };

  Kind kind = Kind::constant;
  Value constant;
  std::size_t segment = 0;  ///< into Node::segments
  std::vector<Part> children;
  std::vector<std::string> keys;  ///< of an object's children
};

struct Template::Node {
  Part top;
  std::vector<Segment> segments;
  std::vector<Reference> references;
  Position position;
};

}  // namespace engine::expression
