// Whether expressions read from nodes that have run by then. The questions of a level ("is a
// upstream of b?") are answered 63 sources at a time, by passing bits along the edges in
// topological order: no set of ancestors is ever kept per node.
#include <algorithm>
#include <cstdint>

#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

void report_not_upstream(Checks& checks, const Level::Question& question) {
  const std::string& name = question.reference->node;
  const std::string& id = question.asking->node.id;
  checks.fault(question.reference->position, "not_upstream",
               "The expression reads from '" + name + "', which need not have run before '" + id +
                   "': no path of nodes leads from one to the other. Let '" + id +
                   "' follow it (after: " + name + "), directly or through other nodes.");
}

class ReferenceChecker {
 public:
  explicit ReferenceChecker(Checks& checks) : checks_(checks) {}

  void collect(Level& level, std::size_t index) {
    const Draft& draft = (*level.drafts)[index];
    for (const NodeParameter& parameter : draft.node.parameters) {
      for (const expression::Reference& reference : parameter.value.references()) {
        const bool sees_body = draft.is_loop() && parameter.description->late;
        ask(level, index, reference, sees_body);
      }
    }
    for (const expression::Reference& reference : draft.node.retry.on.references()) {
      ask(level, index, reference, false);
    }
  }

 private:
  void ask(Level& level, std::size_t index, const expression::Reference& reference,
           bool sees_body) {
    const Draft& draft = (*level.drafts)[index];
    const auto found = checks_.places.find(reference.node);
    if (found == checks_.places.end()) {
      std::string help = checks_.suggest(reference.node, checks_.ids(nullptr));
      if (help.empty()) help = " Expected the id of a node that runs before this one.";
      checks_.fault(
          reference.position, "unknown_node",
          "The expression reads from '" + reference.node + "', and there is no such node." + help);
      return;
    }
    const Place& place = found->second;
    if (sees_body && place.level->drafts == &draft.body) return;
    // From inside of a loop, what is upstream of the loop is upstream of its nodes.
    Level* here = &level;
    std::size_t target = index;
    while (here != place.level && here->outer != nullptr) {
      target = here->owner;
      here = here->outer;
    }
    if (here != place.level) {
      report_inside(reference, place);
    } else if (place.index == target) {
      report_itself(reference, draft, here == &level);
    } else {
      here->questions.push_back({place.index, target, &reference, &draft});
    }
  }

  void report_inside(const expression::Reference& reference, const Place& place) {
    const Draft& loop = (*place.level->outer->drafts)[place.level->owner];
    checks_.fault(reference.position, "inside_loop",
                  "'" + reference.node + "' is inside of the loop '" + loop.node.id +
                      "' and runs once a round; only nodes there can read from it. Read what the "
                      "loop gives: $('" +
                      loop.node.id + "').");
  }

  void report_itself(const expression::Reference& reference, const Draft& draft, bool same_level) {
    const std::string what =
        same_level ? "A node cannot read from itself"
                   : "The loop '" + reference.node + "' has given nothing while its nodes run";
    checks_.fault(reference.position, "not_upstream",
                  what + ". In '" + draft.node.id + "', $json is the item it receives.");
  }

  Checks& checks_;
};

class Upstream {
 public:
  Upstream(Checks& checks, Level& level)
      : checks_(checks), level_(level), bits_(level.drafts->size()), sorted_(bits_.size(), false) {
    for (const std::size_t node : level.order) sorted_[node] = true;
  }

  void answer() {
    std::vector<Level::Question>& questions = level_.questions;
    std::stable_sort(questions.begin(), questions.end(),
                     [](const auto& a, const auto& b) { return a.source < b.source; });
    for (std::size_t begin = 0; begin < questions.size();) begin = answer_from(begin);
  }

 private:
  static constexpr std::size_t kSources = 63;
  static constexpr std::uint64_t kUncertain = std::uint64_t{1} << 63U;

  // Answers the questions about the next sources; returns where the rest begins.
  std::size_t answer_from(std::size_t begin) {
    const std::vector<Level::Question>& questions = level_.questions;
    std::vector<std::size_t> sources;
    std::size_t end = begin;
    for (; end < questions.size(); ++end) {
      if (!sources.empty() && sources.back() == questions[end].source) continue;
      if (sources.size() == kSources) break;
      sources.push_back(questions[end].source);
    }
    spread(sources);
    std::size_t bit = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (sources[bit] != questions[i].source) ++bit;
      check(questions[i], std::uint64_t{1} << bit);
    }
    return end;
  }

  // bits_[n]: which sources are upstream of n, and whether something unknown is.
  void spread(const std::vector<std::size_t>& sources) {
    std::vector<std::uint64_t> own(bits_.size(), 0);
    for (std::size_t i = 0; i < sources.size(); ++i) own[sources[i]] = std::uint64_t{1} << i;
    for (const std::size_t node : level_.order) {
      const Draft& draft = (*level_.drafts)[node];
      std::uint64_t bits = draft.uncertain ? kUncertain : 0;
      for (const Edge& edge : draft.node.edges) bits |= bits_[edge.node] | own[edge.node];
      bits_[node] = bits;
    }
  }

  void check(const Level::Question& question, std::uint64_t bit) {
    // A cycle is reported as such; what is upstream of its nodes cannot be told.
    if (!sorted_[question.target] || !sorted_[question.source]) return;
    if ((bits_[question.target] & (bit | kUncertain)) == 0) report_not_upstream(checks_, question);
  }

  Checks& checks_;
  Level& level_;
  std::vector<std::uint64_t> bits_;
  std::vector<bool> sorted_;
};

}  // namespace

void check_references(Checks& checks) {
  ReferenceChecker checker(checks);
  for (Level& level : checks.levels) {
    for (std::size_t i = 0; i < level.drafts->size(); ++i) checker.collect(level, i);
  }
  for (Level& level : checks.levels) Upstream(checks, level).answer();
}

}  // namespace engine::workflow
