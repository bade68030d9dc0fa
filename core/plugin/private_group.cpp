#include "core/plugin/private_group.h"

#include <grp.h>
#include <pwd.h>

#include <mutex>

namespace engine::plugin {
namespace {

// Of users whose own group it is: true when `user` is one and there is no other.
bool own_group_of_none_but(gid_t group, uid_t user) {
  bool found = false;
  bool other = false;
  setpwent();
  while (const passwd* entry = getpwent()) {
    if (entry->pw_gid != group) continue;
    (entry->pw_uid == user ? found : other) = true;
  }
  endpwent();
  return found && !other;
}

bool has_no_member_but(gid_t group, uid_t user) {
  const ::group* entry = getgrgid(group);
  if (entry == nullptr) return false;
  for (char** member = entry->gr_mem; *member != nullptr; ++member) {
    const passwd* known = getpwnam(*member);
    if (known == nullptr || known->pw_uid != user) return false;
  }
  return true;
}

}  // namespace

bool is_private_group(gid_t group, uid_t user) {
  static std::mutex mutex;  // the lists of the system are read by one at a time
  const std::lock_guard lock(mutex);
  return has_no_member_but(group, user) && own_group_of_none_but(group, user);
}

}  // namespace engine::plugin
