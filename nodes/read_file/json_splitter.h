// Splits a JSON document into the elements of its list, without holding all of it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace engine::nodes {

/// Receives a document in pieces. Gives the text of each element of a top-level list as soon as it
/// is complete, or at the end the whole document when it is no list. What is inside an element is
/// not checked: that is left to the parser. Throws Error{user, "bad_json"} for faults between them.
class JsonSplitter {
 public:
  using Take = std::function<void(std::string_view text)>;
  explicit JsonSplitter(Take take) : take_(std::move(take)) {}

  void feed(std::string_view piece);
  void finish();

 private:
  enum class State { begin, first_element, element_start, element, after_element, end, whole };
  std::size_t between(std::string_view piece, std::size_t at);
  std::size_t inside(std::string_view piece, std::size_t at);
  void complete(std::string_view rest);
  [[noreturn]] void fail(const char* expected) const;

  Take take_;
  State state_ = State::begin;
  std::string carried_;  // the beginning of an element from pieces before
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool scalar_ = false;
  std::size_t elements_ = 0;
};

}  // namespace engine::nodes
