#include "nodes/clickup/sandbox/shape.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "nodes/clickup/sandbox/refusal.h"

namespace engine::clickup::sandbox {

struct Shape::Type {
  struct Member {
    std::string name;
    bool required = false;
    std::shared_ptr<const Type> type;
  };
  std::vector<std::string> names;       // "text", "integer", …; empty for a list or object
  std::shared_ptr<const Type> element;  // of a list
  std::vector<Member> members;          // of an object
  bool object = false;
  bool nullable = false;
};

namespace {

using Type = Shape::Type;

class ShapeReader {
 public:
  explicit ShapeReader(std::string_view text) : text_(text) {}

  Type read_members(char end) {
    Type type;
    type.object = true;
    while (peek() != end) {
      Type::Member member;
      member.name = word();
      member.required = take('*');
      expect(':');
      member.type = std::make_shared<Type>(read_type());
      type.members.push_back(std::move(member));
      if (!take(',')) break;
    }
    if (peek() != end) fail();
    return type;
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): the texts are ours
  Type read_type() {
    Type type;
    if (take('[')) {
      type.element = std::make_shared<Type>(read_type());
      expect(']');
    } else if (take('{')) {
      type = read_members('}');
      expect('}');
    } else {
      do type.names.push_back(word());
      while (take('|'));
    }
    type.nullable = take('?');
    return type;
  }

  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }
  std::string word() {
    peek();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      ++at_;
    }
    if (begin == at_) fail();
    return std::string(text_.substr(begin, at_ - begin));
  }
  [[noreturn]] void fail() const {
    throw Error(ErrorCause::bug, "bad_shape", "Not a shape: " + std::string(text_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The year 5138, and some 300 years: sums and differences of such stay far from overflowing.
constexpr std::int64_t kLatest = 100'000'000'000'000;
constexpr std::int64_t kLongest = 10'000'000'000'000;

bool fits(View value, std::string_view name) {
  if (name == "any") return true;
  if (name == "text") return value.is_string();
  if (name == "boolean") return value.is_boolean();
  if (name == "number") return value.is_number();
  if (name == "object") return value.is_object();
  if (name == "id") return value.is_string() || value.as_integer().has_value();
  const auto integer = value.as_integer();
  if (!integer) return false;
  if (name == "date") return *integer >= 0 && *integer <= kLatest;
  if (name == "duration") return *integer >= 0 && *integer <= kLongest;
  return true;
}

std::string expected(const Type& type) {
  if (type.object) return "an object";
  if (type.element != nullptr) return "an array";
  std::string text;
  for (const std::string& name : type.names) text += (text.empty() ? "" : " or ") + name;
  return text;
}

void check(View value, const Type& type, const std::string& where);

// NOLINTNEXTLINE(misc-no-recursion): as deep as the shape, not as the body
void check_members(View value, const Type& type, const std::string& where) {
  const std::string prefix = where.empty() ? "" : where + ".";
  for (const auto& [key, member_value] : value.members()) {
    const auto found = std::find_if(type.members.begin(), type.members.end(),
                                    [&name = key](const auto& m) { return m.name == name; });
    if (found == type.members.end()) {
      std::vector<std::string> names;
      for (const auto& member : type.members) names.push_back(member.name);
      refuse("Unknown field '" + prefix + std::string(key) + "'." + did_you_mean(key, names));
    }
    check(member_value, *found->type, prefix + found->name);
  }
  for (const auto& member : type.members) {
    if (member.required && value[member.name].missing()) {
      refuse("Field '" + prefix + member.name + "' is required");
    }
  }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the shape, not as the body
void check(View value, const Type& type, const std::string& where) {
  if (value.null() && type.nullable) return;
  if (type.object && value.is_object()) return check_members(value, type, where);
  if (type.element != nullptr && value.is_array()) {
    std::size_t index = 0;
    for (const View element : value.elements()) {
      check(element, *type.element, where + "[" + std::to_string(index++) + "]");
    }
    return;
  }
  if (std::any_of(type.names.begin(), type.names.end(),
                  [&](const std::string& name) { return fits(value, name); })) {
    return;
  }
  const bool date = !type.names.empty() && type.names.front() == "date";
  refuse((date ? "Date invalid: '" : "'") + where + "' must be " + expected(type) + ", not " +
             std::string(to_string(value.kind())),
         date ? "INPUT_006" : "INPUT_005");
}

}  // namespace

Shape::Shape(std::string_view text)
    : type_(std::make_shared<Type>(ShapeReader(text).read_members('\0'))) {}

Shape Shape::list_of(std::string_view member_text) {
  Shape shape(member_text);
  auto list = std::make_shared<Type>();
  list->element = shape.type_;
  shape.type_ = std::move(list);
  return shape;
}

void Shape::check(View body) const {
  if (type_ == nullptr) return;
  if (type_->object && !body.is_object()) refuse("The body must be a JSON object");
  if (type_->element != nullptr && !body.is_array()) refuse("The body must be a JSON array");
  sandbox::check(body, *type_, "");
}

}  // namespace engine::clickup::sandbox
