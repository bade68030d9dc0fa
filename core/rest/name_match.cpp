#include "core/rest/name_match.h"

#include <algorithm>
#include <cctype>

#include "core/base/nearest.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

constexpr std::size_t kMostShown = 20;

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

// The same thing may be found in several places.
template <typename Same>
std::vector<const Candidate*> called(std::string_view name,
                                     const std::vector<Candidate>& candidates, const Same& same) {
  std::vector<const Candidate*> found;
  for (const Candidate& candidate : candidates) {
    const bool fits = std::any_of(candidate.names.begin(), candidate.names.end(),
                                  [&](const std::string& own) { return same(own, name); });
    const bool known = std::any_of(found.begin(), found.end(), [&](const Candidate* other) {
      return other->id.equals(candidate.id);
    });
    if (fits && !known) found.push_back(&candidate);
  }
  return found;
}

std::string list_of(const std::vector<const Candidate*>& candidates) {
  std::string text;
  for (std::size_t i = 0; i < std::min(candidates.size(), kMostShown); ++i) {
    if (!text.empty()) text += ", ";
    text += shown(*candidates[i]);
  }
  if (candidates.size() > kMostShown) {
    text += " and " + std::to_string(candidates.size() - kMostShown) + " more";
  }
  return text;
}

}  // namespace

std::string shown(const Candidate& candidate) {
  // The longest name tells most.
  const auto longest = std::max_element(
      candidate.names.begin(), candidate.names.end(),
      [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  const std::string id = to_text(candidate.id);
  if (longest == candidate.names.end() || *longest == id) return "'" + id + "'";
  return "'" + *longest + "' (" + id + ")";
}

const Candidate* find_named(std::string_view name, const std::vector<Candidate>& candidates,
                            const std::string& what) {
  auto found = called(name, candidates, std::equal_to<std::string_view>());
  if (found.empty()) found = called(name, candidates, same_letters);
  if (found.size() > 1) {
    throw Error(ErrorCause::user, "ambiguous_name",
                "'" + std::string(name) + "' is the name of " + std::to_string(found.size()) +
                    " of them: " + list_of(found) + ". Give the id of the " + what +
                    " that is meant, or its longer name.");
  }
  return found.empty() ? nullptr : found.front();
}

Error unknown_name(std::string_view name, const std::vector<Candidate>& candidates,
                   const std::string& whose, const std::string& what) {
  std::vector<std::string> names;
  std::vector<const Candidate*> all;
  for (const Candidate& candidate : candidates) {
    names.insert(names.end(), candidate.names.begin(), candidate.names.end());
    all.push_back(&candidate);
  }
  std::string message =
      whose + " has no " + what + " '" + std::string(name) + "'." + did_you_mean(name, names);
  message += all.empty() ? " There is none at all." : " There is " + list_of(all) + ".";
  return {ErrorCause::user, "unknown_name", message};
}

}  // namespace engine::rest
