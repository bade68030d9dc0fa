#include "nodes/clickup/sandbox/seed/seed.h"

namespace engine::clickup::sandbox {
namespace {

constexpr const char* kTeam = "9001";

void plant_goal(World& world) {
  Goal goal;
  goal.id = "e53a033c-900e-462d-a849-4a216b06d930";
  goal.team_id = kTeam;
  goal.pretty_id = 1;
  goal.name = "Fewer open bugs";
  goal.color = "#32a852";
  goal.date_created = world.now();
  goal.date_updated = world.now();
  goal.creator = 101;
  goal.owners = {101, 102};
  KeyResult result;
  result.id = "947d46ed-8480-49bc-8c57-e569747efe93";
  result.goal_id = goal.id;
  result.name = "Bugs fixed";
  result.type = "number";
  result.unit = "bugs";
  result.steps_end = 50;
  result.steps_current = 20;
  result.owners = {101};
  result.list_ids = {"901"};
  result.creator = 101;
  result.date_created = world.now();
  result.last_action = nullptr;
  world.goals.add(std::move(goal));
  world.key_results.add(std::move(result));
}

void plant_view(World& world) {
  SavedView view;
  view.id = "3c-105";
  view.team_id = kTeam;
  view.parent_id = "901";
  view.parent_type = kParentList;
  view.name = "Open bugs";
  view.type = "list";
  view.settings = Value::object();
  view.creator = 101;
  view.date_created = world.now();
  world.views.add(std::move(view));
}

void plant_time(World& world) {
  constexpr std::size_t kEntries = 20;
  std::size_t index = 0;
  for (const Task& task : world.tasks) {
    if (index == kEntries) break;
    if (task.assignees.empty()) continue;
    TimeEntry entry;
    entry.id = "4621003218" + world.new_number();
    entry.team_id = kTeam;
    entry.task_id = task.id;
    entry.user = task.assignees.front();
    entry.start = world.now() - static_cast<Ms>(kEntries - index) * 24 * kHour;
    entry.end = entry.start + static_cast<Ms>(1 + index % 4) * kHour;
    entry.at = *entry.end;
    entry.billable = index % 2 == 0;
    entry.history = Value::array();
    world.time_entries.add(std::move(entry));
    world.count_time(task.id);
    ++index;
  }
}

void plant_templates(World& world) {
  world.templates.add({"t-1001", kTeam, "task", "Bug report", {}, {}, false});
  world.templates.add({"t-1002", kTeam, "list", "Release", {"Freeze", "Test", "Ship"}, {}, false});
  world.templates.add({"t-1003", kTeam, "folder", "Client", {}, {"Contract", "Delivery"}, false});
}

void plant_words(World& world) {
  Doc doc;
  doc.id = "8c901-1";
  doc.team_id = kTeam;
  doc.name = "Handbook";
  doc.parent_id = "801";
  doc.parent_type = kParentSpace;
  doc.is_public = true;
  doc.creator = 101;
  doc.date_created = world.now();
  doc.date_updated = world.now();
  Page page;
  page.id = "8c901-1-1";
  page.doc_id = doc.id;
  page.name = "Welcome";
  page.content = "# Welcome\nHow we work.";
  page.creator = 101;
  page.date_created = world.now();
  Channel channel;
  channel.id = "6-901-8";
  channel.team_id = kTeam;
  channel.type = "CHANNEL";
  channel.name = "General";
  channel.parent_id = kTeam;
  channel.creator = 101;
  channel.date_created = world.now();
  channel.date_updated = world.now();
  channel.members = {101, 102, 103, 104, 105};
  world.docs.add(std::move(doc));
  world.pages.add(std::move(page));
  world.channels.add(std::move(channel));
}

}  // namespace

void plant_default_extras(World& world) {
  Group group;
  group.id = "4bfdfcec-6f4f-40a7-b0d6-22660d51870d";
  group.team_id = kTeam;
  group.name = "Support";
  group.handle = "support";
  group.creator = 101;
  group.date_created = world.now();
  group.members = {103, 104};
  world.groups.add(std::move(group));
  plant_goal(world);
  plant_view(world);
  plant_time(world);
  plant_templates(world);
  plant_words(world);
}

}  // namespace engine::clickup::sandbox
