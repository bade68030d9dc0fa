// Items as the records of a file.
#pragma once

#include <cstdint>

#include "core/base/cancellation.h"
#include "core/node/csv.h"
#include "core/value/item.h"
#include "nodes/write_file/file_target.h"

namespace engine::nodes {

using Places = std::vector<std::uint32_t>;  ///< of the items that go into one file

void write_json(const Items& items, const Places& places, const Cancellation& cancellation,
                FileTarget& out);
void write_ndjson(const Items& items, const Places& places, const Cancellation& cancellation,
                  FileTarget& out);

struct CsvTable {
  CsvDialect dialect;
  bool header = true;
  std::vector<std::string> columns;
};

/// Lists and objects are written as JSON, null and missing values as empty fields.
void write_csv(const Items& items, const Places& places, const CsvTable& table,
               const Cancellation& cancellation, FileTarget& out);

/// The fields of all items, in the order in which they first appear.
std::vector<std::string> columns_of(const Items& items, const Places& places);

/// The names in the first row of a file; none when it is empty or not there.
std::vector<std::string> read_header(const std::filesystem::path& path, const CsvDialect& dialect);

}  // namespace engine::nodes
