#include "core/expression/host.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/expression/base64_decode.h"
#include "core/expression/runtime.h"
#include "core/value/json.h"

namespace engine::expression {
namespace {

std::string binary_list(const Items& items, std::size_t base, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = base; i < base + count; ++i) {
    if (i > base) out += ',';
    print_json(items[i].binary, out);
  }
  return out += "]";
}

std::string json_list(const Items& items, std::size_t base, std::size_t count) {
  std::string out = "[";
  for (std::size_t i = base; i < base + count; ++i) {
    if (i > base) out += ',';
    print_json(items[i].json, out);
  }
  return out += "]";
}

bool has_binary(const Items& items) {
  for (const Item& item : items) {
    if (item.binary.given()) return true;
  }
  return false;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

// 2^53 has 16 digits, so every 16th byte of such a number is one of them. A run of digits in a
// string costs time only.
std::string marked(std::string json) {
  constexpr std::size_t kDigits = 16;
  for (std::size_t at = kDigits - 1; at < json.size(); at += kDigits) {
    if (!is_digit(json[at])) continue;
    std::size_t begin = at;
    std::size_t end = at;
    while (begin > 0 && is_digit(json[begin - 1]) && at - begin < kDigits) --begin;
    while (end < json.size() && is_digit(json[end]) && end - begin < kDigits) ++end;
    if (end - begin >= kDigits) return "!" + json;
  }
  return json;
}

const Items* Host::list(const std::string& id) const {
  return id.empty() ? &environment_.items() : environment_.output_of(id);
}

std::string Host::items_text(std::size_t base, std::size_t count) const {
  const std::size_t size = environment_.items().size();
  return base >= size ? "[]" : json_list(environment_.items(), base, std::min(count, size - base));
}

std::string Host::binaries_text(std::size_t base, std::size_t count) const {
  const std::size_t size = environment_.items().size();
  return base >= size ? "[]"
                      : binary_list(environment_.items(), base, std::min(count, size - base));
}

// [index per item], [[item, why it has none]], [indices], [their json], [their binary]
std::string Host::linked_text(const std::string& id, std::size_t base, std::size_t count) const {
  const Items* items = environment_.output_of(id);
  std::string indices = "[";
  std::string broken = "[";
  std::map<std::size_t, bool> used;
  for (std::size_t i = 0; i < count; ++i) {
    const Link link = environment_.linked(id, base + i);
    const bool found =
        link.index >= 0 && items != nullptr && static_cast<std::size_t>(link.index) < items->size();
    if (i > 0) indices += ',';
    indices += found ? std::to_string(link.index) : "-1";
    if (found) {
      used[static_cast<std::size_t>(link.index)] = true;
      continue;
    }
    if (broken.size() > 1) broken += ',';
    broken += "[" + std::to_string(i) + "," + print_json(Value(link.broken)) + "]";
  }
  std::string keys = "[";
  std::string jsons = "[";
  std::string binaries = "[";
  for (const auto& [index, unused] : used) {
    const char* separator = keys.size() > 1 ? "," : "";
    keys += separator + std::to_string(index);
    jsons += separator;
    print_json((*items)[index].json, jsons);
    binaries += separator;
    print_json((*items)[index].binary, binaries);
  }
  return "[" + indices + "]," + broken + "]," + keys + "]," + jsons + "]," + binaries + "]]";
}

JSValueRef Host::call(Runtime& runtime, std::span<const JSValueRef> arguments) {
  const auto word = [&](std::size_t i) {
    return i < arguments.size() ? runtime.to_text(arguments[i]) : std::string();
  };
  const auto index = [&](std::size_t i) {
    const double number = i < arguments.size() ? runtime.to_number(arguments[i]) : 0;
    return number > 0 ? static_cast<std::size_t>(number) : 0;
  };
  const auto json = [&](std::string text) { return runtime.text(marked(std::move(text))); };
  switch (static_cast<Operation>(index(0))) {
    case Operation::global: {
      const Value value = environment_.global(word(1));
      return value.missing() ? runtime.undefined() : json(print_json(value));
    }
    case Operation::items: return json(items_text(index(1), index(2)));
    case Operation::binaries: return json(binaries_text(index(1), index(2)));
    case Operation::count: {
      const Items* items = list(word(1));
      return runtime.number(items == nullptr ? -1 : static_cast<double>(items->size()));
    }
    case Operation::item: {
      const Item& item = list(word(1))->at(index(2));
      return json("[" + print_json(item.json) + "," + print_json(item.binary) + "]");
    }
    case Operation::all: {
      const Items& items = *list(word(1));
      return json("[" + json_list(items, 0, items.size()) + "," +
                  (has_binary(items) ? binary_list(items, 0, items.size()) : "null") + "]");
    }
    case Operation::linked: return json(linked_text(word(1), index(2), index(3)));
    case Operation::hash: {
      const std::string algorithm = word(1) == "sha3" ? "sha3-512" : std::string(word(1));
      if (!has_hash(algorithm)) return runtime.undefined();
      return runtime.text(to_hex(hash_of(algorithm, word(2))));
    }
    case Operation::base64_encode: return runtime.text(to_base64(word(1)));
    case Operation::base64_decode: return runtime.text(base64_decode(word(1)));
    case Operation::library: return runtime.library(word(1));
    case Operation::log:
      if (log_) log_(word(1), word(2));
      return runtime.undefined();
  }
  return runtime.undefined();
}

}  // namespace engine::expression
