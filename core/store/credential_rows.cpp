#include "core/store/credential_rows.h"

#include "core/store/execution_rows.h"

namespace engine::store {

void bind_credential(SQLite::Statement& statement, const CredentialRecord& record) {
  statement.bindNoCopy(1, record.name);
  statement.bindNoCopy(2, record.type);
  statement.bindNoCopy(3, record.key_id);
  statement.bindNoCopy(4, record.sealed.data(), static_cast<int>(record.sealed.size()));
  statement.bind(5, record.revision);
  statement.bind(6, static_cast<std::int64_t>(to_ms(record.created)));
  statement.bind(7, static_cast<std::int64_t>(to_ms(record.updated)));
  statement.bindNoCopy(8, record.profile);
}

CredentialRecord read_credential(SQLite::Statement& row) {
  return {text_at(row, 0),
          text_at(row, 1),
          text_at(row, 2),
          text_at(row, 3),
          row.getColumn(4).getInt64(),
          from_ms(row.getColumn(5).getInt64()),
          from_ms(row.getColumn(6).getInt64()),
          text_at(row, 7)};
}

// `record.revision` is the one that was read; the row gets the next.
bool swap_credential(Connection& connection, const CredentialRecord& record) {
  SQLite::Statement& update = connection.statement(
      "UPDATE credentials SET type = ?2, key_id = ?3, sealed = ?4, revision = ?5 + 1, updated = ?7 "
      "WHERE name = ?1 AND revision = ?5 AND ?6 = ?6 AND profile = ?8");
  bind_credential(update, record);
  return update.exec() == 1;
}

void bind_profile(SQLite::Statement& statement, const ProfileRecord& record) {
  statement.bindNoCopy(1, record.name);
  statement.bindNoCopy(2, record.type);
  statement.bindNoCopy(3, record.allow);
  statement.bindNoCopy(4, record.key_id);
  statement.bindNoCopy(5, record.sealed.data(), static_cast<int>(record.sealed.size()));
  statement.bind(6, record.revision);
  statement.bind(7, static_cast<std::int64_t>(to_ms(record.created)));
  statement.bind(8, static_cast<std::int64_t>(to_ms(record.updated)));
}

ProfileRecord read_profile(SQLite::Statement& row) {
  return {text_at(row, 0),
          text_at(row, 1),
          text_at(row, 2),
          text_at(row, 3),
          text_at(row, 4),
          row.getColumn(5).getInt64(),
          from_ms(row.getColumn(6).getInt64()),
          from_ms(row.getColumn(7).getInt64())};
}

bool swap_profile(Connection& connection, const ProfileRecord& record) {
  SQLite::Statement& update = connection.statement(
      "UPDATE profiles SET type = ?2, allow = ?3, key_id = ?4, sealed = ?5, revision = ?6 + 1, "
      "updated = ?8 WHERE name = ?1 AND revision = ?6 AND ?7 = ?7");
  bind_profile(update, record);
  return update.exec() == 1;
}

bool put_setting(Connection& connection, const std::string& name, const std::string& value) {
  SQLite::Statement& put = connection.statement(
      "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = "
      "excluded.value");
  put.bind(1, name);
  put.bind(2, value);
  return put.exec() == 1;
}

}  // namespace engine::store
