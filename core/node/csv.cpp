#include "core/node/csv.h"

#include "core/base/error.h"

namespace engine {

void CsvParser::feed(std::string_view piece) {
  for (const char c : piece) put(c);
}

void CsvParser::put(char c) {
  const bool line_feed_of_return = c == '\n' && after_return_;
  after_return_ = c == '\r';
  if ((c == '\n' || c == '\r') && !line_feed_of_return) ++line_;
  if (state_ == State::quoted) {
    if (c == dialect_.quote) {
      state_ = State::after_quote;
    } else {
      text_ += c;
    }
    return;
  }
  if (line_feed_of_return) return;
  if (c == dialect_.delimiter) {
    end_field();
  } else if (c == '\n' || c == '\r') {
    end_row();
  } else if (c == dialect_.quote && state_ == State::field_start) {
    state_ = State::quoted;
    has_quotes_ = true;
  } else if (c == dialect_.quote && state_ == State::after_quote) {
    text_ += c;
    state_ = State::quoted;
  } else if (state_ == State::after_quote) {
    throw Error(ErrorCause::user, "bad_csv",
                "Line " + std::to_string(line_) +
                    " has text behind a closing quote. A quote inside of a field is written "
                    "twice.");
  } else {
    text_ += c;
    state_ = State::plain;
  }
}

void CsvParser::end_field() {
  ends_.push_back(text_.size());
  state_ = State::field_start;
}

void CsvParser::end_row() {
  const bool empty = ends_.empty() && text_.empty() && !has_quotes_;
  end_field();
  if (!empty) {
    row_.clear();
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      row_.push_back(std::string_view(text_).substr(begin, end - begin));
      begin = end;
    }
    take_(row_, row_line_);
  }
  text_.clear();
  ends_.clear();
  has_quotes_ = false;
  row_line_ = line_;
}

void CsvParser::finish() {
  if (state_ == State::quoted) {
    throw Error(ErrorCause::user, "bad_csv",
                "The quote of the row in line " + std::to_string(row_line_) + " is never closed.");
  }
  end_row();
}

void append_csv_field(std::string_view field, const CsvDialect& dialect, std::string& out) {
  const char special[] = {dialect.delimiter, dialect.quote, '\r', '\n'};
  const bool edge_space = !field.empty() && (field.front() == ' ' || field.back() == ' ');
  if (!edge_space &&
      field.find_first_of(std::string_view(special, sizeof special)) == std::string_view::npos) {
    out += field;
    return;
  }
  out += dialect.quote;
  for (const char c : field) {
    if (c == dialect.quote) out += c;
    out += c;
  }
  out += dialect.quote;
}

}  // namespace engine
