#include "core/store/schema.h"

#include <SQLiteCpp/Transaction.h>

#include <array>
#include <string>

#include "core/base/error.h"

namespace engine::store {
namespace {

// Version n is what migration n - 1 makes. Never edit one that was released; add another.
//
// events.id and pieces.event are execution number * 2^24 + sequence: the rows of an execution lie
// side by side, and new ones mostly at the end of the tree.
constexpr std::array kMigrations{
    R"sql(
CREATE TABLE workflows (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  file TEXT NOT NULL,
  text TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE executions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workflow TEXT NOT NULL,
  workflow_hash TEXT NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  created INTEGER NOT NULL,
  finished INTEGER,
  due INTEGER,
  error TEXT NOT NULL DEFAULT '',
  parent TEXT NOT NULL DEFAULT '',
  parent_run TEXT NOT NULL DEFAULT '',
  retry_of TEXT NOT NULL DEFAULT '',
  owner INTEGER NOT NULL DEFAULT 0,
  cancel INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX executions_by_time ON executions (created);
CREATE INDEX executions_by_workflow ON executions (workflow, created);
CREATE INDEX executions_open ON executions (status, created)
  WHERE status IN ('running', 'waiting');
CREATE INDEX executions_by_status ON executions (status, created);
CREATE INDEX executions_by_parent ON executions (parent, parent_run) WHERE parent <> '';

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL
);

CREATE TABLE pieces (
  event INTEGER NOT NULL,
  piece INTEGER NOT NULL,
  data TEXT NOT NULL
);
CREATE UNIQUE INDEX pieces_by_event ON pieces (event, piece);

CREATE TABLE node_memory (
  workflow TEXT NOT NULL,
  node TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (workflow, node, key)
) WITHOUT ROWID;

CREATE TABLE credentials (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE profiles (
  name TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  allow TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  revision INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
) WITHOUT ROWID;
ALTER TABLE credentials ADD COLUMN profile TEXT NOT NULL DEFAULT '';
ALTER TABLE credentials ADD COLUMN lease_owner INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;
)sql",
    R"sql(
CREATE TABLE triggers (
  workflow TEXT NOT NULL,
  node TEXT NOT NULL,
  type TEXT NOT NULL,
  activation TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (workflow, node)
) WITHOUT ROWID;

CREATE TABLE deliveries (
  workflow TEXT NOT NULL,
  node TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (workflow, node, key)
) WITHOUT ROWID;
CREATE INDEX deliveries_by_time ON deliveries (at);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- executions_by_status serves the same questions, and every index is written for every execution.
DROP INDEX executions_open;
CREATE INDEX executions_to_cancel ON executions (owner) WHERE cancel = 1;
)sql",
    // Both were kept as they are; now they are sealed, and triggers find what they registered.
    R"sql(
UPDATE triggers SET state = '';
DELETE FROM settings WHERE name = 'resume_key';
)sql",
};

constexpr int kApplicationId = 0x656e676e;  // "engn"

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

// Tables in a file that nobody marked as the engine's are somebody else's.
void refuse_foreign(SQLite::Database& database) {
  if (pragma(database, "application_id") == kApplicationId) return;
  if (database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0) return;
  throw Error(ErrorCause::storage, "database_foreign",
              "The database " + database.getFilename() +
                  " is of another program. Name another file with --db or $ENGINE_DB.");
}

}  // namespace

void migrate(SQLite::Database& database) {
  const int newest = static_cast<int>(kMigrations.size());
  refuse_foreign(database);
  int version = pragma(database, "user_version");
  if (version == newest) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  version = pragma(database, "user_version");  // another process may be faster
  if (version > newest) {
    throw Error(ErrorCause::storage, "database_newer",
                "The database " + database.getFilename() + " has version " +
                    std::to_string(version) + ", this engine knows versions up to " +
                    std::to_string(newest) + ". Use the newer engine, or another file with --db.");
  }
  for (; version < newest; ++version) {
    database.exec(kMigrations[static_cast<std::size_t>(version)]);
  }
  database.exec("PRAGMA user_version = " + std::to_string(newest));
  database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  transaction.commit();
}

}  // namespace engine::store
