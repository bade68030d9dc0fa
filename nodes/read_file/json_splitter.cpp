#include "nodes/read_file/json_splitter.h"

#include "core/base/error.h"

namespace engine::nodes {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

void JsonSplitter::fail(const char* expected) const {
  throw Error(ErrorCause::user, "bad_json",
              std::string("The list of the file is broken behind its element ") +
                  std::to_string(elements_) + ": expected " + expected + ".");
}

void JsonSplitter::feed(std::string_view piece) {
  std::size_t at = 0;
  while (at < piece.size()) {
    if (state_ == State::whole) {
      carried_ += piece.substr(at);
      return;
    }
    at = state_ == State::element ? inside(piece, at) : between(piece, at);
  }
}

// One character that is not part of an element.
std::size_t JsonSplitter::between(std::string_view piece, std::size_t at) {
  const char c = piece[at];
  if (is_space(c)) return at + 1;
  switch (state_) {
    case State::begin:
      state_ = c == '[' ? State::first_element : State::whole;
      return c == '[' ? at + 1 : at;
    case State::after_element:
      if (c != ',' && c != ']') fail("',' or ']'");
      state_ = c == ',' ? State::element_start : State::end;
      return at + 1;
    case State::end: fail("the end of the file");
    default: break;
  }
  if (c == ']' && state_ == State::first_element) {
    state_ = State::end;
    return at + 1;
  }
  if (c == ',' || c == ']') fail("a value");
  state_ = State::element;
  scalar_ = c != '{' && c != '[' && c != '"';
  return at;
}

// Up to the end of the element, or of the piece.
std::size_t JsonSplitter::inside(std::string_view piece, std::size_t at) {
  const std::size_t begin = at;
  for (; at < piece.size(); ++at) {
    const char c = piece[at];
    if (in_string_) {
      const bool closes = !escaped_ && c == '"';
      escaped_ = !escaped_ && c == '\\';
      if (!closes) continue;
      in_string_ = false;
    } else if (scalar_) {
      if (!is_space(c) && c != ',' && c != ']') continue;
      complete(piece.substr(begin, at - begin));
      return at;
    } else if (c == '"') {
      in_string_ = true;
      continue;
    } else if (c == '{' || c == '[') {
      ++depth_;
      continue;
    } else if (c == '}' || c == ']') {
      --depth_;
    } else {
      continue;
    }
    if (depth_ > 0) continue;
    complete(piece.substr(begin, at + 1 - begin));
    return at + 1;
  }
  carried_ += piece.substr(begin);
  return at;
}

void JsonSplitter::complete(std::string_view rest) {
  ++elements_;
  state_ = State::after_element;
  if (carried_.empty()) {
    take_(rest);
    return;
  }
  carried_ += rest;
  take_(carried_);
  carried_.clear();
}

void JsonSplitter::finish() {
  if (state_ == State::end) return;
  if (state_ == State::whole || state_ == State::begin) {
    take_(carried_);
    return;
  }
  fail("']' at the end");
}

}  // namespace engine::nodes
