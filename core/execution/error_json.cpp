#include "core/execution/advance.h"

namespace engine::execution {

Value error_json(const Error& error) {
  ValueBuilder builder;
  builder.begin_object();
  const auto text = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    builder.key(key);
    builder.string(value);
  };
  text("message", error.message());
  text("code", error.code());
  text("cause", std::string(to_string(error.cause())));
  if (error.http_status != 0) {
    builder.key("status");
    builder.integer(error.http_status);
  }
  text("node", error.where.node);
  if (error.where.item) {
    builder.key("item");
    builder.integer(static_cast<std::int64_t>(*error.where.item));
  }
  text("parameter", error.where.parameter);
  if (error.where.position.known()) text("position", to_string(error.where.position));
  builder.end_object();
  return builder.finish();
}

namespace {

// "flow.yaml:3:7"; a file's name may itself hold colons.
Position parse_position(std::string_view text) {
  Position position;
  const std::size_t column = text.rfind(':');
  if (column == std::string_view::npos || column == 0) return position;
  const std::size_t line = text.rfind(':', column - 1);
  if (line == std::string_view::npos) return position;
  position.file = text.substr(0, line);
  position.line = std::atoi(std::string(text.substr(line + 1)).c_str());
  position.column = std::atoi(std::string(text.substr(column + 1)).c_str());
  return position;
}

}  // namespace

Error error_from_json(View json) {
  Error error(parse_error_cause(json["cause"].as_string("bug")),
              std::string(json["code"].as_string("unknown")),
              std::string(json["message"].as_string("Unknown error.")));
  error.http_status = static_cast<int>(json["status"].as_integer().value_or(0));
  error.where.node = json["node"].as_string();
  if (const auto item = json["item"].as_integer()) {
    error.where.item = static_cast<std::size_t>(*item);
  }
  error.where.parameter = json["parameter"].as_string();
  error.where.position = parse_position(json["position"].as_string());
  return error;
}

Item with_error(const Item& item, const Error& error) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, value] : item.json.members()) {
    if (key == "error") continue;
    builder.key(key);
    builder.value(item.json.share(value));
  }
  builder.key("error");
  builder.value(error_json(error));
  builder.end_object();
  return {builder.finish(), item.binary, item.origin};
}

}  // namespace engine::execution
