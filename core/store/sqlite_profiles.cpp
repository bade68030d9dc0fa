#include "core/store/credential_rows.h"
#include "core/store/sqlite_store_class.h"

namespace engine::store {

std::vector<ProfileRecord> SqliteStore::list_profiles() {
  return read([&](Connection& c) {
    SQLite::Statement& find = c.statement(
        "SELECT name, type, allow, key_id, sealed, revision, created, updated FROM profiles "
        "ORDER BY name");
    const Reset reset(find);
    std::vector<ProfileRecord> found;
    while (find.executeStep()) found.push_back(read_profile(find));
    return found;
  });
}

std::optional<ProfileRecord> SqliteStore::find_profile(std::string_view name) {
  return read([&](Connection& c) -> std::optional<ProfileRecord> {
    SQLite::Statement& find = c.statement(
        "SELECT name, type, allow, key_id, sealed, revision, created, updated FROM profiles "
        "WHERE name = ?");
    const Reset reset(find);
    find.bind(1, std::string(name));
    if (!find.executeStep()) return std::nullopt;
    return read_profile(find);
  });
}

bool SqliteStore::add_profile(const ProfileRecord& record) {
  return changed([&](Connection& c) {
    SQLite::Statement& insert = c.statement(
        "INSERT INTO profiles (name, type, allow, key_id, sealed, revision, created, updated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    bind_profile(insert, record);
    return insert.exec() == 1;
  });
}

bool SqliteStore::update_profile(const ProfileRecord& record) {
  return changed([&](Connection& c) { return swap_profile(c, record); });
}

bool SqliteStore::remove_profile(std::string_view name) {
  return changed([&](Connection& c) {
    SQLite::Statement& remove = c.statement(
        "DELETE FROM profiles WHERE name = ?1 "
        "AND NOT EXISTS (SELECT 1 FROM credentials WHERE profile = ?1)");
    remove.bind(1, std::string(name));
    return remove.exec() == 1;
  });
}

}  // namespace engine::store
