#include "core/plugin/openapi/request_body.h"

#include <set>

#include "core/plugin/openapi/names.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::plugin::openapi {
namespace {

enum class Media { json, urlencoded, multipart, none };

struct Content {
  Media media = Media::none;
  std::string type;
  Value schema;
};

Media media_of(std::string_view type) {
  if (is_json(type)) return Media::json;
  if (type.rfind("application/x-www-form-urlencoded", 0) == 0) return Media::urlencoded;
  return type.rfind("multipart/form-data", 0) == 0 ? Media::multipart : Media::none;
}

// JSON if there is any, else a form.
Content choose(const Value& content) {
  Content best;
  for (const auto& member : content.members()) {
    const Media media = media_of(member.first);
    if (media == Media::none || (best.media != Media::none && media >= best.media)) continue;
    best.media = media;
    best.type = member.first;
    best.schema = content.share(member.second)["schema"];
  }
  return best;
}

// The path of a member by its name; empty for a name that no path can hold.
std::string path_of(const std::string& name) {
  for (const std::string& path : {name, "['" + name + "']"}) {
    const auto parsed = parse_path(path);
    if (parsed && parsed->size() == 1 && std::holds_alternative<std::string>(parsed->front()) &&
        std::get<std::string>(parsed->front()) == name) {
      return path;
    }
  }
  return "";
}

class BodyReader {
 public:
  BodyReader(const Call& call, const Document& document, SchemaReader& schemas, Notes& notes)
      : call_(call), document_(document), schemas_(schemas), notes_(notes) {}

  std::optional<Body> read() {
    const Value given = document_.resolve(call_.operation["requestBody"]);
    if (!given.is_object() || given["content"].size() == 0) return Body();
    const Value media_types = given["content"];
    const Content content = choose(media_types);
    if (content.media == Media::none) {
      notes_.add(call_.name() + " was left out: its body is of the type '" +
                 std::string(media_types.view().member(0).first) + "', which cannot be sent.");
      return std::nullopt;
    }
    for (const auto& member : media_types.members()) {
      if (media_of(member.first) == Media::none) {
        notes_.add("The body of " + call_.name() + " could be sent as '" +
                   std::string(member.first) + "' too; it is sent as '" + content.type + "'.");
      }
    }
    required_ = given["required"].as_bool(call_.method != "DELETE" && call_.method != "GET");
    Body body;
    if (content.media == Media::json && content.type.rfind("application/json", 0) != 0) {
      body.content_type = content.type;
    }
    add(content, body);
    return body;
  }

 private:
  std::string what() const { return "body of " + call_.name(); }

  void add(const Content& content, Body& body) {
    const Value schema = schemas_.flat(content.schema, what());
    const bool members =
        SchemaReader::type_of(schema) == "object" && schema["properties"].size() > 0;
    if (!members) {
      add_whole(content, body);
      return;
    }
    if (schema["additionalProperties"].is_object() || schema["additionalProperties"].as_bool()) {
      notes_.add("The " + what() +
                 " may have more members than the document names; they cannot "
                 "be given.");
    }
    std::set<std::string> needed;
    const Value required = schema["required"];
    for (const View name : required.elements()) needed.emplace(name.as_string());
    const Value properties = schema["properties"];
    for (const auto& member : properties.members()) {
      add_member(content.media, std::string(member.first), properties.share(member.second),
                 needed.count(std::string(member.first)) > 0, body);
    }
  }

  // A body that is no object with known members is one parameter.
  void add_whole(const Content& content, Body& body) {
    if (content.media != Media::json) {
      notes_.add("The " + what() + " is a form without known fields; none can be given.");
      return;
    }
    BodyParameter parameter{"body", ".", "body", schemas_.describe(content.schema, what())};
    if (required_) parameter.described.set("required", true);
    body.parameters.push_back(std::move(parameter));
  }

  void add_member(Media media, const std::string& name, const Value& schema, bool required,
                  Body& body) {
    const std::string member = "member '" + name + "' of the " + what();
    const Value flat = schemas_.flat(schema, member);
    if (flat["readOnly"].as_bool()) return;
    BodyParameter parameter;
    parameter.name = snake_case(name, "member");
    parameter.as = media == Media::json ? path_of(name) : name;
    if (parameter.as.empty()) {
      notes_.add("The " + member + " has a name that cannot be written and was left out.");
      return;
    }
    parameter.send = media == Media::json        ? "body"
                     : media == Media::multipart ? "form"
                                                 : "urlencoded";
    if (media == Media::multipart && is_upload(flat)) {
      parameter.send = "binary";
      parameter.described.set("type", "string");
      parameter.described.set(
          "text", "The name of a binary of the item. " + text_of(flat, "description", 500));
    } else {
      parameter.described = schemas_.describe(schema, member);
      add_default_text(flat, parameter.described);
      note_form(media, member, parameter.described);
    }
    if (required && required_) parameter.described.set("required", true);
    body.parameters.push_back(std::move(parameter));
  }

  // Also what says nothing of its kind: OpenAPI 3.1, section 4.8.15.1.
  bool is_upload(const Value& schema) {
    if (SchemaReader::is_binary(schema)) return true;
    const bool untold = SchemaReader::type_of(schema).empty() && !schema["enum"].given();
    if (SchemaReader::type_of(schema) != "array") return untold;
    const Value element = schemas_.flat(schema["items"], what());
    return SchemaReader::is_binary(element) || SchemaReader::type_of(element).empty();
  }

  // A default that is sent could overwrite what is there; the service knows it anyway.
  static void add_default_text(const Value& schema, Members& described) {
    const Value value = schema["default"];
    if (!value.given() || value.is_object() || value.is_array()) return;
    const std::string text(described.value()["text"].as_string());
    described.set("text",
                  text + (text.empty() ? "" : " ") + "Without it: " + print_json(value) + ".");
  }

  void note_form(Media media, const std::string& member, const Members& described) {
    if (media != Media::multipart) return;
    const Value type = described.value()["type"];
    if (type.as_string() != "list" && type.as_string() != "object") return;
    notes_.add("The " + member + " is sent as JSON text in its field of the form.");
  }

  const Call& call_;
  const Document& document_;
  SchemaReader& schemas_;
  Notes& notes_;
  bool required_ = false;
};

}  // namespace

std::optional<Body> read_body(const Call& call, const Document& document, SchemaReader& schemas,
                              Notes& notes) {
  return BodyReader(call, document, schemas, notes).read();
}

bool is_json(std::string_view media_type) {
  const std::string_view type = media_type.substr(0, media_type.find(';'));
  return type == "application/json" || type.ends_with("+json") || type == "*/*" ||
         type == "text/json" || type == "application/*";
}

}  // namespace engine::plugin::openapi
