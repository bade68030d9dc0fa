// Items from the records of a file: the lines of NDJSON, the elements of JSON, the rows of CSV.
#pragma once

#include "core/base/cancellation.h"
#include "core/node/csv.h"
#include "core/value/item.h"
#include "nodes/read_file/chunked_file.h"

namespace engine::nodes {

struct CsvOptions {
  CsvDialect dialect;
  bool header = true;                ///< the first row has the names
  std::vector<std::string> columns;  ///< names instead of the first row's
  bool typed = false;  ///< numbers, true, false and (for an empty field) null, instead of texts
};

/// All throw Error{user, "bad_json" | "bad_csv" | "bad_encoding"} with the place. What is not an
/// object becomes {data: …}. Beside the values only a piece of the file is in memory.
Items read_json_items(ChunkedFile& file, const Cancellation& cancellation);
Items read_ndjson_items(ChunkedFile& file, const Cancellation& cancellation);
Items read_csv_items(ChunkedFile& file, const CsvOptions& options,
                     const Cancellation& cancellation);

}  // namespace engine::nodes
