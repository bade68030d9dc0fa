#include "nodes/clickup/sandbox/resources/people_v3.h"

#include "nodes/clickup/sandbox/resources/paging.h"

namespace engine::clickup::sandbox {

Answer people_page(const Call& call, const std::vector<UserId>& ids) {
  std::vector<const User*> users;
  for (const UserId id : ids) {
    if (const User* user = call.world.user(id)) users.push_back(user);
  }
  return page_v3(call, users, "data", [](Writer& w, const User& user) {
    w.text("id", user.id);
    w.text("username", user.username);
    w.text("name", user.username);
    w.text("email", user.email);
    w.text("initials", user.initials);
  });
}

}  // namespace engine::clickup::sandbox
