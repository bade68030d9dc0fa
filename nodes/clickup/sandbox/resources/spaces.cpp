#include "core/value/path.h"
#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Answer one_space(Call& call, const Space& space) {
  Writer writer;
  write_space(writer, call.world, space);
  Answer answer;
  answer.json = writer.finish();
  return answer;
}

Answer list_spaces(Call& call) {
  const Team& team = call.team();
  const bool archived = call.query_flag("archived");
  return reply([&](Writer& w) {
    w.array("spaces", [&] {
      for (const Space& space : call.world.spaces) {
        const bool shown = space.team_id == team.id && !space.deleted && space.archived == archived;
        if (shown) write_space(w, call.world, space);
      }
    });
  });
}

std::string name_of(const Value& body) {
  std::string name(body.View::operator[]("name").as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("Space name invalid");
  return name;
}

void check_name(const Call& call, const std::string& team_id, const std::string& name,
                const Space* except) {
  for (const Space& one : call.world.spaces) {
    if (&one != except && one.team_id == team_id && !one.deleted && same_name(one.name, name)) {
      refuse("Space with this name already exists");
    }
  }
}

// Features that are not given stay as they are.
void merge_features(Space& space, const Value& body) {
  for (const auto& [name, feature] : body.View::operator[]("features").members()) {
    space.features = with_path(space.features, {std::string(name)}, body.share(feature));
  }
}

void read(Space& space, const Value& body) {
  if (body["color"].is_string()) space.color = body["color"].as_string();
  if (body["private"].is_boolean()) space.is_private = body["private"].as_bool();
  if (body["admin_can_manage"].is_boolean()) {
    space.admin_can_manage = body["admin_can_manage"].as_bool();
  }
  if (body["multiple_assignees"].is_boolean()) {
    space.multiple_assignees = body["multiple_assignees"].as_bool();
  }
  if (body["archived"].is_boolean()) space.archived = body["archived"].as_bool();
  merge_features(space, body);
}

Answer create_space(Call& call) {
  const Team& team = call.team();
  Space space;
  space.team_id = team.id;
  space.name = name_of(call.body);
  check_name(call, team.id, space.name, nullptr);
  space.id = call.world.new_number();
  space.features = Value::object();
  space.statuses = {{"p" + space.id + "_open", "to do", "open", "#d3d3d3"},
                    {"p" + space.id + "_closed", "complete", "closed", "#6bc950"}};
  read(space, call.body);
  const Space& added = call.world.spaces.add(std::move(space));
  tell_space(call, added, "spaceCreated");
  List list;
  list.id = call.world.new_number();
  list.space_id = added.id;
  list.folder_id = call.world.hidden_folder(added).id;
  list.name = "List";  // the service makes one in every new space
  tell_list(call, call.world.lists.add(std::move(list)), "listCreated");
  tell_space(call, added, "spaceUpdated");
  return one_space(call, added);
}

Answer read_space(Call& call) {
  return one_space(call, call.space());
}

Answer update_space(Call& call) {
  Space& space = call.space();
  if (!call.body["name"].missing()) {
    const std::string name = name_of(call.body);
    check_name(call, space.team_id, name, &space);
    space.name = name;
  }
  read(space, call.body);
  tell_space(call, space, "spaceUpdated");
  return one_space(call, space);
}

Answer delete_space(Call& call) {
  Space& space = call.space();
  for (List& list : call.world.lists) {
    if (list.space_id != space.id || list.deleted) continue;
    list.deleted = true;
    for (Task* task : list.tasks) task->deleted = true;
    tell_list(call, list, "listDeleted");
  }
  for (Folder& folder : call.world.folders) {
    if (folder.space_id == space.id) folder.deleted = true;
  }
  space.deleted = true;
  tell_space(call, space, "spaceDeleted");
  return done();
}

}  // namespace

void add_space_routes(Router& router) {
  router.add("GET", "/v2/team/{team_id}/space", list_spaces).query("archived");
  router.add("POST", "/v2/team/{team_id}/space", create_space)
      .body(
          "name*: text, multiple_assignees: boolean, features: object, color: text?, "
          "private: boolean, admin_can_manage: boolean");
  router.add("GET", "/v2/space/{space_id}", read_space);
  router.add("PUT", "/v2/space/{space_id}", update_space)
      .body(
          "name: text, color: text?, private: boolean, admin_can_manage: boolean, "
          "multiple_assignees: boolean, features: object, archived: boolean");
  router.add("DELETE", "/v2/space/{space_id}", delete_space);
}

}  // namespace engine::clickup::sandbox
