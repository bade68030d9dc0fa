#include <algorithm>

#include "core/base/nearest.h"
#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

std::vector<std::string> output_names(const Draft& draft, bool with_error) {
  std::vector<std::string> names;
  const std::size_t error =
      draft.node.on_error == OnError::output ? draft.node.outputs.size() - 1 : std::string::npos;
  for (std::size_t i = 0; i < draft.node.outputs.size(); ++i) {
    if (i != error || with_error) names.push_back(draft.node.outputs[i].name);
  }
  return names;
}

// "after: a.true or after: a.false"
std::string ways(const std::string& id, const std::vector<std::string>& outputs) {
  std::string text;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i > 0) text += i + 1 == outputs.size() ? " or " : ", ";
    text += "after: " + id + "." + outputs[i];
  }
  return text;
}

class EdgeLinker {
 public:
  EdgeLinker(Checks& checks, Level& level) : checks_(checks), level_(level) {}

  void link(std::size_t index) {
    Draft& draft = (*level_.drafts)[index];
    if (draft.is_trigger()) return;
    if (draft.says_after) {
      for (const AfterEntry& entry : draft.after) link_entry(draft, entry);
      check_inputs(draft);
    } else if (index > 0) {
      follow_above(draft, (*level_.drafts)[index - 1], index - 1);
    } else {
      check_alone(draft);
    }
  }

 private:
  bool takes_several(const Draft& draft) const {
    if (draft.node.type == nullptr) return false;
    const Description& description = draft.node.type->description;
    return description.open_inputs || description.inputs.size() > 1;
  }

  std::string inputs_example(const Draft& draft) const {
    const Description& description = draft.node.type->description;
    if (description.inputs.size() < 2) return "after: [a, b]";
    std::string text;
    for (std::size_t i = 0; i < description.inputs.size(); ++i) {
      text += (i > 0 ? ", " : "") + description.inputs[i].name + ": …";
    }
    return "after: {" + text + "}";
  }

  // The first node of a level: it gets what the level is started with, through its one input.
  void check_alone(Draft& draft) {
    if (!takes_several(draft)) return;
    checks_.fault(draft.id_position, "missing_input",
                  "The node '" + draft.node.id +
                      "' joins several nodes. Say which: " + inputs_example(draft) + ".");
    draft.uncertain = true;
  }

  void follow_above(Draft& draft, const Draft& above, std::size_t index) {
    if (takes_several(draft)) return check_alone(draft);
    if (above.node.type == nullptr) {
      draft.uncertain = true;
      return;
    }
    const std::vector<std::string> outputs = output_names(above, false);
    if (outputs.size() == 1) {
      draft.node.edges.push_back({index, 0, 0});
      return;
    }
    draft.uncertain = true;
    if (outputs.empty()) {
      checks_.fault(draft.id_position, "no_output",
                    "The node above, '" + above.node.id + "', gives no items, so '" +
                        draft.node.id + "' cannot follow it. Say which node it follows: after: …");
      return;
    }
    checks_.fault(draft.id_position, "ambiguous_output",
                  "'" + draft.node.id + "' follows '" + above.node.id +
                      "', which has several outputs. Say which: " + ways(above.node.id, outputs) +
                      ".");
  }

  void link_entry(Draft& draft, const AfterEntry& entry) {
    const auto found = checks_.places.find(entry.node);
    if (found == checks_.places.end()) {
      report_unknown(draft, entry);
    } else if (found->second.level != &level_) {
      report_other_level(draft, entry, found->second);
    } else if (const auto output = find_output(draft, entry, found->second.index)) {
      if (const auto input = find_place(draft, entry)) {
        add_edge(draft, entry, {found->second.index, *output, *input});
        return;
      }
    }
    draft.uncertain = true;
  }

  void report_unknown(const Draft& draft, const AfterEntry& entry) {
    std::string help = checks_.suggest(entry.node, checks_.ids(&level_));
    if (help.empty() && !draft.node.inputs.empty())
      help = " Expected the id of a node of this file.";
    checks_.fault(entry.position, "unknown_node", "There is no node '" + entry.node + "'." + help);
  }

  void report_other_level(const Draft& draft, const AfterEntry& entry, const Place& place) {
    for (const Level* level = level_.outer; level != nullptr; level = level->outer) {
      if (level != place.level) continue;
      checks_.fault(entry.position, "outside_loop",
                    "'" + entry.node + "' is outside of the loop that '" + draft.node.id +
                        "' is in. The first node of a loop receives its items without 'after'; "
                        "use $('" +
                        entry.node + "') to read other data.");
      return;
    }
    const Level* level = place.level;
    while (level->outer != nullptr && level->outer != &level_) level = level->outer;
    std::string help;
    if (level->outer == &level_) {
      help = " Follow the loop instead: after: " + (*level_.drafts)[level->owner].node.id + ".";
    }
    checks_.fault(
        entry.position, "inside_loop",
        "'" + entry.node + "' is inside of a loop, and only nodes there can follow it." + help);
  }

  std::optional<std::size_t> find_output(const Draft& draft, const AfterEntry& entry,
                                         std::size_t index) {
    const Draft& source = (*level_.drafts)[index];
    if (source.node.type == nullptr) return std::nullopt;
    const std::vector<std::string> all = output_names(source, true);
    if (!entry.output.empty()) {
      const auto found = std::find(all.begin(), all.end(), entry.output);
      if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
      report_output(entry, source, all);
      return std::nullopt;
    }
    const std::vector<std::string> plain = output_names(source, false);
    if (plain.size() == 1) return 0;
    if (plain.empty()) {
      checks_.fault(entry.position, "no_output",
                    "The node '" + entry.node + "' gives no items, so '" + draft.node.id +
                        "' cannot follow it.");
    } else {
      checks_.fault(entry.position, "ambiguous_output",
                    "The node '" + entry.node +
                        "' has several outputs. Say which: " + ways(entry.node, plain) + ".");
    }
    return std::nullopt;
  }

  void report_output(const AfterEntry& entry, const Draft& source,
                     const std::vector<std::string>& names) {
    std::string help;
    if (entry.output == "error") {
      help = " Add 'on_error: output' to '" + entry.node + "' to get failing items there.";
    } else {
      help = checks_.suggest(entry.output, names);
      if (help.empty() && !names.empty()) help = " Expected " + list_names(names) + ".";
    }
    checks_.fault(entry.position, "unknown_output",
                  "The node '" + entry.node + "' (" + source.type + ") has no output '" +
                      entry.output + "'." + help);
  }

  // The input of `draft` that an entry feeds.
  std::optional<std::size_t> find_place(Draft& draft, const AfterEntry& entry) {
    if (draft.node.type == nullptr) return std::nullopt;
    std::vector<std::string>& inputs = draft.node.inputs;
    const bool open = draft.node.type->description.open_inputs;
    if (!entry.input.empty()) {
      const auto found = std::find(inputs.begin(), inputs.end(), entry.input);
      if (found != inputs.end()) return static_cast<std::size_t>(found - inputs.begin());
      if (!open) {
        checks_.fault(entry.input_position, "unknown_input",
                      "The node type '" + draft.type + "' has no input '" + entry.input + "'." +
                          expected_inputs(entry.input, inputs));
        return std::nullopt;
      }
      inputs.push_back(entry.input);
      return inputs.size() - 1;
    }
    if (!takes_several(draft)) return 0;
    if (entry.place >= inputs.size()) {
      if (!open) {
        checks_.fault(
            entry.position, "unknown_input",
            "The node type '" + draft.type + "' has " + std::to_string(inputs.size()) +
                " inputs, and this would be one more. Name them: " + inputs_example(draft) + ".");
        return std::nullopt;
      }
      inputs.push_back(std::to_string(entry.place + 1));
    }
    return std::min(entry.place, inputs.size() - 1);
  }

  std::string expected_inputs(const std::string& name, const std::vector<std::string>& inputs) {
    const std::string near = checks_.suggest(name, inputs);
    return near.empty() ? " Expected " + list_names(inputs) + "." : near;
  }

  void add_edge(Draft& draft, const AfterEntry& entry, const Edge& edge) {
    // Compared within short lists only: a join of thousands must not take long.
    constexpr std::size_t kCompared = 64;
    const std::vector<Edge>& edges = draft.node.edges;
    const std::size_t from = edges.size() > kCompared ? edges.size() - kCompared : 0;
    const bool twice = std::any_of(
        edges.begin() + static_cast<std::ptrdiff_t>(from), edges.end(), [&](const Edge& known) {
          return known.node == edge.node && known.output == edge.output &&
                 known.input == edge.input;
        });
    if (twice) {
      checks_.fault(entry.position, "duplicate_edge",
                    "'" + entry.node +
                        "' is here twice, so its items would arrive twice. Remove "
                        "one of them.");
    }
    draft.node.edges.push_back(edge);
  }

  // A node that takes any number of inputs takes their misspelt names, too.
  std::string misspelt_input(const Draft& draft, const std::string& input) {
    std::vector<std::string> others;
    for (std::size_t i = draft.node.type->description.inputs.size(); i < draft.node.inputs.size();
         ++i) {
      others.push_back(draft.node.inputs[i]);
    }
    const std::vector<std::string> near = nearest_names(input, others, 1);
    return near.empty() ? "" : " Is '" + near[0] + "' meant to be '" + input + "'?";
  }

  void check_inputs(Draft& draft) {
    if (draft.uncertain || draft.node.type == nullptr) return;
    const std::vector<InputDescription>& inputs = draft.node.type->description.inputs;
    if (inputs.size() < 2) return;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const bool fed = std::any_of(draft.node.edges.begin(), draft.node.edges.end(),
                                   [&](const Edge& edge) { return edge.input == i; });
      if (fed) continue;
      checks_.fault(draft.after_position, "missing_input",
                    "No node feeds the input '" + inputs[i].name + "' of '" + draft.node.id +
                        "'. Expected " + inputs_example(draft) + "." +
                        misspelt_input(draft, inputs[i].name));
    }
  }

  Checks& checks_;
  Level& level_;
};

}  // namespace

void link_edges(Checks& checks) {
  for (Level& level : checks.levels) {
    EdgeLinker linker(checks, level);
    for (std::size_t i = 0; i < level.drafts->size(); ++i) linker.link(i);
  }
}

}  // namespace engine::workflow
