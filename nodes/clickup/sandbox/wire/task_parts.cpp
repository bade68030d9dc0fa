// Checklists and attachments, which are also answers of their own.
#include <algorithm>

#include "core/http/message.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

// NOLINTNEXTLINE(misc-no-recursion): items nest as people nest them; a parent is made before its
// child
void write_items(Writer& w, World& world, const Checklist& checklist, const std::string& parent) {
  std::int64_t index = 0;
  for (const ChecklistItem& item : checklist.items) {
    if (item.parent != parent) continue;
    w.object([&] {
      w.text("id", item.id);
      w.text("name", item.name);
      w.integer("orderindex", index++);
      write_user_or_null(w, "assignee", world, item.assignee);
      w.null("group_assignee");
      w.flag("resolved", item.resolved);
      w.text_or_null("parent", item.parent);
      w.date("date_created", item.date_created);
      w.array("children", [&] { write_items(w, world, checklist, item.id); });
    });
  }
}

}  // namespace

void write_checklist(Writer& w, World& world, const Checklist& checklist, std::string_view task_id,
                     std::int64_t orderindex) {
  const auto resolved = std::count_if(checklist.items.begin(), checklist.items.end(),
                                      [](const ChecklistItem& item) { return item.resolved; });
  w.object([&] {
    w.text("id", checklist.id);
    w.text("task_id", task_id);
    w.text("name", checklist.name);
    w.date("date_created", checklist.date_created);
    w.integer("orderindex", orderindex);
    w.integer("creator", checklist.creator);
    w.integer("resolved", resolved);
    w.integer("unresolved", static_cast<std::int64_t>(checklist.items.size()) - resolved);
    w.array("items", [&] { write_items(w, world, checklist, ""); });
  });
}

void write_attachment(Writer& w, const Attachment& attachment, const std::string& base_url) {
  const std::string url =
      base_url + "/attachments/" + attachment.id + "/" + http::percent_encode(attachment.title);
  w.object([&] {
    w.text("id", attachment.id);
    w.text("version", "0");
    w.integer("date", attachment.date);
    w.text("title", attachment.title);
    w.text("extension", attachment.extension);
    w.text("mimetype", attachment.mime_type);
    w.integer("size", static_cast<std::int64_t>(attachment.content.size()));
    w.null("thumbnail_small");
    w.null("thumbnail_large");
    w.text("url", url);
  });
}

}  // namespace engine::clickup::sandbox
