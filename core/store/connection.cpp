#include "core/store/connection.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "core/base/error.h"

namespace engine::store {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

struct Explanation {
  const char* code;
  const char* text;
};

Explanation explain(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {
          "database_locked",
          "is locked by another process for more than 10 seconds; end that process, or use another "
          "file with --db"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {"database_read_only",
              "cannot be written; check the permissions of the file and its folder"};
    case SQLITE_FULL:
      return {"database_full", "cannot grow because the disk is full; free some space and retry"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {
          "database_damaged",
          "is damaged or is no database of this engine; restore it from a backup, or use another "
          "file with --db"};
    case SQLITE_CANTOPEN:
      return {"database_not_opened",
              "cannot be opened; check that its folder exists and may be written"};
    case SQLITE_IOERR: return {"database_full", "cannot be read or written (disk full or failing)"};
    default: return {"database_failed", "failed"};
  }
}

int flags_for(Connection::Access access) {
  return access == Connection::Access::write
             ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
             : SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX;
}

}  // namespace

void throw_storage_error(const std::string& file) {
  try {
    throw;
  } catch (const SQLite::Exception& exception) {
    const Explanation explanation = explain(exception.getErrorCode());
    throw Error(ErrorCause::storage, explanation.code,
                "The database " + file + " " + explanation.text + " (" + exception.what() + ").");
  }
}

Connection::Connection(const std::filesystem::path& file, Access access)
    : database_(file.string(), flags_for(access), kBusyTimeoutMs) {
  // The last connection of a process would otherwise copy the whole log into the database before it
  // lets `engine run` end. The log is as durable as the database.
  sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  const auto remember = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(database_.getHandle(), remember, &log_pages_);
  if (access == Access::write) {
    ::chmod(file.c_str(), S_IRUSR | S_IWUSR);
    // Has an effect on a new file only, but writes in any.
    constexpr int kIncremental = 2;
    if (database_.execAndGet("PRAGMA auto_vacuum").getInt() != kIncremental) {
      database_.exec("PRAGMA auto_vacuum = INCREMENTAL");
    }
    database_.exec("PRAGMA journal_mode = WAL");
  }
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA temp_store = MEMORY");
}

void Connection::copy_log() {
  sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                            nullptr);
  log_pages_ = 0;
}

SQLite::Statement& Connection::statement(const char* sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(sql, SQLite::Statement(database_, sql)).first;
  }
  found->second.tryReset();
  found->second.clearBindings();
  return found->second;
}

}  // namespace engine::store
