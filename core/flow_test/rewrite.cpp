#include "core/flow_test/rewrite.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/flow_test/value_range.h"
#include "core/workflow/yaml.h"
#include "core/workflow/yaml_writer.h"

namespace engine::flow_test {
namespace {

constexpr std::size_t kWidest = 110;  // what is written on one line stays below

struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

bool is_nested(const Value& value) {
  return value.size() > 0;
}

bool is_text_of_lines(const Value& value) {
  return value.as_string().find('\n') != std::string_view::npos;
}

// The lines of a value below its key, or what stands beside the key, without the last line feed.
// With " |" in front of a text of several lines.
std::string block_of(const Value& value, std::size_t indent) {
  if (is_text_of_lines(value)) {
    const Value map = Value::object({{"k", value}});
    std::string text = workflow::to_yaml(map, indent);
    text.pop_back();
    return text.substr(indent + 2);
  }
  std::string text = "\n" + workflow::to_yaml(value, indent + 2);
  text.pop_back();
  return text;
}

std::size_t column_of(std::string_view text, std::size_t at) {
  const std::size_t feed = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return feed == std::string_view::npos ? at : at - feed - 1;
}

Edit replaced(std::string_view text, const Change& change) {
  const ValueRange range = find_value(text, *change.member, change.flow);
  const std::string flow = workflow::to_flow_yaml(change.value);
  if (change.flow) {
    return {range.begin, range.end, (range.begin == range.colon ? " " : "") + flow};
  }
  const bool beside =
      between_brackets(text, change.member->value) && range.begin > range.colon &&
      text.substr(range.colon, range.begin - range.colon).find('\n') == std::string_view::npos;
  const bool short_enough = column_of(text, range.begin) + flow.size() < kWidest;
  const bool on_one_line =
      !is_text_of_lines(change.value) && (!is_nested(change.value) || (beside && short_enough));
  // What stood below its key is written there again, so that a comment beside the key stays.
  const bool was_below = range.begin > range.colon && column_of(text, range.begin) == 0;
  if (on_one_line) {
    if (was_below) return {range.begin, range.end, std::string(range.indent + 2, ' ') + flow};
    return {range.begin, range.end, (range.begin == range.colon ? " " : "") + flow};
  }
  std::string block = block_of(change.value, range.indent);
  if (was_below && block.starts_with('\n')) return {range.begin, range.end, block.substr(1)};
  if (was_below) {
    // A text of lines where a list was: its mark belongs beside the key.
    return {range.colon, range.end, block};
  }
  if (range.begin == range.end && block.starts_with('\n')) {
    const std::size_t line_end = std::min(text.find('\n', range.colon), text.size());
    return {line_end, line_end, block};
  }
  return {range.colon, range.end, block};
}

Edit added(std::string_view text, const Change& change) {
  const std::string& key = std::get<std::string>(change.path.back());
  const Located& map = *change.map;
  if (change.flow) {
    const bool empty = map.members.empty();
    const std::size_t begin = offset_of(text, map.line, map.column) + 1;
    return {begin, begin,
            " " + key + ": " + workflow::to_flow_yaml(change.value) + (empty ? " " : ",")};
  }
  if (map.members.empty()) {
    throw Error(ErrorCause::user, "not_rewritten", "There is no member to stand beside.");
  }
  const LocatedMember& first = map.members.front();
  const auto indent = static_cast<std::size_t>(first.column - 1);
  const std::size_t end = end_of_block(text, first.line, first.column);
  const Value member = Value::object({{key, change.value}});
  std::string block = "\n" + workflow::to_yaml(member, indent);
  block.pop_back();
  return {end, end, block};
}

Value intended(const Located& root, const std::vector<Change>& changes) {
  Value value = to_value(root);
  for (const Change& change : changes) value = with_path(value, change.path, change.value);
  return value;
}

}  // namespace

std::string rewritten(const TestFile& file, const std::vector<Change>& changes) {
  std::vector<Edit> edits;
  for (const Change& change : changes) {
    edits.push_back(change.member != nullptr ? replaced(file.text, change)
                                             : added(file.text, change));
  }
  // From the end, so that what is in front keeps its place; what was added first stays first.
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::string text = file.text;
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    text.replace(edit->begin, edit->end - edit->begin, edit->text);
  }
  Located root;
  Diagnostics diagnostics;
  const bool good = workflow::read_yaml(text, file.file, root, diagnostics);
  if (!good || to_value(root).view() != intended(*file.root, changes).view()) {
    throw Error(ErrorCause::user, "not_rewritten",
                "The expectations of " + file.file +
                    " cannot be changed without changing more of it (an anchor, perhaps). It was "
                    "left as it is; change it by hand.");
  }
  return text;
}

}  // namespace engine::flow_test
