#include "core/expression/data_source.h"

#include <algorithm>
#include <map>

#include "core/value/json.h"

namespace engine::expression {
namespace {

std::string binary_list(const Items& items, std::size_t base, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = base; i < base + count; ++i) {
    if (i > base) out += ',';
    print_json(items[i].binary, out);
  }
  return out += "]";
}

std::string json_list(const Items& items, std::size_t base, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = base; i < base + count; ++i) {
    if (i > base) out += ',';
    print_json(items[i].json, out);
  }
  return out += "]";
}

bool has_binary(const Items& items) {
  for (const Item& item : items) {
    if (item.binary.given()) return true;
  }
  return false;
}

// The part of a list that [first, first + count) covers.
struct Range {
  std::size_t begin;
  std::size_t count;
};

Range within(const Items& items, std::size_t first, std::size_t count) {
  const std::size_t begin = std::min(first, items.size());
  return {begin, std::min(count, items.size() - begin)};
}

}  // namespace

const Items* EnvironmentData::list(const std::string& id) const {
  return id.empty() ? &environment_.items() : environment_.output_of(id);
}

// [index per item], [[item, why it has none]], [indices], [their json], [their binary]
std::string EnvironmentData::linked(const std::string& id, std::size_t base,
                                    std::size_t count) const {
  const Items* items = environment_.output_of(id);
  std::string indices = "[";
  std::string broken = "[";
  std::map<std::size_t, bool> used;
  for (std::size_t i = 0; i < count; ++i) {
    const Link link = environment_.linked(id, base + i);
    const bool found =
        link.index >= 0 && items != nullptr && static_cast<std::size_t>(link.index) < items->size();
    if (i > 0) indices += ',';
    indices += found ? std::to_string(link.index) : "-1";
    if (found) {
      used[static_cast<std::size_t>(link.index)] = true;
      continue;
    }
    if (broken.size() > 1) broken += ',';
    broken += "[" + std::to_string(i) + "," + print_json(Value(link.broken)) + "]";
  }
  std::string keys = "[";
  std::string jsons = "[";
  std::string binaries = "[";
  for (const auto& [index, unused] : used) {
    const char* separator = keys.size() > 1 ? "," : "";
    keys += separator + std::to_string(index);
    jsons += separator;
    print_json((*items)[index].json, jsons);
    binaries += separator;
    print_json((*items)[index].binary, binaries);
  }
  return "[" + indices + "]," + broken + "]," + keys + "]," + jsons + "]," + binaries + "]]";
}

std::optional<std::string> EnvironmentData::answer(const Question& question) {
  using Kind = Question::Kind;
  if (question.kind == Kind::global) {
    const Value value = environment_.global(question.name);
    return value.missing() ? std::nullopt : std::optional(print_json(value));
  }
  const bool of_input = question.kind == Kind::items || question.kind == Kind::binaries ||
                        question.kind == Kind::linked;
  const Items* items = of_input ? &environment_.items() : list(question.name);
  if (question.kind == Kind::count) {
    return items == nullptr ? "-1" : std::to_string(items->size());
  }
  if (items == nullptr) return std::nullopt;
  const Range range = within(*items, question.first, question.second);
  switch (question.kind) {
    case Kind::items: return json_list(*items, range.begin, range.count);
    case Kind::binaries: return binary_list(*items, range.begin, range.count);
    case Kind::linked:
      // One more than there are: then there is no current item.
      if (question.first > items->size()) return std::nullopt;
      return linked(question.name, question.first,
                    std::min(question.second, items->size() + 1 - question.first));
    case Kind::item: {
      if (question.first >= items->size()) return std::nullopt;
      const Item& item = (*items)[question.first];
      return "[" + print_json(item.json) + "," + print_json(item.binary) + "]";
    }
    default:
      return "[" + json_list(*items, 0, items->size()) + "," +
             (has_binary(*items) ? binary_list(*items, 0, items->size()) : "null") + "]";
  }
}

std::string rows_text(const Items& items, std::size_t begin, std::size_t end,
                      const std::vector<std::string>& fields, bool whole) {
  std::vector<std::string> keys;
  for (const std::string& field : fields) keys.push_back(print_json(Value(field)) + ":");
  std::string out = "[";
  for (std::size_t i = begin; i < end; ++i) {
    if (i > begin) out += ',';
    if (whole) {
      print_json(items[i].json, out);
      continue;
    }
    out += '{';
    bool first = true;
    for (std::size_t k = 0; k < fields.size(); ++k) {
      const View value = items[i].json.view()[std::string_view(fields[k])];
      if (value.missing()) continue;
      if (!first) out += ',';
      first = false;
      out += keys[k];
      print_json(value, out);
    }
    out += '}';
  }
  return out += "]";
}

}  // namespace engine::expression
