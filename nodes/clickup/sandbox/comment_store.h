// Comments of tasks, lists and views, and replies to them.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

constexpr std::size_t kCommentsPerPage = 25;

/// What a new comment may be made of.
constexpr std::string_view kCommentBody =
    "comment_text: text, comment: [object], assignee: id?, group_assignee: text?, notify_all: "
    "boolean";

/// A new one from the body, by the caller. Refuses one without text.
Comment& create_comment(Call& call, CommentParent kind, const std::string& parent_id,
                        const Team& team, const std::string& reply_to = "");

/// {id (a number), hist_id, date, version}
Answer comment_created(const Comment& comment);

/// A page, newest first, from the query's `start` and `start_id`.
Answer comment_page(Call& call, CommentParent kind, const std::string& parent_id);

void write_comment(Writer& w, World& world, const Comment& comment);

}  // namespace engine::clickup::sandbox
