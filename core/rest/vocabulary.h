// The keys of package files, once: readers know them from here, and so does the JSON Schema.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::rest {

/// What a key takes. `detail` of the key names the object or the words.
enum class Takes {
  text,   ///< numbers and booleans read as texts
  texts,  ///< one, or a list
  flag,   ///< true or false
  integer,
  number,
  any,
  any_list,
  any_map,      ///< names and any values
  text_map,     ///< names and texts
  list_or_map,  ///< of texts
  word,         ///< one of the words
  object,
  objects,     ///< a list
  object_map,  ///< by name
  text_or_object,
  text_or_objects,
  texts_or_objects,
};

struct Key {
  std::string_view name;
  Takes takes;
  std::string_view text;         ///< a sentence for editors
  std::string_view detail = "";  ///< name of an object, or words with blanks between them
  bool required = false;
};

/// An object of the files: "operation", "parameter", …
struct KeyedObject {
  std::string_view name;
  std::span<const Key> keys;
};

/// All objects, in the order of the reference.
std::vector<KeyedObject> keyed_objects();

/// Throws Error{bug, "no_such_object"}: names come from the readers.
std::span<const Key> keys_of(std::string_view object);
std::vector<std::string> key_names(std::string_view object);
/// The words that a key takes, in the order of the enumeration they are read into.
std::vector<std::string> words_of(std::string_view object, std::string_view key);

// By file: each is a part of keyed_objects().
std::span<const KeyedObject> package_objects();
std::span<const KeyedObject> operation_objects();
std::span<const KeyedObject> credential_objects();
std::span<const KeyedObject> trigger_objects();

}  // namespace engine::rest
