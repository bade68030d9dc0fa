#include "core/expression/template.h"

#include <algorithm>

#include "core/expression/split.h"
#include "core/expression/template_node.h"

namespace engine::expression {
namespace {

constexpr const char* kExample = "Write an expression, such as {{ $json.name }}.";

// The place of byte `offset` of a text. In a block the indentation is not known, and so neither is
// the column; a quoted text with escapes before the place is off by their length.
Position position_in(const Located& text, const std::string& file, std::size_t offset) {
  const std::string_view content = text.scalar.as_string();
  const std::string_view before = content.substr(0, offset);
  if (content.find('\n') != std::string_view::npos) {
    const auto lines = std::count(before.begin(), before.end(), '\n');
    return {file, text.line + 1 + static_cast<int>(lines), 0};
  }
  const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  });
  return {file, text.line, text.column + (text.quoted ? 1 : 0) + static_cast<int>(characters)};
}

class TemplateCompiler {
 public:
  TemplateCompiler(Template::Node& node, const std::string& file, Diagnostics& diagnostics)
      : node_(node), file_(file), diagnostics_(diagnostics) {}

  // NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
  Part compile(const Located& source, const std::string& parameter) {
    if (source.kind == Kind::array) return compile_list(source, parameter);
    if (source.kind == Kind::object) return compile_map(source, parameter);
    if (source.kind == Kind::string && has_expression(source.scalar.as_string())) {
      return compile_text(source, parameter);
    }
    return constant(source.scalar);
  }

 private:
  static Part constant(Value value) {
    Part part;
    part.constant = std::move(value);
    return part;
  }

  static bool all_constant(const Part& part) {
    return std::all_of(part.children.begin(), part.children.end(),
                       [](const Part& child) { return child.kind == Part::Kind::constant; });
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Part compile_list(const Located& source, const std::string& parameter) {
    Part part;
    part.kind = Part::Kind::array;
    for (std::size_t i = 0; i < source.elements.size(); ++i) {
      part.children.push_back(
          compile(source.elements[i], parameter + "[" + std::to_string(i) + "]"));
    }
    if (!all_constant(part)) return part;
    ValueBuilder builder;
    builder.begin_array();
    for (const Part& child : part.children) builder.value(child.constant);
    builder.end_array();
    return constant(builder.finish());
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Part compile_map(const Located& source, const std::string& parameter) {
    Part part;
    part.kind = Part::Kind::object;
    for (const LocatedMember& member : source.members) {
      part.keys.push_back(member.key);
      const std::string name = parameter.empty() ? member.key : parameter + "." + member.key;
      part.children.push_back(compile(member.value, name));
    }
    if (!all_constant(part)) return part;
    ValueBuilder builder;
    builder.begin_object();
    for (std::size_t i = 0; i < part.keys.size(); ++i) {
      builder.key(part.keys[i]);
      builder.value(part.children[i].constant);
    }
    builder.end_object();
    return constant(builder.finish());
  }

  Part compile_text(const Located& source, const std::string& parameter) {
    std::vector<Piece> pieces = split_text(source.scalar.as_string());
    // A block ends with a line break that nobody means.
    if (pieces.size() == 2 && pieces[1].text == "\n" && pieces[0].kind == Piece::Kind::expression) {
      pieces.pop_back();
    }
    Part text;
    text.kind = Part::Kind::text;
    for (const Piece& piece : pieces) {
      text.children.push_back(piece.kind == Piece::Kind::text
                                  ? constant(Value(piece.text))
                                  : compile_segment(piece, source, parameter));
    }
    if (text.children.size() == 1) return std::move(text.children[0]);
    return text;
  }

  Part compile_segment(const Piece& piece, const Located& source, const std::string& parameter) {
    const Position position = position_in(source, file_, piece.offset);
    if (piece.kind == Piece::Kind::unclosed) {
      diagnostics_.add(
          position, "unclosed_expression",
          "This '{{' has no '}}'. Close it, or write '\\{{' for the braces themselves.");
      return constant(Value(""));
    }
    if (piece.text.empty()) {
      diagnostics_.add(position, "empty_expression",
                       std::string("There is nothing between '{{' and '}}'. ") + kExample);
      return constant(Value(""));
    }
    Segment segment{piece.text, position, parameter, compile_native(piece.text),
                    analyse(piece.text)};
    note_nodes(segment.analysis, piece.offset, source);
    Part part;
    part.kind = Part::Kind::segment;
    part.segment = node_.segments.size();
    node_.segments.push_back(std::move(segment));
    return part;
  }

  void note_nodes(const Analysis& analysis, std::size_t offset, const Located& source) {
    for (const Analysis::Use& use : analysis.nodes) {
      node_.references.push_back({use.node, position_in(source, file_, offset + use.offset)});
    }
    for (const std::size_t place : analysis.imports) {
      diagnostics_.add(position_in(source, file_, offset + place), "no_import",
                       "Expressions cannot import anything.");
    }
    for (const std::size_t place : analysis.dynamic) {
      diagnostics_.add(position_in(source, file_, offset + place), "dynamic_reference",
                       "A node must be named by its id in quotes, such as $('task').item.json: "
                       "the engine has to know which nodes this one waits for.");
    }
  }

  Template::Node& node_;
  const std::string& file_;
  Diagnostics& diagnostics_;
};

}  // namespace

Template::Template() : root_(std::make_shared<const Node>()) {}

Template::Template(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

Template Template::compile(const Located& source, const std::string& file,
                           const std::string& parameter, Diagnostics& diagnostics) {
  auto node = std::make_shared<Node>();
  node->position = source.position(file);
  node->top = TemplateCompiler(*node, file, diagnostics).compile(source, parameter);
  return Template(std::move(node));
}

Template Template::constant(Value value) {
  auto node = std::make_shared<Node>();
  node->top.constant = std::move(value);
  return Template(std::move(node));
}

bool Template::given() const {
  return !is_constant() || !root_->top.constant.missing();
}

bool Template::is_constant() const {
  return root_->top.kind == Part::Kind::constant;
}

const Value& Template::value() const {
  return root_->top.constant;
}

bool Template::needs_javascript() const {
  return std::any_of(root_->segments.begin(), root_->segments.end(),
                     [](const Segment& segment) { return !segment.native; });
}

const std::vector<Reference>& Template::references() const {
  return root_->references;
}

Position Template::position() const {
  return root_->position;
}

bool has_expression(std::string_view text) {
  return text.find("{{") != std::string_view::npos;
}

}  // namespace engine::expression
