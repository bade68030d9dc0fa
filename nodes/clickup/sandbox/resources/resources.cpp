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
  add_comment_routes(router);
  return router;
}

}  // namespace engine::clickup::sandbox
