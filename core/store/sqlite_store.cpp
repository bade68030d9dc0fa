#include "core/store/sqlite_store.h"

#include "core/base/error.h"
#include "core/store/binary_ids.h"
#include "core/store/credential_rows.h"
#include "core/store/execution_rows.h"
#include "core/store/sqlite_store_class.h"

namespace engine::store {

std::optional<std::string> SqliteStore::find_setting(std::string_view name) {
  return read([&](Connection& c) -> std::optional<std::string> {
    SQLite::Statement& find = c.statement("SELECT value FROM settings WHERE name = ?");
    const Reset reset(find);
    find.bind(1, std::string(name));
    if (!find.executeStep()) return std::nullopt;
    return text_at(find, 0);
  });
}

void SqliteStore::set_setting(std::string_view name, std::string_view value) {
  changed([&](Connection& c) { return put_setting(c, std::string(name), std::string(value)); });
}

bool SqliteStore::add_setting(std::string_view name, std::string_view value) {
  return changed([&](Connection& c) {
    SQLite::Statement& put =
        c.statement("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING");
    put.bind(1, std::string(name));
    put.bind(2, std::string(value));
    return put.exec() == 1;
  });
}

// With a connection of its own: reading everything holds up nobody.
std::set<std::string, std::less<>> SqliteStore::binary_references() {
  std::set<std::string, std::less<>> ids;
  try {
    Connection scan(file_, Connection::Access::read);
    for (const char* sql :
         {"SELECT data FROM events", "SELECT data FROM pieces", "SELECT value FROM node_memory"}) {
      SQLite::Statement rows(scan.database(), sql);
      while (rows.executeStep()) collect_binary_ids(rows.getColumn(0).getString(), ids);
    }
  } catch (const SQLite::Exception&) {
    throw_storage_error(file_.string());
  }
  return ids;
}

CommitCounts SqliteStore::commit_counts() const {
  return writer_.counts();
}

void SqliteStore::flush() {
  writer_.enqueue([](Connection&) {})->wait();
}

std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& file) {
  try {
    const std::filesystem::path folder = file.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder)) {
      std::filesystem::create_directories(folder);
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
    return std::make_unique<SqliteStore>(file);
  } catch (const SQLite::Exception&) {
    throw_storage_error(file.string());
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCause::storage, "database_not_opened",
                "The folder of the database " + file.string() + " cannot be made (" +
                    error.code().message() + ").");
  }
}

}  // namespace engine::store
