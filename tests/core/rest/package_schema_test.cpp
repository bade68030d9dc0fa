// The JSON Schema of package files, against the files that are there and the readers.
#include "core/rest/package_schema.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "core/rest/compiler/yaml_source.h"
#include "core/rest/vocabulary.h"
#include "core/value/json.h"
#include "places.h"

using namespace engine;

namespace {

// The part of JSON Schema that the schema uses.
class Checker {
 public:
  explicit Checker(Value schema) : schema_(std::move(schema)) {}

  std::string check(const std::string& definition, const Value& value) {
    return fault(schema_["$defs"][definition], value, definition);
  }

 private:
  static bool has_type(View wanted, View value) {
    if (wanted.is_array()) {
      for (const View one : wanted.elements()) {
        if (has_type(one, value)) return true;
      }
      return false;
    }
    const std::string_view name = wanted.as_string();
    if (name == "object") return value.is_object();
    if (name == "array") return value.is_array();
    if (name == "string") return value.is_string();
    if (name == "boolean") return value.is_boolean();
    if (name == "integer") return value.as_integer().has_value();
    return name == "number" && value.is_number();
  }

  std::string fault(const Value& schema, const Value& value, const std::string& at) {
    if (const View reference = schema.view()["$ref"]; reference.given()) {
      const std::string name(reference.as_string().substr(8));
      REQUIRE_MESSAGE(schema_["$defs"][name].given(), name);
      return fault(schema_["$defs"][name], value, at);
    }
    if (const Value choices = schema["anyOf"]; choices.given()) {
      std::string last;
      for (std::size_t i = 0; i < choices.size(); ++i) {
        last = fault(choices[i], value, at);
        if (last.empty()) return "";
      }
      return last;
    }
    if (const Value words = schema["enum"]; words.given()) {
      for (const View word : words.elements()) {
        if (word.equals(value)) return "";
      }
      return at + " is " + print_json(value);
    }
    if (schema["type"].given() && !has_type(schema["type"], value)) {
      return at + " has another type: " + print_json(value).substr(0, 60);
    }
    return of_parts(schema, value, at);
  }

  std::string of_parts(const Value& schema, const Value& value, const std::string& at) {
    for (const View name : schema["required"].elements()) {
      if (value[name.as_string()].missing()) {
        return at + " needs " + std::string(name.as_string());
      }
    }
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
      if (!schema["items"].given()) break;
      std::string found = fault(schema["items"], value[i], at + "[]");
      if (!found.empty()) return found;
    }
    for (const auto& member : value.members()) {
      const std::string key(member.first);
      Value part = schema["properties"][key];
      if (part.missing()) part = schema["additionalProperties"];
      if (part.missing()) continue;
      if (part.is_boolean()) {
        if (!part.as_bool()) return at + " knows no " + key;
        continue;
      }
      std::string found = fault(part, value.share(member.second), at + "." + key);
      if (!found.empty()) return found;
    }
    return "";
  }

  Value schema_;
};

Value read(const std::filesystem::path& path) {
  Diagnostics diagnostics;
  const auto file = rest::read_yaml_file(path, path.string(), diagnostics);
  CHECK(diagnostics.empty());
  return to_value(file.content);
}

}  // namespace

TEST_CASE("the files of ClickUp's package and all credential types fit the schema") {
  Checker checker(rest::package_schema());
  const std::filesystem::path root = ENGINE_SOURCE_DIR;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "nodes/clickup")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    const bool package = entry.path().filename() == "package.yaml";
    CHECK_MESSAGE(checker.check(package ? "package" : "resource", read(entry.path())) == "",
                  entry.path().string());
  }
  CHECK(files > 20);
  for (const auto& entry : std::filesystem::directory_iterator(root / "credentials")) {
    CHECK(checker.check("credential", read(entry.path() / "credential.yaml")) == "");
  }
}

TEST_CASE("the schema refuses what readers refuse") {
  Checker checker(rest::package_schema());
  CHECK(checker.check("package", parse_json(R"({"name":"x"})")) == "package needs base_url");
  CHECK(checker.check("package", parse_json(R"({"name":"x","base_url":"y","bas":1})")) ==
        "package knows no bas");
  CHECK(checker.check("operation", parse_json(R"({"title":"x","request":{"cal":"GET /"}})")) ==
        "operation.request needs call");
  CHECK(checker.check("parameter", parse_json(R"({"type":"strin"})")) ==
        "parameter.type is \"strin\"");
  CHECK(checker.check("trigger", parse_json(R"({"trigger":"x","title":"X","poll":{}})")) ==
        "trigger.poll needs request");
}

TEST_CASE("what tables refer to is there, and no name is given twice") {
  std::set<std::string_view> objects;
  for (const rest::KeyedObject& object : rest::keyed_objects()) {
    CHECK_MESSAGE(objects.insert(object.name).second, std::string(object.name));
  }
  objects.insert("field");
  for (const rest::KeyedObject& object : rest::keyed_objects()) {
    std::set<std::string_view> keys;
    for (const rest::Key& key : object.keys) {
      CHECK_MESSAGE(keys.insert(key.name).second, std::string(key.name));
      CHECK_FALSE(key.text.empty());
      using T = rest::Takes;
      const std::set<T> references{T::object,         T::objects,         T::object_map,
                                   T::text_or_object, T::text_or_objects, T::texts_or_objects};
      if (references.count(key.takes) != 0)
        CHECK_MESSAGE(objects.count(key.detail) == 1, std::string(key.detail));
    }
  }
}
