// The shape of a request body, written as one line of the route table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/value.h"

namespace engine::clickup::sandbox {

/// Parsed from "name*: text, due_date: date?, assignees: [integer], tag: {name*: text}".
///
///   `*` required, `?` may be null, `a|b` either, `[x]` list of x, `{…}` object with these members.
///   Types: text, integer, number, boolean, id (integer or text), object, any, and in milliseconds
///   from 0 on: date (to the year 5138), duration (to 300 years).
///
/// Unknown members are refused: the service drops them in silence, which helps nobody who builds
/// an automation.
class Shape {
 public:
  /// No body at all is fine, and so is any.
  Shape() = default;
  /// Throws Error{bug} when the text is not a shape.
  explicit Shape(std::string_view text);
  /// The same for a body that is a list.
  static Shape list_of(std::string_view member_text);

  /// Throws Refusal{400} that names the member: INPUT_006 for a date, else INPUT_005.
  void check(View body) const;

  bool empty() const { return type_ == nullptr; }

  struct Type;

 private:
  std::shared_ptr<const Type> type_;
};

}  // namespace engine::clickup::sandbox
