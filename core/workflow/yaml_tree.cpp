#include "core/workflow/yaml_tree.h"

#include <algorithm>
#include <utility>

#include "core/workflow/yaml_scalar.h"
#include "core/workflow/yaml_scan.h"

namespace engine::workflow {
namespace {

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

Located scalar_at(const Position& position, Value value, bool quoted) {
  Located located;
  located.kind = value.kind();
  located.scalar = std::move(value);
  located.quoted = quoted;
  located.line = position.line;
  located.column = position.column;
  return located;
}

bool is_plain_tag(const std::string& tag) {
  return tag.empty() || tag == "?";
}

}  // namespace

YamlTree::YamlTree(std::string_view text, const std::string& file, const YamlLimits& limits,
                   Diagnostics& diagnostics)
    : text_(text), file_(file), limits_(limits), diagnostics_(diagnostics) {}

Position YamlTree::open_at() const {
  if (frames_.empty()) return {};
  return {file_, frames_.back().node.line, frames_.back().node.column};
}

bool YamlTree::expects_key() const {
  return !frames_.empty() && frames_.back().node.kind == Kind::object && !frames_.back().has_key;
}

void YamlTree::count(std::size_t nodes, const Position& position) {
  if (diagnostics_.full()) throw YamlStop();
  nodes_ += nodes;
  if (nodes_ <= limits_.nodes) return;
  diagnostics_.add(position, "too_large",
                   "The file holds more than " + std::to_string(limits_.nodes) +
                       " values, those that aliases repeat counted. Split it.");
  throw YamlStop();
}

// ---------------------------------------------------------------- scalars

void YamlTree::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  count(1, at(mark));
  if (expects_key()) {
    diagnostics_.add(at(mark), "bad_key",
                     "A key is missing here, or it is null. A key is a text; put it in quotes when "
                     "it really is called null.");
    frames_.back().has_key = true;
    frames_.back().drop = true;
    return;
  }
  Position position = at(mark);
  if (!frames_.empty() && frames_.back().has_key && frames_.back().pending.line != position.line) {
    // Nothing stands behind the key, so yaml-cpp names the next token of the file.
    const LocatedMember& pending = frames_.back().pending;
    position.line = pending.line;
    position.column = pending.column + static_cast<int>(pending.key.size()) + 1;
  }
  Located value = scalar_at(position, Value(nullptr), false);
  remember(anchor, {value});
  place(std::move(value), 1, 0, 0);
}

void YamlTree::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                        const std::string& value) {
  if (!is_plain_tag(tag)) last_quoted_ = at(mark);
  if (expects_key()) return key(mark, tag, value);
  count(1, at(mark));
  const Position position = at(mark);
  const bool plain = is_plain_tag(tag);
  if (plain) check_plain(position, value);
  Value resolved = plain        ? resolve_plain(value)
                   : tag == "!" ? Value(value)
                                : tagged(position, tag, value);
  Located located = scalar_at(position, std::move(resolved), !plain);
  remember(anchor, {located});
  place(std::move(located), 1, 0, 0);
}

void YamlTree::check_plain(const Position& position, const std::string& value) {
  if (value.find("{{") == std::string::npos) return;
  const std::string_view line = line_of(text_, position.line);
  const std::size_t from = std::min(static_cast<std::size_t>(position.column - 1), line.size());
  const std::size_t found = line.find("{{", from);
  Position exact = position;
  if (found != std::string_view::npos) exact.column = static_cast<int>(found) + 1;
  report_unquoted(exact, line, diagnostics_);
}

Value YamlTree::tagged(const Position& position, const std::string& tag, const std::string& value) {
  const bool core = tag.rfind(kCoreTag, 0) == 0;
  const std::string name = core ? tag.substr(kCoreTag.size()) : tag;
  if (core && name == "str") return {value};
  Value resolved = resolve_plain(value);
  const bool fits = (name == "int" && resolved.kind() == Kind::integer) ||
                    (name == "float" && resolved.is_number()) ||
                    (name == "bool" && resolved.is_boolean()) ||
                    (name == "null" && resolved.null());
  if (!core || !fits) {
    diagnostics_.add(position, "bad_tag",
                     "The tag '" + std::string(core ? "!!" : "") + name +
                         "' is not possible for this value. Only !!str, !!int, !!float, !!bool and "
                         "!!null are known; most files need none of them: remove it.");
  }
  return resolved;
}

// ---------------------------------------------------------------- keys

void YamlTree::key(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
  const Position position = at(mark);
  count(1, position);
  if (is_plain_tag(tag) && text == "<<") {
    diagnostics_.add(position, "merge_key",
                     "Merge keys (<<) are not part of YAML 1.2. Use an alias for a whole value "
                     "(with: *defaults), or repeat the keys.");
  } else if (is_plain_tag(tag)) {
    check_plain(position, text);
  }
  refuse_repeated(text, position);
  Frame& frame = frames_.back();
  frame.has_key = true;
  frame.pending = {text, position.line, position.column, {}};
}

void YamlTree::refuse_repeated(const std::string& key, const Position& position) {
  constexpr std::size_t kFew = 12;
  Frame& frame = frames_.back();
  const std::vector<LocatedMember>& members = frame.node.members;
  const LocatedMember* first = nullptr;
  if (members.size() <= kFew) {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const LocatedMember& member) { return member.key == key; });
    if (found != members.end()) first = &*found;
  } else {
    for (std::size_t i = frame.places.size(); i < members.size(); ++i) {
      frame.places.emplace(members[i].key, i);
    }
    const auto found = frame.places.find(key);
    if (found != frame.places.end()) first = &members[found->second];
  }
  frame.drop = first != nullptr;
  if (first == nullptr) return;
  diagnostics_.add(position, "duplicate_key",
                   "The key '" + key + "' is here twice; the first is in line " +
                       std::to_string(first->line) + ". Remove or rename one of them.");
}

void YamlTree::complex_key(const Position& position, Kind kind) {
  const std::string_view line = line_of(text_, position.line);
  const auto column = static_cast<std::size_t>(position.column - 1);
  if (kind == Kind::object && column > 0 && line.substr(column - 1, 2) == "{{") {
    Position start = position;
    start.column -= 1;
    report_unquoted(start, line, diagnostics_);
    frames_.back().unquoted = true;
    return;
  }
  diagnostics_.add(position, "bad_key",
                   "A key must be a text, and here stands " +
                       std::string(kind == Kind::array ? "a list" : "a map") +
                       ". Put it in quotes when it is meant as a text.");
}

// ---------------------------------------------------------------- containers

void YamlTree::open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    Kind kind) {
  const Position position = at(mark);
  count(1, position);
  if (frames_.size() >= limits_.depth) {
    diagnostics_.add(position, "too_deep",
                     "The file is nested deeper than " + std::to_string(limits_.depth) +
                         " levels. Simplify it.");
    throw YamlStop();
  }
  const std::string own = std::string(kCoreTag) + (kind == Kind::array ? "seq" : "map");
  if (!is_plain_tag(tag) && tag != "!" && tag != own) tagged(position, tag, "");
  Frame frame;
  frame.is_key = expects_key();
  if (frame.is_key && open_keys_++ == 0) complex_key(position, kind);
  frame.node.kind = kind;
  frame.node.line = position.line;
  frame.node.column = position.column;
  frame.anchor = anchor;
  frames_.push_back(std::move(frame));
}

void YamlTree::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                               YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(mark, tag, anchor, Kind::array);
}

void YamlTree::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                          YAML::EmitterStyle::value) {
  open(mark, tag, anchor, Kind::object);
}

void YamlTree::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.is_key) {
    --open_keys_;
    Frame& owner = frames_.back();
    owner.has_key = true;
    owner.drop = true;
    owner.pending = {"", frame.node.line, frame.node.column, {}};
    return;
  }
  if (frame.unquoted) {
    // Further checks see an expression, and do not complain about a map.
    const Position position{file_, frame.node.line, frame.node.column};
    frame.node = scalar_at(position, Value("{{ null }}"), true);
  }
  if (frame.anchor != 0) {
    count(frame.nodes, {file_, frame.node.line, frame.node.column});
    remember(frame.anchor, {frame.node, frame.nodes, frame.aliases, frame.depth});
  }
  place(std::move(frame.node), frame.nodes, frame.aliases, frame.depth + 1);
}

void YamlTree::place(Located value, std::size_t nodes, std::size_t aliases, std::size_t depth) {
  if (frames_.empty()) {
    root_ = std::move(value);
    return;
  }
  Frame& owner = frames_.back();
  owner.nodes += nodes;
  owner.aliases += aliases;
  owner.depth = std::max(owner.depth, depth);
  if (owner.node.kind == Kind::array) {
    owner.node.elements.push_back(std::move(value));
    return;
  }
  owner.has_key = false;
  if (std::exchange(owner.drop, false)) return;
  owner.pending.value = std::move(value);
  owner.node.members.push_back(std::move(owner.pending));
}

// ---------------------------------------------------------------- aliases

void YamlTree::remember(YAML::anchor_t anchor, const Anchor& value) {
  if (anchor != 0) anchors_[anchor] = value;
}

void YamlTree::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Position position = at(mark);
  if (expects_key()) {
    diagnostics_.add(position, "bad_key", "An alias cannot be a key. Write the key out.");
    frames_.back().has_key = true;
    frames_.back().drop = true;
    return;
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    diagnostics_.add(position, "bad_alias", "This alias stands inside of the value it names.");
    throw YamlStop();
  }
  const Anchor& source = found->second;
  aliases_ += 1 + source.aliases;
  if (aliases_ > limits_.alias_expansions || frames_.size() + source.depth + 1 > limits_.depth) {
    diagnostics_.add(position, "too_many_aliases",
                     "The aliases of this file expand to more than " +
                         std::to_string(limits_.alias_expansions) + " copies or " +
                         std::to_string(limits_.depth) + " levels. Repeat less.");
    throw YamlStop();
  }
  count(source.nodes, position);
  place(source.value, source.nodes, 1 + source.aliases, source.depth + 1);
}

}  // namespace engine::workflow
