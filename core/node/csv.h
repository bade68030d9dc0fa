// CSV (RFC 4180), read piece by piece and written row by row.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

struct CsvDialect {
  char delimiter = ',';
  char quote = '"';
};

/// Receives a file in pieces of any size and gives whole rows. Lines may end with LF, CRLF or CR;
/// empty lines are skipped. Throws Error{user, "bad_csv"} with the line.
class CsvParser {
 public:
  using Row = std::vector<std::string_view>;
  /// `line` is where the row begins, from 1. The fields are valid during the call only.
  using TakeRow = std::function<void(const Row& fields, std::size_t line)>;

  CsvParser(CsvDialect dialect, TakeRow take) : dialect_(dialect), take_(std::move(take)) {}

  void feed(std::string_view piece);
  void finish();

 private:
  enum class State { field_start, plain, quoted, after_quote };
  void put(char c);
  void end_field();
  void end_row();

  CsvDialect dialect_;
  TakeRow take_;
  State state_ = State::field_start;
  std::string text_;               // the fields of the row, one after the other
  std::vector<std::size_t> ends_;  // where each of them ends
  Row row_;
  bool after_return_ = false;
  bool has_quotes_ = false;  // an empty line has none, a row of one empty field does
  std::size_t line_ = 1;
  std::size_t row_line_ = 1;
};

/// Adds one field, in quotes where that is needed.
void append_csv_field(std::string_view field, const CsvDialect& dialect, std::string& out);

}  // namespace engine
