// Objects as the service writes them, except tasks (see task_writer.h).
#pragma once

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// {id, username, color, initials, email, profilePicture}
void write_user(Writer& w, World& world, UserId id);
void write_user(Writer& w, std::string_view key, World& world, UserId id);
/// Null when there is none.
void write_user_or_null(Writer& w, std::string_view key, World& world, std::optional<UserId> id);
void write_users(Writer& w, std::string_view key, World& world, const std::vector<UserId>& ids);

/// {id, status, color, orderindex, type}
void write_status(Writer& w, const Status& status, std::int64_t orderindex);
void write_statuses(Writer& w, const std::vector<Status>& statuses);
std::int64_t index_of(const std::vector<Status>& statuses, const Status& status);

/// {id, priority, color, orderindex}, or null.
Value priority_value(std::optional<int> priority);

/// {name, tag_fg, tag_bg, creator}
void write_tag(Writer& w, const Tag& tag);

void write_space(Writer& w, World& world, const Space& space);
/// `with_lists` also writes the lists that are neither deleted nor archived.
void write_folder(Writer& w, World& world, const Folder& folder, bool with_lists = true);
void write_list(Writer& w, World& world, const List& list, bool with_statuses = true);
void write_field(Writer& w, const CustomField& field);

/// Tasks that live in the list as their home.
std::int64_t count_tasks(const List& list);

}  // namespace engine::clickup::sandbox
