#include <algorithm>

#include "core/base/nearest.h"
#include "core/flow_test/keys.h"
#include "core/flow_test/reading.h"
#include "core/flow_test/value_range.h"

namespace engine::flow_test {
namespace {

const LocatedMember* find_member(const Located& source, std::string_view key) {
  for (const LocatedMember& member : source.members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

class Reader {
 public:
  Reader(const Reading& reading, const Located& source, Path path)
      : reading_(reading), source_(source), path_(std::move(path)) {}

  Expectations read() {
    expect_.status = slot("status");
    read_error();
    if (const auto result = slot("result")) expect_.result = list_or_count(*result);
    if (const Located* nodes = source_.find("nodes")) read_nodes(*nodes);
    read_not_run();
    read_requests();
    expect_.response = slot("response");
    if (const Located* files = source_.find("files")) {
      for (const LocatedMember& member : files->members) {
        expect_.files.emplace_back(member.key, slot_of(*files, member, below(path_, "files")));
      }
    }
    return std::move(expect_);
  }

 private:
  Slot slot_of(const Located& map, const LocatedMember& member, Path path) const {
    return {below(std::move(path), member.key), &member, between_brackets(reading_.text, map)};
  }

  std::optional<Slot> slot(const char* key) const {
    const LocatedMember* member = find_member(source_, key);
    if (member == nullptr) return std::nullopt;
    return slot_of(source_, *member, path_);
  }

  // A list of items, a number of them, or null.
  ExpectedItems list_or_count(const Slot& slot) const {
    const Located& value = slot.value();
    if (value.kind == Kind::array) {
      read_items(reading_, value);
    } else if (value.kind != Kind::null && value.scalar.as_integer().value_or(-1) < 0) {
      reading_.fault(value, "bad_expectation",
                     "Expected a list of items, such as [{name: Ann}], or how many there are.");
    }
    return {slot, {}};
  }

  void read_error() {
    const auto place = slot("error");
    if (!place) return;
    ExpectedError error;
    error.slot = *place;
    error.node = text_of(place->value().find("node"));
    error.cause = text_of(place->value().find("cause"));
    error.code = text_of(place->value().find("code"));
    error.message = text_of(place->value().find("message"));
    if (const Located* node = place->value().find("node")) {
      find_node(reading_, error.node, node->position(reading_.file));
    }
    expect_.error = std::move(error);
    const std::string status = text_of(source_.find("status"));
    if (!status.empty() && status != "failed") {
      reading_.fault(*source_.find("status"), "bad_expectation",
                     "An error is expected below, so the status can only be failed.");
    }
  }

  void read_nodes(const Located& nodes) {
    if (nodes.kind != Kind::object) return;  // was reported
    for (const LocatedMember& member : nodes.members) {
      const Path path = below(path_, "nodes");
      const workflow::WorkflowNode* node =
          find_node(reading_, member.key, member.position(reading_.file));
      ExpectedNode expected;
      expected.id = member.key;
      if (member.value.kind == Kind::object) {
        read_node(member, node, below(path, member.key), expected);
      } else {
        check_one_output(member, node);
        expected.outputs.emplace_back(0, list_or_count(slot_of(nodes, member, path)));
      }
      expect_.nodes.push_back(std::move(expected));
    }
  }

  void check_one_output(const LocatedMember& member, const workflow::WorkflowNode* node) const {
    if (node == nullptr || has_main_output(*node)) return;
    const std::vector<std::string> names = output_names(*node);
    reading_.fault(member.position(reading_.file), "unknown_output",
                   "The node '" + node->id + "' has the outputs " + list_names(names) +
                       ". Say which: outputs: { " + names.front() + ": [ … ] }.");
  }

  void read_node(const LocatedMember& member, const workflow::WorkflowNode* node, const Path& path,
                 ExpectedNode& expected) const {
    const Located& source = member.value;
    check_parameters(node_keys(), &source, source.position(reading_.file), reading_.file,
                     "what is expected of '" + member.key + "'", reading_.diagnostics);
    const LocatedMember* given = nullptr;
    for (const char* key : {"items", "count", "outputs"}) {
      const LocatedMember* here = find_member(source, key);
      if (here != nullptr && given != nullptr) {
        reading_.fault(here->position(reading_.file), "bad_expectation",
                       "'" + given->key + "' and '" + here->key +
                           "' are both given. Keep one of them; the length of a list is compared "
                           "anyway.");
      }
      if (here != nullptr) given = here;
    }
    if (given == nullptr) {
      reading_.fault(source, "bad_expectation",
                     "Nothing is expected here. Add 'items', 'count' or 'outputs'.");
      return;
    }
    if (given->key == "outputs") {
      for (const LocatedMember& output : given->value.members) {
        const std::size_t index = node == nullptr ? 0
                                                  : find_output(reading_, *node, output.key,
                                                                output.position(reading_.file));
        expected.outputs.emplace_back(
            index, list_or_count(slot_of(given->value, output, below(path, "outputs"))));
      }
    } else {
      check_one_output(*given, node);
      expected.outputs.emplace_back(0, list_or_count(slot_of(source, *given, path)));
    }
    const std::vector<Path> fields = read_fields(source.find("fields"));
    for (auto& [index, items] : expected.outputs) items.fields = fields;
  }

  std::vector<Path> read_fields(const Located* source) const {
    std::vector<Path> fields;
    if (source == nullptr) return fields;
    const std::vector<Located> alone{*source};
    for (const Located& field : source->kind == Kind::array ? source->elements : alone) {
      if (const auto path = parse_path(text_of(&field))) {
        fields.push_back(*path);
      } else {
        reading_.fault(field, "bad_path",
                       "'" + text_of(&field) +
                           "' is not a path into an item. Expected names with dots, such as "
                           "list.id or tags[0].");
      }
    }
    return fields;
  }

  void read_not_run() {
    expect_.not_run = slot("not_run");
    if (!expect_.not_run) return;
    for (const Located& id : expect_.not_run->value().elements) {
      find_node(reading_, text_of(&id), id.position(reading_.file));
      const bool expected =
          std::any_of(expect_.nodes.begin(), expect_.nodes.end(),
                      [&](const ExpectedNode& node) { return node.id == text_of(&id); });
      if (!expected) continue;
      reading_.fault(id, "bad_expectation",
                     "The node '" + text_of(&id) +
                         "' must not run here, and is expected to give items above.");
    }
  }

  void read_requests() {
    expect_.requests = slot("requests");
    if (!expect_.requests) return;
    for (const Located& request : expect_.requests->value().elements) {
      expect_.wanted_requests.push_back(read_request(reading_, request));
    }
  }

  const Reading& reading_;
  const Located& source_;
  const Path path_;
  Expectations expect_;
};

}  // namespace

Expectations read_expectations(const Reading& reading, const Located& source, const Path& path) {
  return Reader(reading, source, path).read();
}

}  // namespace engine::flow_test
