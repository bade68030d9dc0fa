// Uploads to tasks (v2) and to tasks and custom fields (v3), and their downloads.
#include <algorithm>

#include "core/base/utf8.h"
#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/form.h"
#include "nodes/clickup/sandbox/resources/paging.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

std::string extension_of(const std::string& title) {
  const std::size_t dot = title.rfind('.');
  return dot == std::string::npos ? "" : title.substr(dot + 1);
}

std::vector<UploadPart> parts_of(const Call& call) {
  const auto type = call.request.headers.find("Content-Type");
  auto parts = read_multipart(type.value_or(""), call.request.body);
  if (!parts) refuse("Bad attachment form", "ATTCH_045");
  return std::move(*parts);
}

Attachment& keep(Call& call, const UploadPart& part, const std::string& title,
                 const std::string& parent_type, const std::string& parent_id) {
  if (!is_utf8(title)) refuse("The file's name is not UTF-8", "ATTCH_045");
  if (call.world.base_url.empty()) {
    const std::string_view host = call.request.headers.find("Host").value_or("127.0.0.1");
    call.world.base_url = "http://" + std::string(is_utf8(host) ? host : "127.0.0.1");
  }
  Attachment made;
  made.title = title;
  made.extension = extension_of(title);
  made.id = call.world.new_uuid() + (made.extension.empty() ? "" : "." + made.extension);
  made.parent_type = parent_type;
  made.parent_id = parent_id;
  made.mime_type = !part.content_type.empty() && is_utf8(part.content_type)
                       ? part.content_type
                       : "application/octet-stream";
  made.content = part.content;
  made.user = call.user_id();
  made.date = call.now();
  return call.world.attachments.add(std::move(made));
}

Answer upload_to_task(Call& call) {
  const Task& task = call.task();
  const auto parts = parts_of(call);
  const auto file = std::find_if(parts.begin(), parts.end(), [](const UploadPart& part) {
    return part.name == "attachment" || part.name.rfind("attachment[", 0) == 0;
  });
  if (file == parts.end() || file->file_name.empty()) {
    refuse("The part 'attachment' with a file is missing", "ATTCH_045");
  }
  const Attachment& made = keep(call, *file, file->file_name, "tasks", task.id);
  Answer answer;
  Writer w;
  write_attachment(w, made, call.world.base_url);
  answer.json = w.finish();
  return answer;
}

/// `attachments` are those of a task.
std::string parent_type_of(const Call& call) {
  const std::string& type = call.path("entity_type");
  if (type == "attachments") return "tasks";
  if (type == "custom_fields") return type;
  throw Refusal(400, "entity_type must be attachments or custom_fields", "INPUT_005");
}

std::string parent_of(const Call& call, const std::string& type) {
  const std::string& id = call.path("entity_id");
  if (type == "tasks" && call.world.tasks.live(id) == nullptr) refuse_missing("Task");
  if (type == "custom_fields" && call.world.fields.live(id) == nullptr) {
    refuse_missing("Custom field");
  }
  return type == "tasks" ? call.task(id).id : id;
}

void write_v3(Writer& w, const Attachment& one, const std::string& base_url) {
  w.text("id", one.id);
  w.text("title", one.title);
  w.text("extension", one.extension);
  w.text("mime_type", one.mime_type);
  w.text("parent_entity_type", one.parent_type);
  w.text("parent_id", one.parent_id);
  w.integer("size", static_cast<std::int64_t>(one.content.size()));
  w.flag("signed", false);
  for (const char* key : {"thumbnail_small", "thumbnail_medium", "thumbnail_large"}) w.null(key);
  w.text("url", base_url + "/attachments/" + one.id + "/" + http::percent_encode(one.title));
  w.integer("user_id", one.user);
  w.integer("date_created", one.date);
  w.integer("date_updated", one.date);
}

Answer upload(Call& call) {
  call.workspace();
  const std::string type = parent_type_of(call);
  const std::string parent = parent_of(call, type);
  const auto parts = parts_of(call);
  const auto is_file = [](const UploadPart& part) { return !part.file_name.empty(); };
  const auto file = std::find_if(parts.begin(), parts.end(), is_file);
  if (file == parts.end()) refuse("The form has no file", "ATTCH_045");
  std::string title = file->file_name;
  for (const UploadPart& part : parts) {
    if (part.name == "filename" && !is_file(part)) title = part.content;
  }
  const Attachment& made = keep(call, *file, title, type, parent);
  return reply([&](Writer& w) { write_v3(w, made, call.world.base_url); });
}

Answer list_attachments(Call& call) {
  call.workspace();
  const std::string type = parent_type_of(call);
  const std::string parent = parent_of(call, type);
  std::vector<const Attachment*> found;
  for (const Attachment& one : call.world.attachments) {
    if (!one.deleted && one.parent_type == type && one.parent_id == parent) found.push_back(&one);
  }
  return page_v3(call, found, "data",
                 [&](Writer& w, const Attachment& one) { write_v3(w, one, call.world.base_url); });
}

Answer download(Call& call) {
  const Attachment* found = call.world.attachments.live(call.path("attachment_id"));
  if (found == nullptr) throw Refusal(404, "Attachment not found", "ATTCH_001");
  Answer answer;
  answer.text = found->content;
  // What people upload must not run as a page of this server.
  answer.content_type = found->mime_type.find_first_of("\r\n") == std::string::npos
                            ? found->mime_type
                            : "application/octet-stream";
  answer.headers.add("Content-Disposition", "attachment");
  answer.headers.add("X-Content-Type-Options", "nosniff");
  return answer;
}

}  // namespace

void add_attachment_routes(Router& router) {
  constexpr std::string_view kPath =
      "/v3/workspaces/{workspace_id}/{entity_type}/{entity_id}/attachments";
  router.add("POST", "/v2/task/{task_id}/attachment", upload_to_task).query(kTaskId).with_bytes();
  router.add("GET", kPath, list_attachments).query("cursor, limit");
  router.add("POST", kPath, upload).with_bytes();
  router.add("GET", "/attachments/{attachment_id}/{name}", download).without_token();
}

}  // namespace engine::clickup::sandbox
