// Tags of time entries, which are not those of spaces.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// From [{name, tag_fg, tag_bg}], with colours filled in.
std::vector<Tag> time_tags_of(const Call& call, View tags);

}  // namespace engine::clickup::sandbox
