#include "nodes/clickup/sandbox/delivery/subscription.h"

#include <algorithm>

namespace engine::clickup::sandbox {
namespace {

bool is_in_folder(const World& world, const std::string& place, const std::string& wanted) {
  for (const Folder* one = world.folders.find(place); one != nullptr;
       one = world.folders.find(one->parent_folder)) {
    if (one->id == wanted) return true;
  }
  return false;
}

bool is_at(const World& world, const Webhook& hook, const Place& place) {
  if (!hook.task_id.empty()) return place.task_id == hook.task_id;
  if (!hook.list_id.empty()) return place.list_id == hook.list_id;
  if (!hook.folder_id.empty()) return is_in_folder(world, place.folder_id, hook.folder_id);
  return hook.space_id.empty() || place.space_id == hook.space_id;
}

}  // namespace

bool is_awake(World& world, const Webhook& hook) {
  if (hook.deleted || hook.status == "suspended") return false;
  Team* team = world.teams.live(hook.team_id);
  return team != nullptr && team->member(hook.user) != nullptr && world.user(hook.user) != nullptr;
}

bool hears(World& world, const Webhook& hook, const Event& event) {
  const auto wants = [&](const std::string& name) { return name == "*" || name == event.name; };
  return hook.team_id == event.place.team_id &&
         std::any_of(hook.events.begin(), hook.events.end(), wants) &&
         is_at(world, hook, event.place) && is_awake(world, hook);
}

}  // namespace engine::clickup::sandbox
