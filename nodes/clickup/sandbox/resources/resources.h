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
void add_comment_routes(Router& router);

}  // namespace engine::clickup::sandbox
