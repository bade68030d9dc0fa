#include "nodes/clickup/sandbox/resources/people_changes.h"

#include <algorithm>

#include "core/value/number.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/people.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {

Membership* member_by_id(Team& team, std::string_view id) {
  const auto number = parse_integer(id);
  return number ? team.member(*number) : nullptr;
}

Membership& invite_member(Call& call, Team& team, std::string_view email, int role) {
  if (email.find('@') == std::string_view::npos) refuse("Email invalid");
  User* user = call.world.user_by_email(email);
  if (user != nullptr && team.member(user->number) != nullptr) refuse("User is already a member");
  if (user == nullptr) {
    User invited;
    invited.id = call.world.new_number();
    invited.number = parse_integer(invited.id).value_or(0);
    invited.email = email;
    invited.initials = std::string(email.substr(0, 1));
    user = &call.world.users.add(std::move(invited));
  }
  Membership member;
  member.user = user->number;
  member.role = role;
  member.invited_by = call.user_id();
  member.date_invited = call.now();
  team.members.push_back(member);
  return team.members.back();
}

void remove_member(Call& call, Team& team, UserId user) {
  const Membership* member = team.member(user);
  if (member->role == kOwner) refuse("The owner of a Workspace cannot be removed");
  std::erase_if(team.members, [&](const Membership& one) { return one.user == user; });
  const auto unshare = [&](auto& rows) {
    for (auto& row : rows) {
      std::erase_if(row.shares, [&](const Share& share) { return share.user == user; });
    }
  };
  unshare(call.world.tasks);
  unshare(call.world.lists);
  unshare(call.world.folders);
}

Answer whole_team(Call& call, const Team& team, bool with_roles) {
  return reply([&](Writer& w) {
    w.key("team");
    write_team(w, call.world, team, with_roles);
  });
}

namespace {

std::string_view permission(const std::vector<Share>& shares, UserId user) {
  const auto found = std::find_if(shares.begin(), shares.end(),
                                  [&](const Share& share) { return share.user == user; });
  return found == shares.end() ? std::string_view() : std::string_view(found->permission);
}

template <typename Rows>
void write_shared(Writer& w, const char* key, const Rows& rows, UserId user) {
  w.array(key, [&] {
    for (const auto& row : rows) {
      const std::string_view level = permission(row.shares, user);
      if (level.empty() || row.deleted) continue;
      w.object([&] {
        w.text("id", row.id);
        w.text("name", row.name);
        w.flag("archived", row.archived);
        w.text("permission_level", level);
      });
    }
  });
}

}  // namespace

Answer one_member(Call& call, const Membership& member, std::string_view key) {
  const bool shared = call.query_flag("include_shared", true);
  return reply([&](Writer& w) {
    w.object(key, [&] {
      write_membership(w, call.world, member);
      if (!shared) return;
      w.object("shared", [&] {
        write_shared(w, "tasks", call.world.tasks, member.user);
        write_shared(w, "lists", call.world.lists, member.user);
        write_shared(w, "folders", call.world.folders, member.user);
      });
    });
  });
}

}  // namespace engine::clickup::sandbox
