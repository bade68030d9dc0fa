#include "nodes/read_file/record_reader.h"

#include <unordered_set>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/node/batch_builder.h"
#include "core/node/text.h"
#include "core/value/json.h"
#include "core/value/number.h"
#include "nodes/read_file/json_splitter.h"

namespace engine::nodes {
namespace {

// Gathers items. Reserves their places once it knows how many to expect: a vector that grows by
// doubling would hold everything twice for a moment.
class Collector {
 public:
  explicit Collector(const ChunkedFile& file) : file_(file) {}

  template <typename Write>
  void add(const Write& write) {
    Value value = batch_.make(write);
    if (!value.is_object()) {
      value = batch_.make([&](ValueBuilder& builder) {
        builder.begin_object();
        builder.key("data");
        builder.value(value);
        builder.end_object();
      });
    }
    items_.push_back({std::move(value), {}, Origin()});
    constexpr std::size_t kSample = 4096;
    if (items_.size() == kSample && file_.consumed() > 0)
      items_.reserve(kSample + file_.size() / (file_.consumed() / kSample + 1) * 9 / 8);
  }

  Items take() { return std::move(items_); }

 private:
  const ChunkedFile& file_;
  BatchBuilder batch_;
  Items items_;
};

// Calls `work`; its errors say where in the file they are.
template <typename Work>
void at_place(const char* what, std::size_t number, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    throw Error(error.cause(), error.code(),
                std::string(what) + " " + std::to_string(number) + ": " + error.message());
  }
}

template <typename Take>
void for_each_piece(ChunkedFile& file, const Cancellation& cancellation, const Take& take) {
  for (std::string_view piece = file.next(); !piece.empty(); piece = file.next()) {
    cancellation.check();
    take(piece);
  }
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// The rows of one file.
class Table {
 public:
  Table(const CsvOptions& options, Collector& out)
      : options_(options), columns_(options.columns), out_(out) {}

  void add(const CsvParser::Row& fields, std::size_t line) {
    for (const std::string_view field : fields) {
      if (is_utf8(field)) continue;
      throw Error(ErrorCause::user, "bad_encoding",
                  "Line " + std::to_string(line) + " is not UTF-8. Convert the file first.");
    }
    if (options_.header && !header_seen_) {
      header_seen_ = true;
      if (columns_.empty()) name_columns(fields);
      return;
    }
    if (columns_.empty()) {
      for (std::size_t i = 1; i <= fields.size(); ++i)
        columns_.push_back("column_" + std::to_string(i));
    }
    if (fields.size() > columns_.size()) {
      throw Error(ErrorCause::user, "bad_csv",
                  "Line " + std::to_string(line) + " has " + std::to_string(fields.size()) +
                      " fields, but there are " + std::to_string(columns_.size()) + " columns.");
    }
    out_.add([&](ValueBuilder& builder) { write(fields, builder); });
  }

 private:
  // Every column keeps its values: those without a name, or with one that is taken, get another.
  void name_columns(const CsvParser::Row& header) {
    std::unordered_set<std::string> taken;
    for (const std::string_view title : header) taken.emplace(title);
    std::unordered_set<std::string_view> seen;
    for (const std::string_view title : header) {
      std::string name(title);
      if (title.empty()) {
        name = free_name("column_", columns_.size() + 1, taken);
      } else if (!seen.insert(title).second) {
        name += '_';
        name = free_name(name, 2, taken);
      }
      columns_.push_back(std::move(name));
    }
  }

  static std::string free_name(const std::string& begin, std::size_t number,
                               std::unordered_set<std::string>& taken) {
    while (!taken.insert(begin + std::to_string(number)).second) ++number;
    return begin + std::to_string(number);
  }

  void write(const CsvParser::Row& fields, ValueBuilder& builder) const {
    builder.begin_object();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      builder.key(columns_[i]);
      write_field(i < fields.size() ? fields[i] : std::string_view(), builder);
    }
    builder.end_object();
  }

  void write_field(std::string_view field, ValueBuilder& builder) const {
    // Leading zeros mean something (postal codes), and JSON has no such numbers.
    const std::size_t sign = !field.empty() && field[0] == '-' ? 1 : 0;
    const bool padded = field.size() > sign + 1 && field[sign] == '0' && field[sign + 1] >= '0' &&
                        field[sign + 1] <= '9';
    if (options_.typed && field.empty()) {
      builder.null();
    } else if (options_.typed && (field == "true" || field == "false")) {
      builder.boolean(field == "true");
    } else if (options_.typed && !padded && parse_number(field)) {
      builder.number_text(field);
    } else {
      builder.string(field);
    }
  }

  const CsvOptions& options_;
  std::vector<std::string> columns_;
  bool header_seen_ = false;
  Collector& out_;
};

}  // namespace

Items read_json_items(ChunkedFile& file, const Cancellation& cancellation) {
  Collector out(file);
  JsonSplitter splitter([&](std::string_view text) {
    out.add([&](ValueBuilder& builder) { return parse_json(text, builder, "the file"); });
  });
  for_each_piece(file, cancellation, [&](std::string_view piece) { splitter.feed(piece); });
  splitter.finish();
  return out.take();
}

Items read_ndjson_items(ChunkedFile& file, const Cancellation& cancellation) {
  Collector out(file);
  std::string carried;
  std::size_t number = 0;
  const auto take_line = [&](std::string_view line) {
    ++number;
    if (is_blank(line)) return;
    at_place("Line", number, [&] {
      out.add([&](ValueBuilder& builder) { return parse_json(line, builder, "the line"); });
    });
  };
  for_each_piece(file, cancellation, [&](std::string_view piece) {
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos;
         end = piece.find('\n')) {
      if (carried.empty()) {
        take_line(piece.substr(0, end));
      } else {
        carried += piece.substr(0, end);
        take_line(carried);
        carried.clear();
      }
      piece.remove_prefix(end + 1);
    }
    carried += piece;
  });
  take_line(carried);
  return out.take();
}

Items read_csv_items(ChunkedFile& file, const CsvOptions& options,
                     const Cancellation& cancellation) {
  Collector out(file);
  Table table(options, out);
  CsvParser parser(options.dialect,
                   [&](const CsvParser::Row& row, std::size_t line) { table.add(row, line); });
  for_each_piece(file, cancellation, [&](std::string_view piece) { parser.feed(piece); });
  parser.finish();
  return out.take();
}

}  // namespace engine::nodes
