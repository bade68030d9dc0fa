#include <algorithm>

#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

// Topological order by Kahn; what is left over is part of a cycle or follows one.
void sort_level(Level& level) {
  const std::vector<Draft>& drafts = *level.drafts;
  std::vector<std::vector<std::size_t>> next(drafts.size());
  std::vector<std::size_t> open(drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    open[i] = drafts[i].node.edges.size();
    for (const Edge& edge : drafts[i].node.edges) next[edge.node].push_back(i);
    if (open[i] == 0) level.order.push_back(i);
  }
  for (std::size_t done = 0; done < level.order.size(); ++done) {
    for (const std::size_t follower : next[level.order[done]]) {
      if (--open[follower] == 0) level.order.push_back(follower);
    }
  }
}

class CycleFinder {
 public:
  CycleFinder(Checks& checks, const Level& level) : checks_(checks), drafts_(*level.drafts) {
    left_.assign(drafts_.size(), true);
    for (const std::size_t sorted : level.order) left_[sorted] = false;
    walk_of_.assign(drafts_.size(), 0);
  }

  // From every node that is left over, backwards: each walk ends in a cycle, known or new.
  void report() {
    std::size_t walk = 0;
    for (std::size_t start = 0; start < drafts_.size(); ++start) {
      if (!left_[start] || walk_of_[start] != 0) continue;
      ++walk;
      std::vector<std::size_t> path;
      std::size_t node = start;
      while (walk_of_[node] == 0) {
        walk_of_[node] = walk;
        path.push_back(node);
        node = left_over_source(node);
      }
      if (walk_of_[node] == walk) {
        report({std::find(path.begin(), path.end(), node), path.end()});
      }
    }
  }

 private:
  std::size_t left_over_source(std::size_t node) const {
    for (const Edge& edge : drafts_[node].node.edges) {
      if (left_[edge.node]) return edge.node;
    }
    return node;
  }

  // `cycle` runs backwards along the edges.
  void report(std::vector<std::size_t> cycle) {
    std::reverse(cycle.begin(), cycle.end());
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    constexpr std::size_t kMostNames = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(cycle.size(), kMostNames); ++i) {
      names += drafts_[cycle[i]].node.id + " -> ";
    }
    if (cycle.size() > kMostNames) names += "… -> ";
    const Draft& first = drafts_[cycle.front()];
    checks_.fault(first.says_after ? first.after_position : first.id_position, "cycle",
                  "These nodes wait for each other and can never run: " + names + first.node.id +
                      ". Change one 'after', or use 'type: loop' or 'type: repeat' to repeat "
                      "nodes.");
  }

  Checks& checks_;
  const std::vector<Draft>& drafts_;
  std::vector<bool> left_;
  std::vector<std::size_t> walk_of_;
};

}  // namespace

void check_cycles(Checks& checks) {
  for (Level& level : checks.levels) {
    sort_level(level);
    if (level.order.size() < level.drafts->size()) CycleFinder(checks, level).report();
  }
}

}  // namespace engine::workflow
