#include "nodes/clickup/sandbox/comment_store.h"

#include <algorithm>

#include "core/value/number.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

/// Rich text as it is read: parts with their text; mentions and emoji keep their members.
std::string text_of(View parts) {
  std::string text;
  for (const View part : parts.elements()) text += part["text"].as_string();
  return text;
}

Value plain_parts(std::string_view text) {
  return Value::array({Value::object({{"text", text}})});
}

}  // namespace

Comment& create_comment(Call& call, CommentParent kind, const std::string& parent_id,
                        const Team& team, const std::string& reply_to) {
  Comment comment;
  const Value parts = call.body["comment"];
  if (parts.is_array()) {
    comment.parts = parts.detached();
    comment.text = text_of(parts);
  } else {
    comment.text = call.body["comment_text"].as_string();
    comment.parts = plain_parts(comment.text);
  }
  if (comment.text.empty() && parts.size() == 0) refuse("Comment text is required");
  if (call.body["assignee"].given()) {
    comment.assignee = call.member(team, call.body["assignee"]);
    comment.assigned_by = call.user_id();
  }
  comment.group_assignee = call.body["group_assignee"].as_string();
  comment.id = "90110" + call.world.new_number();
  comment.hist_id = call.world.new_uuid();
  comment.parent_kind = kind;
  comment.parent_id = parent_id;
  comment.reply_to = reply_to;
  comment.user = call.user_id();
  comment.date = call.now();
  return call.world.add_comment(std::move(comment));
}

Answer comment_created(const Comment& comment) {
  return reply([&](Writer& w) {
    w.integer("id", parse_integer(comment.id).value_or(0));
    w.text("hist_id", comment.hist_id);
    w.integer("date", comment.date);
  });
}

Answer comment_page(Call& call, CommentParent kind, const std::string& parent_id) {
  const auto start = call.query_integer("start");
  const auto start_id = call.query("start_id");
  if (start.has_value() != start_id.has_value()) refuse("'start' and 'start_id' go together");
  const std::int64_t last_id = start_id ? parse_integer(*start_id).value_or(0) : 0;
  const auto wanted = [&](const Comment& one) {
    if (one.deleted || !one.reply_to.empty()) return false;
    if (!start) return true;
    const bool older_twin = one.date == *start && parse_integer(one.id).value_or(0) < last_id;
    return one.date < *start || older_twin;
  };
  std::vector<const Comment*> found;
  for (const Comment* one : call.world.comments_of(kind, parent_id)) {
    if (wanted(*one)) found.push_back(one);
  }
  std::reverse(found.begin(), found.end());
  std::stable_sort(found.begin(), found.end(),
                   [](const Comment* a, const Comment* b) { return a->date > b->date; });
  if (found.size() > kCommentsPerPage) found.resize(kCommentsPerPage);
  return reply([&](Writer& w) {
    w.array("comments", [&] {
      for (const Comment* one : found) write_comment(w, call.world, *one);
    });
  });
}

void write_comment(Writer& w, World& world, const Comment& comment) {
  std::int64_t replies = 0;
  for (const Comment* one : world.comments_of(comment.parent_kind, comment.parent_id)) {
    if (!one->deleted && one->reply_to == comment.id) ++replies;
  }
  w.object([&] {
    w.text("id", comment.id);
    w.value("comment", comment.parts);
    w.text("comment_text", comment.text);
    write_user(w, "user", world, comment.user);
    w.flag("resolved", comment.resolved);
    write_user_or_null(w, "assignee", world, comment.assignee);
    write_user_or_null(w, "assigned_by", world, comment.assigned_by);
    w.null("group_assignee");
    w.empty_array("reactions");
    w.date("date", comment.date);
    w.integer("reply_count", replies);
  });
}

}  // namespace engine::clickup::sandbox
