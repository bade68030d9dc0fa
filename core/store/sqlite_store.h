// The store in one SQLite file.
#pragma once

#include <filesystem>
#include <memory>

#include "core/store/store.h"

namespace engine::store {

/// Opens or makes the file (0600) and its folder (0700). Throws Error{storage}.
std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& file);

}  // namespace engine::store
