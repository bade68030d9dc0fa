// The tables, as numbered forward migrations.
#pragma once

#include <SQLiteCpp/Database.h>

namespace engine::store {

/// Brings a database to the newest version; an empty one too. Throws Error{storage,
/// "database_newer"} when a later engine has written it, and {storage, "database_foreign"} when
/// another program has.
void migrate(SQLite::Database& database);

}  // namespace engine::store
