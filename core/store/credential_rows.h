// Credentials and profiles as rows. Private to core/store.
#pragma once

#include <SQLiteCpp/Statement.h>

#include "core/store/connection.h"
#include "core/store/store.h"

namespace engine::store {

void bind_credential(SQLite::Statement& statement, const CredentialRecord& record);
CredentialRecord read_credential(SQLite::Statement& row);
/// Compare and swap on `revision`; false when somebody else changed it meanwhile.
bool swap_credential(Connection& connection, const CredentialRecord& record);

void bind_profile(SQLite::Statement& statement, const ProfileRecord& record);
ProfileRecord read_profile(SQLite::Statement& row);
bool swap_profile(Connection& connection, const ProfileRecord& record);

/// Makes or replaces it.
bool put_setting(Connection& connection, const std::string& name, const std::string& value);

}  // namespace engine::store
