#include "nodes/clickup/sandbox/wire/field_value.h"

#include <algorithm>
#include <map>

#include "core/value/json.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

struct Setting {
  const Call& call;
  const Team& team;
  const CustomField& field;
  const Value& sent;
  const Value& stored;

  [[noreturn]] void bad(std::string_view expected) const {
    refuse("Value of custom field '" + field.name + "' (" + field.type + ") must be " +
           std::string(expected));
  }
};

View option(const CustomField& field, View id) {
  for (const View one : field.type_config.View::operator[]("options").elements()) {
    if (one["id"] == id) return one;
  }
  return {};
}

Value set_text(const Setting& s) {
  if (!s.sent.is_string()) s.bad("a text");
  const std::string_view text = s.sent.as_string();
  if (s.field.type == "email" && text.find('@') == std::string_view::npos)
    s.bad("an email address");
  if (s.field.type == "url" && text.find("://") == std::string_view::npos) s.bad("a URL");
  if (s.field.type == "phone" && text.find_first_of("0123456789") == std::string_view::npos) {
    s.bad("a phone number with country code");
  }
  return s.sent;
}

Value set_number(const Setting& s) {
  if (!s.sent.is_number()) s.bad("a number");
  return s.sent;
}

Value set_date(const Setting& s) {
  if (!s.sent.as_integer()) s.bad("milliseconds since 1970 as an integer");
  return s.sent;
}

Value set_checkbox(const Setting& s) {
  if (!s.sent.is_boolean()) s.bad("true or false");
  return s.sent;
}

Value set_option(const Setting& s) {
  if (!s.sent.is_string() || option(s.field, s.sent).missing()) s.bad("the id of an option");
  return s.sent;
}

Value set_labels(const Setting& s) {
  if (!s.sent.is_array()) s.bad("an array of label ids");
  for (const View label : s.sent.elements()) {
    if (option(s.field, label).missing()) s.bad("an array of label ids");
  }
  return s.sent;
}

Value set_rating(const Setting& s) {
  const std::int64_t most = s.field.type_config.View::operator[]("count").as_integer().value_or(5);
  const auto given = s.sent.as_integer();
  if (!given || *given < 0 || *given > most) s.bad("0 to " + std::to_string(most));
  return s.sent;
}

Value set_progress(const Setting& s) {
  const auto current = s.sent.View::operator[]("current").as_number();
  const View config = s.field.type_config;
  if (!current || *current < config["start"].as_number().value_or(0) ||
      *current > config["end"].as_number().value_or(100)) {
    s.bad("{current: number} between start and end");
  }
  return s.sent;
}

Value set_location(const Setting& s) {
  const View location = s.sent.View::operator[]("location");
  if (!location["lat"].is_number() || !location["lng"].is_number()) {
    s.bad("{location: {lat, lng}, formatted_address}");
  }
  return s.sent;
}

/// Applies {add, rem}; `known` turns an id into the one that is stored, or refuses it.
template <typename Known>
Value change_list(const Setting& s, Known&& known) {
  if (!s.sent.is_object()) s.bad("{add: [ids], rem: [ids]}");
  std::vector<Value> ids;
  for (const View id : s.stored.elements()) ids.push_back(s.stored.share(id));
  for (const View id : s.sent.View::operator[]("rem").elements()) {
    const Value gone = known(id);
    std::erase_if(ids, [&](const Value& one) { return one.equals(gone); });
  }
  for (const View id : s.sent.View::operator[]("add").elements()) {
    const Value added = known(id);
    const bool there =
        std::any_of(ids.begin(), ids.end(), [&](const Value& one) { return one.equals(added); });
    if (!there) ids.push_back(added);
  }
  return ids.empty() ? Value(nullptr) : Value::array(ids);
}

Value set_users(const Setting& s) {
  return change_list(s, [&](View id) { return Value(s.call.member(s.team, id)); });
}

Value set_tasks(const Setting& s) {
  return change_list(s, [&](View id) {
    const Task* task = s.call.world.tasks.live(id.as_string());
    if (task == nullptr) s.bad("{add: [task ids], rem: [task ids]}; " + to_text(id) + " is none");
    return Value(task->id);
  });
}

Value set_attachments(const Setting& s) {
  return change_list(s, [&](View id) {
    if (s.call.world.attachments.live(id.as_string()) == nullptr) {
      s.bad("{add: [attachment ids], rem: [attachment ids]}");
    }
    return Value(id.as_string());
  });
}

Value press_button(const Setting& s) {
  if (!s.sent.as_bool()) s.bad("true");
  return s.stored.missing() ? Value(nullptr) : s.stored;
}

}  // namespace

Value field_value(const Call& call, const Team& team, const CustomField& field, const Value& sent,
                  const Value& stored) {
  using Setter = Value (*)(const Setting&);
  static const std::map<std::string, Setter, std::less<>> kSetters = {
      {"text", set_text},
      {"short_text", set_text},
      {"url", set_text},
      {"email", set_text},
      {"phone", set_text},
      {"number", set_number},
      {"currency", set_number},
      {"date", set_date},
      {"checkbox", set_checkbox},
      {"drop_down", set_option},
      {"labels", set_labels},
      {"emoji", set_rating},
      {"users", set_users},
      {"tasks", set_tasks},
      {"list_relationship", set_tasks},
      {"manual_progress", set_progress},
      {"location", set_location},
      {"attachment", set_attachments},
      {"button", press_button}};
  const auto setter = kSetters.find(field.type);
  if (setter == kSetters.end()) {
    refuse("Custom field '" + field.name + "' (" + field.type + ") can only be read");
  }
  if (sent.null()) return nullptr;
  return setter->second({call, team, field, sent, stored});
}

namespace {

void write_task_stub(Writer& w, World& world, std::string_view id) {
  const Task* task = world.tasks.find(id);
  if (task == nullptr) return;
  const Status& status = world.status_of(*task);
  w.object([&] {
    w.text("id", task->id);
    w.text("name", task->name);
    w.text("status", status.name);
    w.text("color", status.color);
    w.integer("custom_type", task->type);
    w.text("team_id", world.team_of(*task).id);
    w.flag("deleted", task->deleted);
    w.text("url", "https://app.clickup.com/t/" + task->id);
    w.flag("access", true);
  });
}

void write_progress(Writer& w, const CustomField& field, View stored) {
  const double start = field.type_config.View::operator[]("start").as_number().value_or(0);
  const double end = field.type_config.View::operator[]("end").as_number().value_or(100);
  const double current = stored["current"].as_number().value_or(start);
  w.object([&] {
    w.real("percent_complete", end > start ? (current - start) / (end - start) : 0);
    w.text("current", to_text(stored["current"]));
  });
}

}  // namespace

void write_field_value(Writer& w, World& world, const CustomField& field, const Value& stored) {
  const std::string& type = field.type;
  if (type == "drop_down") {
    w.integer(option(field, stored)["orderindex"].as_integer().value_or(0));
  } else if (type == "users") {
    w.array([&] {
      for (const View id : stored.elements()) write_user(w, world, id.as_integer().value_or(0));
    });
  } else if (type == "tasks" || type == "list_relationship") {
    w.array([&] {
      for (const View id : stored.elements()) write_task_stub(w, world, id.as_string());
    });
  } else if (type == "manual_progress") {
    write_progress(w, field, stored);
  } else if (stored.is_array() || stored.is_object() || stored.is_string()) {
    w.value(stored);
  } else {
    w.text(to_text(stored));
  }
}

}  // namespace engine::clickup::sandbox
