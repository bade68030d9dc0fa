#include "core/node/registry.h"

#include "core/base/error.h"

namespace engine {
namespace {

Error duplicate(const std::string& id, int version) {
  return {ErrorCause::bug, "duplicate_node_type",
          "The node type '" + id + "' is registered twice with version " + std::to_string(version) +
              ". Give one of them another id or version."};
}

}  // namespace

void Registry::add(NodeType type) {
  const std::lock_guard lock(mutex_);
  const std::string id = type.description.id;
  const int version = type.description.version;
  Entry entry;
  entry.title = type.description.title;
  entry.type = std::make_unique<NodeType>(std::move(type));
  if (!entries_[id].emplace(version, std::move(entry)).second) throw duplicate(id, version);
}

void Registry::add_lazy(const std::string& id, int version, std::string title, Loader load) {
  const std::lock_guard lock(mutex_);
  Entry entry{std::move(title), std::move(load), nullptr};
  if (!entries_[id].emplace(version, std::move(entry)).second) throw duplicate(id, version);
}

const NodeType* Registry::find(std::string_view id, int version) const {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(id);
  if (known == entries_.end()) return nullptr;
  auto& by_version = known->second;
  const auto found = version == 0 ? std::prev(by_version.end()) : by_version.find(version);
  if (found == by_version.end()) return nullptr;
  Entry& entry = found->second;
  if (!entry.type) entry.type = std::make_unique<NodeType>(entry.load());
  return entry.type.get();
}

void Registry::refuse(std::string package, std::string reason) {
  const std::lock_guard lock(mutex_);
  refused_.emplace(std::move(package), std::move(reason));
}

std::string Registry::refusal(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = refused_.find(id.substr(0, id.find('.')));
  return found == refused_.end() ? std::string() : found->second;
}

std::vector<std::string> Registry::ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> result;
  result.reserve(entries_.size());
  for (const auto& [id, versions] : entries_) result.push_back(id);
  return result;
}

std::vector<int> Registry::versions(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  std::vector<int> result;
  const auto known = entries_.find(id);
  if (known == entries_.end()) return result;
  for (const auto& [version, entry] : known->second) result.push_back(version);
  return result;
}

std::string Registry::title(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(id);
  return known == entries_.end() ? std::string() : known->second.rbegin()->second.title;
}

}  // namespace engine
