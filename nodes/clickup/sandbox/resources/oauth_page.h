// The page where people choose workspaces and approve an OAuth app.
#pragma once

#include <string>

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

struct OAuthRequest {
  std::string client_id;
  std::string redirect_uri;
  std::string state;
};

/// HTML; everything that comes from outside is escaped.
std::string oauth_page(const World& world, const OAuthRequest& request);

}  // namespace engine::clickup::sandbox
