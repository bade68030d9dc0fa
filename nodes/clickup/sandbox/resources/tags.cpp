// Tags of spaces and of tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/task_edit.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Answer list_tags(Call& call) {
  const Space& space = call.space();
  return reply([&](Writer& w) {
    w.array("tags", [&] {
      for (const Tag& tag : space.tags) write_tag(w, tag);
    });
  });
}

std::string name_in(View tag) {
  std::string name(tag["name"].as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("Tag name invalid");
  return name;
}

Answer create_tag(Call& call) {
  Space& space = call.space();
  const Value tag = call.body["tag"];
  const std::string name = name_in(tag);
  if (call.world.tag(space, name) != nullptr) refuse("Tag already exists");
  space.tags.push_back({name, std::string(tag["tag_fg"].as_string("#ffffff")),
                        std::string(tag["tag_bg"].as_string("#7b68ee")), call.user_id()});
  return done();
}

Tag& tag_of(const Call& call, Space& space) {
  Tag* tag = call.world.tag(space, call.path("tag_name"));
  if (tag == nullptr) throw Refusal(404, "Tag not found", "INPUT_005");
  return *tag;
}

/// Every task of the space that has the tag.
template <typename Change>
void for_tasks_with(Call& call, const Space& space, const std::string& name, Change&& change) {
  for (Task& task : call.world.tasks) {
    if (call.world.list_of(task).space_id != space.id) continue;
    const auto found = std::find(task.tags.begin(), task.tags.end(), name);
    if (found != task.tags.end()) change(task, found);
  }
}

Answer update_tag(Call& call) {
  Space& space = call.space();
  Tag& tag = tag_of(call, space);
  const Value given = call.body["tag"];
  const std::string name = given["name"].missing() ? tag.name : name_in(given);
  const Tag* other = call.world.tag(space, name);
  if (other != nullptr && other != &tag) refuse("Tag already exists");
  for_tasks_with(call, space, tag.name, [&](Task&, auto place) { *place = name; });
  tag.name = name;
  tag.foreground = given["fg_color"].as_string(tag.foreground);
  tag.background = given["bg_color"].as_string(tag.background);
  return reply([&](Writer& w) {
    w.object("tag", [&] {
      w.text("name", tag.name);
      w.text("fg_color", tag.foreground);
      w.text("bg_color", tag.background);
    });
  });
}

Answer delete_tag(Call& call) {
  Space& space = call.space();
  const std::string name = tag_of(call, space).name;
  for_tasks_with(call, space, name, [](Task& task, auto place) { task.tags.erase(place); });
  std::erase_if(space.tags, [&](const Tag& tag) { return tag.name == name; });
  return done();
}

Answer tag_task(Call& call) {
  Task& task = call.task();
  TaskEdit edit(call, task);
  edit.add_tag(call.path("tag_name"));
  edit.finish(task);
  return done();
}

Answer untag_task(Call& call) {
  Task& task = call.task();
  TaskEdit edit(call, task);
  edit.remove_tag(call.path("tag_name"));
  edit.finish(task);
  return done();
}

}  // namespace

void add_tag_routes(Router& router) {
  router.add("GET", "/v2/space/{space_id}/tag", list_tags);
  router.add("POST", "/v2/space/{space_id}/tag", create_tag)
      .body("tag*: {name*: text, tag_fg: text, tag_bg: text}");
  router.add("PUT", "/v2/space/{space_id}/tag/{tag_name}", update_tag)
      .body("tag*: {name: text, fg_color: text, bg_color: text}");
  router.add("DELETE", "/v2/space/{space_id}/tag/{tag_name}", delete_tag)
      .body("tag: {name: text, tag_fg: text, tag_bg: text}");
  router.add("POST", "/v2/task/{task_id}/tag/{tag_name}", tag_task).query(kTaskId);
  router.add("DELETE", "/v2/task/{task_id}/tag/{tag_name}", untag_task).query(kTaskId);
}

}  // namespace engine::clickup::sandbox
