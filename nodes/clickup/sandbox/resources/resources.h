// The operations, one file per resource. Each adds its table of routes.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

void add_workspace_routes(Router& router);
void add_space_routes(Router& router);
void add_folder_routes(Router& router);
void add_list_routes(Router& router);
void add_task_routes(Router& router);
void add_task_change_routes(Router& router);
void add_task_history_routes(Router& router);
void add_task_v3_routes(Router& router);
void add_checklist_routes(Router& router);
void add_relation_routes(Router& router);
void add_tag_routes(Router& router);
void add_field_routes(Router& router);
void add_comment_routes(Router& router);
void add_attachment_routes(Router& router);
void add_member_routes(Router& router);
void add_user_routes(Router& router);
void add_guest_routes(Router& router);
void add_group_routes(Router& router);
void add_goal_routes(Router& router);
void add_view_routes(Router& router);
void add_time_entry_routes(Router& router);
void add_time_tag_routes(Router& router);
void add_time_legacy_routes(Router& router);
void add_template_routes(Router& router);
void add_webhook_routes(Router& router);
void add_chat_channel_routes(Router& router);
void add_chat_message_routes(Router& router);
void add_doc_routes(Router& router);
void add_enterprise_routes(Router& router);
void add_oauth_routes(Router& router);

}  // namespace engine::clickup::sandbox
