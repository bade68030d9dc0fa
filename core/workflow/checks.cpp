#include "core/base/nearest.h"
#include "core/workflow/draft.h"

namespace engine::workflow {

std::string Checks::suggest(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t kMostSuggestions = 100;
  if (++suggested_ > kMostSuggestions) return "";
  return did_you_mean(name, names);
}

const Draft* Checks::find(std::string_view id) const {
  const auto found = places.find(id);
  if (found == places.end()) return nullptr;
  return &(*found->second.level->drafts)[found->second.index];
}

const std::vector<std::string>& Checks::ids(const Level* level) {
  const auto [known, added] = ids_.try_emplace(level);
  if (!added) return known->second;
  for (const Level& each : levels) {
    if (level != nullptr && level != &each) continue;
    for (const Draft& draft : *each.drafts) known->second.push_back(draft.node.id);
  }
  return known->second;
}

const std::vector<std::string>& Checks::types() {
  if (types_.empty()) types_ = context.registry->ids();
  return types_;
}

namespace {

// NOLINTNEXTLINE(misc-no-recursion): as deep as the document
void index_level(Checks& checks, std::vector<Draft>& drafts, Level* outer, std::size_t owner) {
  Level& level = checks.levels.emplace_back();
  level.drafts = &drafts;
  level.outer = outer;
  level.owner = owner;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    Draft& draft = drafts[i];
    if (!draft.node.id.empty()) {
      const auto [known, added] = checks.places.try_emplace(draft.node.id, Place{&level, i});
      if (!added) {
        const Draft& first = (*known->second.level->drafts)[known->second.index];
        checks.fault(draft.id_position, "duplicate_id",
                     "The id '" + draft.node.id + "' is taken by the node in line " +
                         std::to_string(first.id_position.line) +
                         ". Ids are unique in the whole file; give this node another one.");
      }
    }
    if (draft.says_do) index_level(checks, draft.body, &level, i);
  }
}

}  // namespace

void index_nodes(Checks& checks, std::vector<Draft>& drafts) {
  index_level(checks, drafts, nullptr, 0);
}

}  // namespace engine::workflow
