#include "core/base/error.h"
#include "core/store/credential_rows.h"
#include "core/store/sqlite_store_class.h"

namespace engine::store {

std::vector<CredentialRecord> SqliteStore::list_credentials() {
  return read([&](Connection& c) {
    SQLite::Statement& find = c.statement(
        "SELECT name, type, key_id, sealed, revision, created, updated, profile FROM credentials "
        "ORDER BY name");
    const Reset reset(find);
    std::vector<CredentialRecord> found;
    while (find.executeStep()) found.push_back(read_credential(find));
    return found;
  });
}

std::optional<CredentialRecord> SqliteStore::find_credential(std::string_view name) {
  return read([&](Connection& c) -> std::optional<CredentialRecord> {
    SQLite::Statement& find = c.statement(
        "SELECT name, type, key_id, sealed, revision, created, updated, profile FROM credentials "
        "WHERE name = ?");
    const Reset reset(find);
    find.bind(1, std::string(name));
    if (!find.executeStep()) return std::nullopt;
    return read_credential(find);
  });
}

bool SqliteStore::add_credential(const CredentialRecord& record) {
  return changed([&](Connection& c) {
    SQLite::Statement& insert = c.statement(
        "INSERT INTO credentials (name, type, key_id, sealed, revision, created, updated, "
        "profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    bind_credential(insert, record);
    return insert.exec() == 1;
  });
}

bool SqliteStore::update_credential(const CredentialRecord& record) {
  return changed([&](Connection& c) { return swap_credential(c, record); });
}

bool SqliteStore::remove_credential(std::string_view name) {
  return changed([&](Connection& c) {
    SQLite::Statement& remove = c.statement("DELETE FROM credentials WHERE name = ?");
    remove.bind(1, std::string(name));
    return remove.exec() == 1;
  });
}

bool SqliteStore::update_credentials(const std::vector<CredentialRecord>& records,
                                     const std::vector<ProfileRecord>& profiles,
                                     const std::vector<Setting>& settings) {
  // Thrown so that the transaction rolls back.
  const auto check = [](bool swapped) {
    if (!swapped) {
      throw Error(ErrorCause::storage, "credential_changed", "A credential was changed.");
    }
  };
  try {
    return changed([&](Connection& c) {
      for (const CredentialRecord& record : records) check(swap_credential(c, record));
      for (const ProfileRecord& record : profiles) check(swap_profile(c, record));
      for (const Setting& setting : settings) put_setting(c, setting.name, setting.value);
      return true;
    });
  } catch (const Error& error) {
    if (error.code() == "credential_changed") return false;
    throw;
  }
}

Lease SqliteStore::credential_lease(std::string_view name) {
  return read([&](Connection& c) -> Lease {
    SQLite::Statement& find =
        c.statement("SELECT lease_owner, lease_until FROM credentials WHERE name = ?");
    const Reset reset(find);
    find.bind(1, std::string(name));
    if (!find.executeStep()) return {};
    return {find.getColumn(0).getInt64(), from_ms(find.getColumn(1).getInt64())};
  });
}

bool SqliteStore::swap_lease(const std::string& name, const Lease& expected, const Lease& next) {
  return changed([&](Connection& c) {
    SQLite::Statement& swap = c.statement(
        "UPDATE credentials SET lease_owner = ?, lease_until = ? "
        "WHERE name = ? AND lease_owner = ? AND lease_until = ?");
    swap.bind(1, next.owner);
    swap.bind(2, static_cast<std::int64_t>(to_ms(next.until)));
    swap.bindNoCopy(3, name);
    swap.bind(4, expected.owner);
    swap.bind(5, static_cast<std::int64_t>(to_ms(expected.until)));
    return swap.exec() == 1;
  });
}

}  // namespace engine::store
