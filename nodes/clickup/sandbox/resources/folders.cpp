#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Answer one_folder(Call& call, const Folder& folder) {
  Writer writer;
  write_folder(writer, call.world, folder);
  Answer answer;
  answer.json = writer.finish();
  return answer;
}

Answer list_folders(Call& call) {
  const Space& space = call.space();
  const bool archived = call.query_flag("archived");
  return reply([&](Writer& w) {
    w.array("folders", [&] {
      for (const Folder& folder : call.world.folders) {
        const bool shown = folder.space_id == space.id && !folder.hidden && !folder.deleted &&
                           folder.archived == archived;
        if (shown) write_folder(w, call.world, folder);
      }
    });
  });
}

std::string folder_name_of(const Call& call, const std::string& space_id, const Folder* except) {
  std::string name(call.body["name"].as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("Folder name invalid");
  for (const Folder& one : call.world.folders) {
    if (&one != except && one.space_id == space_id && !one.deleted && same_name(one.name, name)) {
      refuse("Folder with this name already exists");
    }
  }
  return name;
}

Answer create_folder(Call& call) {
  const Space& space = call.space();
  Folder folder;
  folder.space_id = space.id;
  folder.name = folder_name_of(call, space.id, nullptr);
  if (call.body["parent_folder_id"].given()) {
    const Folder& parent = call.folder(call.body["parent_folder_id"].as_string());
    if (parent.space_id != space.id) refuse("The parent folder is in another Space", "INPUT_011");
    folder.parent_folder = parent.id;
  }
  folder.id = call.world.new_number();
  folder.orderindex = static_cast<std::int64_t>(call.world.folders.size());
  const Folder& added = call.world.folders.add(std::move(folder));
  tell_folder(call, added, "folderCreated");
  return one_folder(call, added);
}

Answer read_folder(Call& call) {
  const Folder& folder = call.folder();
  Answer answer = one_folder(call, folder);
  if (!call.query_flag("include_subfolders")) return answer;
  const Value itself = answer.json;
  answer.json = make_object([&](Writer& w) {
    for (const auto& [key, member] : itself.View::members()) w.value(key, itself.share(member));
    w.array("subfolders", [&] {
      for (const Folder& one : call.world.folders) {
        if (one.parent_folder == folder.id && !one.deleted) write_folder(w, call.world, one);
      }
    });
  });
  return answer;
}

Answer update_folder(Call& call) {
  Folder& folder = call.folder();
  if (!call.body["name"].missing()) folder.name = folder_name_of(call, folder.space_id, &folder);
  if (call.body["archived"].is_boolean()) folder.archived = call.body["archived"].as_bool();
  tell_folder(call, folder, "folderUpdated");
  return one_folder(call, folder);
}

Answer delete_folder(Call& call) {
  Folder& folder = call.folder();
  if (folder.deleted) return done();
  folder.deleted = true;
  tell_folder(call, folder, "folderDeleted");
  tell_space(call, *call.world.spaces.find(folder.space_id), "spaceUpdated");
  for (List& list : call.world.lists) {
    if (list.folder_id != folder.id || list.deleted) continue;
    list.deleted = true;
    for (Task* task : list.tasks) task->deleted = true;
    tell_list(call, list, "listDeleted");
  }
  return done();
}

}  // namespace

void add_folder_routes(Router& router) {
  router.add("GET", "/v2/space/{space_id}/folder", list_folders).query("archived");
  router.add("POST", "/v2/space/{space_id}/folder", create_folder)
      .body("name*: text, parent_folder_id: text?");
  router.add("GET", "/v2/folder/{folder_id}", read_folder).query("include_subfolders");
  router.add("PUT", "/v2/folder/{folder_id}", update_folder).body("name: text, archived: boolean");
  router.add("DELETE", "/v2/folder/{folder_id}", delete_folder);
}

}  // namespace engine::clickup::sandbox
