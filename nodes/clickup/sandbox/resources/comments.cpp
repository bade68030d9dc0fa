#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/comment_store.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

void tell(const Call& call, const Comment& comment, std::string_view event) {
  if (comment.parent_kind != CommentParent::task) return;
  const Task* task = call.world.tasks.find(comment.parent_id);
  const Value told = make_object([&](Writer& w) {
    w.text("id", comment.id);
    w.date("date", comment.date);
    w.text("parent", comment.parent_id);
    w.integer("type", 1);
    w.value("comment", comment.parts);
    w.text("text_content", comment.text);
    write_user(w, "user", call.world, comment.user);
  });
  std::vector<std::pair<std::string, Value>> extra = {{"comment", told}};
  if (!comment.reply_to.empty()) extra.emplace_back("parent_comment", comment.reply_to);
  tell_task(call, *task, event, {{"comment", Value(), comment.id, Value::object(), extra}});
}

Answer task_comments(Call& call) {
  return comment_page(call, CommentParent::task, call.task().id);
}

Answer comment_task(Call& call) {
  Task& task = call.task();
  const Comment& comment =
      create_comment(call, CommentParent::task, task.id, call.world.team_of(task));
  task.date_updated = call.now();
  tell(call, comment, "taskCommentPosted");
  return comment_created(comment);
}

Answer list_comments(Call& call) {
  return comment_page(call, CommentParent::list, call.list().id);
}

Answer comment_list(Call& call) {
  const List& list = call.list();
  const Team& team = call.world.team_of(call.world.space_of(list));
  return comment_created(create_comment(call, CommentParent::list, list.id, team));
}

Answer view_comments(Call& call) {
  return comment_page(call, CommentParent::view, call.view().id);
}

Answer comment_view(Call& call) {
  const SavedView& view = call.view();
  return comment_created(
      create_comment(call, CommentParent::view, view.id, call.team(view.team_id)));
}

/// The workspace it is in.
Team& team_of(const Call& call, const Comment& comment) {
  switch (comment.parent_kind) {
    case CommentParent::task: return call.world.team_of(call.task(comment.parent_id));
    case CommentParent::list:
      return call.world.team_of(call.world.space_of(call.list(comment.parent_id)));
    case CommentParent::view: break;
  }
  return call.team(call.world.views.find(comment.parent_id)->team_id);
}

Comment& comment_of(const Call& call) {
  Comment* comment = call.world.comments.live(call.path("comment_id"));
  if (comment == nullptr) refuse_unknown();
  team_of(call, *comment);  // refuses strangers
  return *comment;
}

Answer update_comment(Call& call) {
  Comment& comment = comment_of(call);
  const Value& body = call.body;
  if (body["comment"].is_array()) {
    comment.parts = body["comment"].detached();
    comment.text.clear();
    for (const View part : comment.parts.elements()) comment.text += part["text"].as_string();
  } else if (body["comment_text"].is_string()) {
    comment.text = body["comment_text"].as_string();
    comment.parts = Value::array({Value::object({{"text", comment.text}})});
  }
  if (body["assignee"].null()) comment.assignee.reset();
  if (body["assignee"].given()) {
    comment.assignee = call.member(team_of(call, comment), body["assignee"]);
    comment.assigned_by = call.user_id();
  }
  if (body["resolved"].is_boolean()) comment.resolved = body["resolved"].as_bool();
  tell(call, comment, "taskCommentUpdated");
  return done();
}

Answer delete_comment(Call& call) {
  Comment& comment = comment_of(call);
  comment.deleted = true;
  for (Comment* one : call.world.comments_of(comment.parent_kind, comment.parent_id)) {
    if (one->reply_to == comment.id) one->deleted = true;
  }
  return done();
}

Answer replies(Call& call) {
  const Comment& comment = comment_of(call);
  return reply([&](Writer& w) {
    w.array("comments", [&] {
      for (const Comment* one : call.world.comments_of(comment.parent_kind, comment.parent_id)) {
        if (!one->deleted && one->reply_to == comment.id) write_comment(w, call.world, *one);
      }
    });
  });
}

Answer reply_to_comment(Call& call) {
  const Comment& comment = comment_of(call);
  if (comment.parent_kind == CommentParent::task) {
    call.world.tasks.find(comment.parent_id)->date_updated = call.now();
  }
  const Comment& added = create_comment(call, comment.parent_kind, comment.parent_id,
                                        team_of(call, comment), comment.id);
  tell(call, added, "taskCommentPosted");
  return comment_created(added);
}

}  // namespace

void add_comment_routes(Router& router) {
  constexpr std::string_view kPage = "start, start_id";
  router.add("GET", "/v2/task/{task_id}/comment", task_comments).query(kTaskId).query(kPage);
  router.add("POST", "/v2/task/{task_id}/comment", comment_task).query(kTaskId).body(kCommentBody);
  router.add("GET", "/v2/list/{list_id}/comment", list_comments).query(kPage);
  router.add("POST", "/v2/list/{list_id}/comment", comment_list).body(kCommentBody);
  router.add("GET", "/v2/view/{view_id}/comment", view_comments).query(kPage);
  router.add("POST", "/v2/view/{view_id}/comment", comment_view).body(kCommentBody);
  router.add("PUT", "/v2/comment/{comment_id}", update_comment)
      .body(
          "comment_text: text, comment: [object], assignee: id?, group_assignee: id?, "
          "resolved: boolean, notify_all: boolean");
  router.add("DELETE", "/v2/comment/{comment_id}", delete_comment);
  router.add("GET", "/v2/comment/{comment_id}/reply", replies);
  router.add("POST", "/v2/comment/{comment_id}/reply", reply_to_comment).body(kCommentBody);
}

}  // namespace engine::clickup::sandbox
