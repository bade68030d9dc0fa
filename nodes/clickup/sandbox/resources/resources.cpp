#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {

Router make_router() {
  Router router;
  add_workspace_routes(router);
  add_space_routes(router);
  add_folder_routes(router);
  add_list_routes(router);
  add_task_routes(router);
  add_task_change_routes(router);
  add_task_history_routes(router);
  add_task_v3_routes(router);
  add_checklist_routes(router);
  add_relation_routes(router);
  add_tag_routes(router);
  add_field_routes(router);
  add_comment_routes(router);
  add_attachment_routes(router);
  add_member_routes(router);
  add_user_routes(router);
  add_guest_routes(router);
  add_group_routes(router);
  add_goal_routes(router);
  add_view_routes(router);
  add_time_entry_routes(router);
  add_time_tag_routes(router);
  add_time_legacy_routes(router);
  add_template_routes(router);
  add_webhook_routes(router);
  add_chat_channel_routes(router);
  add_chat_message_routes(router);
  add_doc_routes(router);
  add_enterprise_routes(router);
  add_oauth_routes(router);
  return router;
}

}  // namespace engine::clickup::sandbox
