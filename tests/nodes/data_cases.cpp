#include "tests/nodes/data_cases.h"

#include <yaml-cpp/yaml.h>

#include "core/value/number.h"

namespace engine::test {
namespace {

void write_scalar(const YAML::Node& node, ValueBuilder& builder) {
  const std::string& text = node.Scalar();
  const bool quoted = node.Tag() == "!";
  if (!quoted && (text == "null" || text == "~" || text.empty())) {
    builder.null();
  } else if (!quoted && (text == "true" || text == "false")) {
    builder.boolean(text == "true");
  } else if (!quoted && parse_number(text)) {
    builder.number_text(text);
  } else {
    builder.string(text);
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the file
void write(const YAML::Node& node, ValueBuilder& builder) {
  switch (node.Type()) {
    case YAML::NodeType::Sequence:
      builder.begin_array();
      for (const YAML::Node& element : node) write(element, builder);
      builder.end_array();
      break;
    case YAML::NodeType::Map:
      builder.begin_object();
      for (const auto& member : node) {
        builder.key(member.first.Scalar());
        write(member.second, builder);
      }
      builder.end_object();
      break;
    case YAML::NodeType::Scalar: write_scalar(node, builder); break;
    default: builder.null();
  }
}

}  // namespace

std::vector<Value> read_cases(const std::filesystem::path& file) {
  std::vector<Value> cases;
  for (const YAML::Node& node : YAML::LoadFile(file.string())) {
    ValueBuilder builder;
    write(node, builder);
    cases.push_back(builder.finish());
  }
  return cases;
}

}  // namespace engine::test
