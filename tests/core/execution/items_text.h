// Items as short texts: "1 2" is [{n: 1}, {n: 2}], and "2!upstream" one that carries an error.
#pragma once

#include <sstream>
#include <string>

#include "core/value/item.h"
#include "core/value/json.h"

namespace engine::test {

inline Item number(int n, Origin origin = {}) {
  return {Value::object({{"n", n}}), {}, std::move(origin)};
}

/// Each item comes from the one with the same index.
inline Items numbers(const std::string& text) {
  std::istringstream stream(text);
  Items items;
  for (int n = 0; stream >> n;) items.push_back(number(n, Origin::of(items.size())));
  return items;
}

inline std::string show(const Items& items) {
  std::string text;
  for (const Item& item : items) {
    if (!text.empty()) text += ' ';
    text += to_text(item.json["n"]);
    const Value error = item.json["error"];
    if (error.is_object()) text += "!" + std::string(error["code"].as_string());
  }
  return text;
}

}  // namespace engine::test
