// One SQLite connection with its prepared statements, and SQLite's errors in the engine's words.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace engine::store {

/// Rethrows the SQLite::Exception in flight as Error{storage}.
[[noreturn]] void throw_storage_error(const std::string& file);

/// Used by one thread at a time. The log is copied by copy_log() alone, so that no commit waits for
/// it.
class Connection {
 public:
  enum class Access { write, read };
  Connection(const std::filesystem::path& file, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  SQLite::Database& database() { return database_; }

  /// A prepared statement, reset and without bindings. `sql` must be a literal: its address is the
  /// key.
  SQLite::Statement& statement(const char* sql);

  /// Pages in the write-ahead log as of the last commit of this connection.
  int log_pages() const { return log_pages_; }
  /// Copies the log into the database as far as nobody reads or writes it; what fails now is copied
  /// later. Takes two syncs.
  void copy_log();

 private:
  SQLite::Database database_;
  int log_pages_ = 0;
  std::unordered_map<const char*, SQLite::Statement> statements_;
};

/// Resets the statement at the end of a scope, so that no read transaction stays open.
class Reset {
 public:
  explicit Reset(SQLite::Statement& statement) : statement_(statement) {}
  ~Reset() { statement_.tryReset(); }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  SQLite::Statement& statement_;
};

}  // namespace engine::store
