#include "core/rest/vocabulary.h"

#include "core/base/error.h"

namespace engine::rest {

std::vector<KeyedObject> keyed_objects() {
  std::vector<KeyedObject> objects;
  for (const auto part :
       {package_objects(), operation_objects(), credential_objects(), trigger_objects()}) {
    objects.insert(objects.end(), part.begin(), part.end());
  }
  return objects;
}

std::span<const Key> keys_of(std::string_view object) {
  for (const auto part :
       {package_objects(), operation_objects(), credential_objects(), trigger_objects()}) {
    for (const KeyedObject& one : part) {
      if (one.name == object) return one.keys;
    }
  }
  throw Error(ErrorCause::bug, "no_such_object",
              "There is no table of keys for '" + std::string(object) + "'.");
}

std::vector<std::string> key_names(std::string_view object) {
  std::vector<std::string> names;
  for (const Key& key : keys_of(object)) names.emplace_back(key.name);
  return names;
}

std::vector<std::string> words_of(std::string_view object, std::string_view key) {
  std::vector<std::string> words;
  for (const Key& known : keys_of(object)) {
    if (known.name != key) continue;
    for (std::size_t at = 0; at < known.detail.size();) {
      const std::size_t end = std::min(known.detail.find(' ', at), known.detail.size());
      words.emplace_back(known.detail.substr(at, end - at));
      at = end + 1;
    }
  }
  return words;
}

}  // namespace engine::rest
