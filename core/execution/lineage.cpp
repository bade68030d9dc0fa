#include "core/execution/lineage.h"

#include <algorithm>

namespace engine::execution {
namespace {

struct Place {
  RunIndex run = 0;
  std::size_t output = 0;
  std::size_t item = 0;
  bool operator==(const Place&) const = default;
};

// Which output item stands at `item` of an input; nothing for edited inputs, which come from
// nowhere.
std::optional<Place> source_of(const State& state, const RunInput& input, std::size_t item) {
  for (const Segment& segment : input.segments) {
    const std::size_t size = state.runs[segment.run].outputs[segment.output]->size();
    if (item < size) return Place{segment.run, segment.output, item};
    item -= size;
  }
  return std::nullopt;
}

std::size_t flat_index(const NodeRun& run, const Place& place) {
  std::size_t index = place.item;
  for (std::size_t output = 0; output < place.output; ++output)
    index += run.outputs[output]->size();
  return index;
}

std::string name_of(const NodeRun& run) {
  return run.node == nullptr ? "the start of the workflow" : "node '" + run.node->id + "'";
}

bool calls_code(const NodeRun& run) {
  return run.node != nullptr && run.node->type->description.id == "code";
}

}  // namespace

expression::Link trace(const State& state, const std::vector<RunInput>& inputs, std::size_t item,
                       RunIndex target) {
  expression::Link link;
  std::vector<Place> open;
  if (const auto first = source_of(state, inputs[0], item)) open.push_back(*first);
  std::vector<Place> found;
  // Ways that split and meet again are walked more than once; a bound keeps odd graphs from
  // exploding.
  constexpr std::size_t kMostSteps = 100'000;
  for (std::size_t steps = 0; !open.empty() && steps < kMostSteps; ++steps) {
    const Place place = open.back();
    open.pop_back();
    const NodeRun& run = state.runs[place.run];
    if (place.run == target) {
      if (std::find(found.begin(), found.end(), place) == found.end()) found.push_back(place);
      continue;
    }
    if (place.run < target) continue;  // runs only follow older ones
    const Origin& origin = (*run.outputs[place.output])[place.item].origin;
    if (origin.size() == 0 && link.broken.empty()) {
      link.broken = name_of(run) + " made this item from no single item before it" +
                    (calls_code(run) ? "; its mode 'each' keeps the link" : "") +
                    ", use .all(), .first() or .last()";
    }
    for (std::size_t i = 0; i < origin.size(); ++i) {
      const Origin::Source source = origin[i];
      if (source.input >= run.inputs.size()) continue;
      if (const auto next = source_of(state, run.inputs[source.input], source.item)) {
        open.push_back(*next);
      }
    }
  }
  if (found.size() == 1) {
    return {static_cast<std::ptrdiff_t>(flat_index(state.runs[target], found[0])), {}};
  }
  if (found.size() > 1) {
    link.broken = "this item was made from " + std::to_string(found.size()) + " items of " +
                  name_of(state.runs[target]) + "; use .all(), .first() or .last()";
  } else if (link.broken.empty()) {
    link.broken = "no item of " + name_of(state.runs[target]) + " led to this one";
  }
  return link;
}

}  // namespace engine::execution
