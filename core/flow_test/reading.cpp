#include "core/flow_test/reading.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/base/nearest.h"
#include "core/value/json.h"
#include "core/workflow/start.h"

namespace engine::flow_test {

const workflow::WorkflowNode* find_node(const Reading& reading, std::string_view id,
                                        const Position& position) {
  if (reading.workflow == nullptr) return nullptr;
  if (const workflow::WorkflowNode* node = reading.workflow->find(id)) return node;
  std::vector<std::string> ids;
  for (const workflow::WorkflowNode* node : reading.workflow->by_ordinal) ids.push_back(node->id);
  reading.fault(position, "unknown_node",
                "The workflow has no node '" + std::string(id) + "'." + did_you_mean(id, ids));
  return nullptr;
}

std::vector<std::string> output_names(const workflow::WorkflowNode& node) {
  std::vector<std::string> names;
  for (const OutputDescription& output : node.outputs) names.push_back(output.name);
  return names;
}

bool has_main_output(const workflow::WorkflowNode& node) {
  const bool error = node.error_output() != std::string::npos;
  return node.outputs.size() <= (error ? 2U : 1U);
}

std::size_t find_output(const Reading& reading, const workflow::WorkflowNode& node,
                        std::string_view name, const Position& position) {
  const std::vector<std::string> names = output_names(node);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string near = did_you_mean(name, names);
  reading.fault(position, "unknown_output",
                "The node '" + node.id + "' has no output '" + std::string(name) + "'." +
                    (near.empty() ? " It has " + list_names(names) + "." : near));
  return 0;
}

Items read_items(const Reading& reading, const Located& source) {
  const Located* wrong = nullptr;
  auto items = workflow::items_of(source, wrong);
  if (wrong != nullptr) {
    reading.fault(*wrong, "bad_item", "An item is a map. Expected a list such as [{name: Ann}].");
  }
  return std::move(items).value_or(Items{});
}

Pairs read_pairs(const Located& source) {
  Pairs pairs;
  for (const LocatedMember& member : source.members) {
    pairs.emplace_back(member.key, text_of(&member.value));
  }
  return pairs;
}

std::string read_beside(const Reading& reading, const Located& name) {
  const std::filesystem::path file = reading.folder / text_of(&name);
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  std::error_code ignored;
  if (stream && !std::filesystem::is_directory(file, ignored)) {
    text.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream.bad()) return text;
  }
  reading.fault(name, "file_not_read",
                "The file '" + file.string() +
                    "' cannot be read. Files are looked for in the folder of the test file.");
  return {};
}

std::string text_of(const Located* value) {
  return value == nullptr ? std::string() : to_text(value->scalar);
}

Path below(Path path, const std::string& key) {
  path.emplace_back(key);
  return path;
}

Path below(Path path, std::size_t index) {
  path.emplace_back(static_cast<std::int64_t>(index));
  return path;
}

}  // namespace engine::flow_test
