#include "core/expression/failure.h"

#include <cctype>

#include "core/base/nearest.h"
#include "core/expression/template_node.h"

namespace engine::expression {
namespace {

std::vector<std::string> global_names() {
  return {"$json",      "$binary",    "$item",     "$itemIndex", "$input",    "$node",
          "$execution", "$workflow",  "$now",      "$today",     "DateTime",  "Duration",
          "Interval",   "$env",       "$vars",     "$jmespath",  "$if",       "$ifEmpty",
          "$min",       "$max",       "$runIndex", "Math",       "JSON",      "Object",
          "Array",      "String",     "Number",    "Boolean",    "Date",      "undefined",
          "parseInt",   "parseFloat", "isNaN",     "console",    "$response", "$error"};
}

bool is_word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

// The last name of "a.b.c".
std::string last_word(const std::string& text) {
  std::size_t begin = text.size();
  while (begin > 0 && is_word_part(text[begin - 1])) --begin;
  return text.substr(begin);
}

std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.rfind(after);
  if (end == std::string::npos || end < begin + before.size()) return {};
  return text.substr(begin + before.size(), end - begin - before.size());
}

// What scripts of other places have, and where it is here.
std::string elsewhere(std::string_view name) {
  struct Name {
    std::string_view name;
    std::string_view instead;
  };
  constexpr std::string_view kNetwork = " There is no network here: use the node http_request.";
  constexpr std::string_view kModules = " There are no modules here.";
  constexpr std::string_view kProcess =
      " Environment variables are in $env, when settings.env names them.";
  constexpr std::string_view kLater = " Nothing runs later here: use the node wait.";
  constexpr Name kNames[] = {{"fetch", kNetwork},    {"XMLHttpRequest", kNetwork},
                             {"axios", kNetwork},    {"require", kModules},
                             {"process", kProcess},  {"setTimeout", kLater},
                             {"setInterval", kLater}};
  for (const Name& known : kNames) {
    if (known.name == name) return std::string(known.instead);
  }
  return {};
}

std::string explain_not_found(const std::string& message) {
  constexpr std::string_view kPrefix = "Can't find variable: ";
  const std::string name = message.substr(kPrefix.size());
  return unknown_global(name).message;
}

// JavaScriptCore: "undefined is not an object (evaluating 'a.b.c')".
std::string explain_nothing(const std::string& message) {
  const std::string whole = between(message, "(evaluating '", "')");
  const bool is_null = message.rfind("null", 0) == 0;
  std::size_t end = whole.size();
  while (end > 0 && is_word_part(whole[end - 1])) --end;
  if (end > 1 && end < whole.size() && whole[end - 1] == '.') {
    return nothing_to_read(whole.substr(0, end - 1), whole, is_null).message;
  }
  return "'" + shortened(whole) + "' cannot be read: something in it is " +
         (is_null ? "null." : "undefined.");
}

// JavaScriptCore: "a.b is not a function. (In 'a.b()', 'a.b' is undefined)".
std::string explain_not_function(const std::string& message, const MethodNames& methods) {
  const std::string callee = message.substr(0, message.find(" is not a function"));
  const std::string hint = methods ? did_you_mean(last_word(callee), methods()) : std::string();
  return "'" + shortened(callee) + "' is not a function." + hint;
}

bool starts_with(const std::string& text, std::string_view prefix) {
  return text.rfind(prefix, 0) == 0;
}

std::string place_of(const Failure& failure) {
  if (failure.line == 0) return {};
  std::string text = " (";
  if (failure.line > 1) text += "line " + std::to_string(failure.line) + ", ";
  return text + "column " + std::to_string(failure.column) + ")";
}

}  // namespace

std::string shortened(std::string_view source) {
  constexpr std::size_t kMost = 80;
  if (source.size() <= kMost) return std::string(source);
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(source[end]) & 0xC0U) == 0x80U) --end;
  return std::string(source.substr(0, end)) + "…";
}

Failure nothing_to_read(std::string_view base, std::string_view whole, bool is_null) {
  std::string message = "'" + shortened(base) + "' is " + (is_null ? "null" : "undefined") +
                        ", so '" + shortened(whole) + "' cannot be read.";
  if (whole.size() > base.size() && whole[base.size()] == '.') {
    message += " Write '" +
               shortened(std::string(base) + "?" + std::string(whole.substr(base.size()))) +
               "' when it may be absent.";
  }
  return {"TypeError", std::move(message), 0, 0, "nothing_to_read"};
}

Failure unknown_global(std::string_view name) {
  return {"ReferenceError",
          "'" + std::string(name) + "' is not defined." + elsewhere(name) +
              did_you_mean(name, global_names()),
          0, 0, "unknown_name"};
}

std::string code_of(const Failure& failure) {
  if (!failure.code.empty()) return failure.code;
  const auto says = [&](const char* part) {
    return failure.message.find(part) != std::string::npos;
  };
  if (failure.name == "ReferenceError" && says("Can't find variable")) return "unknown_name";
  if (failure.name == "RangeError" && says("call stack")) return "endless_recursion";
  if (failure.name == "TypeError" && says(" is not an object (evaluating '")) {
    return "nothing_to_read";
  }
  if (failure.name == "TypeError" && says(" is not a function")) return "not_a_function";
  return "expression_failed";
}

std::string explain(const Failure& failure, const MethodNames& methods) {
  const std::string& message = failure.message;
  if (!failure.code.empty()) return message;
  if (failure.name == "ReferenceError" && starts_with(message, "Can't find variable: ")) {
    return explain_not_found(message);
  }
  if (failure.name == "TypeError" &&
      message.find(" is not an object (evaluating '") != std::string::npos &&
      (starts_with(message, "undefined") || starts_with(message, "null"))) {
    return explain_nothing(message);
  }
  if (failure.name == "TypeError" && message.find(" is not a function") != std::string::npos) {
    return explain_not_function(message, methods);
  }
  if (failure.name == "RangeError" && message.find("call stack") != std::string::npos) {
    return "A function calls itself without end (the call stack is full).";
  }
  if (failure.name == "TypeError" && message.find("mix of BigInt") != std::string::npos) {
    return "A whole number beyond 2^53 is kept exactly, as a BigInt, and does not combine with "
           "other "
           "numbers. Write 1n for 1, or Number(…) where rounding does no harm.";
  }
  if (message.find("cyclic structure") != std::string::npos) {
    return "The value holds itself somewhere inside, so it cannot be written as JSON.";
  }
  return failure.name.empty() || failure.name == "Error" ? message : failure.name + ": " + message;
}

Error make_error(const Failure& failure, const Segment& segment, std::size_t item,
                 const MethodNames& methods) {
  Error error(ErrorCause::user, code_of(failure),
              "The expression '" + shortened(segment.source) + "' failed" + place_of(failure) +
                  ": " + explain(failure, methods));
  error.where.item = item;
  error.where.parameter = segment.parameter;
  error.where.position = segment.position;
  return error;
}

}  // namespace engine::expression
