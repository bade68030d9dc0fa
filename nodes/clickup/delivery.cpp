#include "nodes/clickup/delivery.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/value/json.h"
#include "core/value/number.h"
#include "nodes/clickup/events.h"

namespace engine::clickup {
namespace {

/// What people call a field, and what histories call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kFieldNames = {{
    {"assignee", "assignee_add"},
    {"assignee", "assignee_rem"},
    {"assignees", "assignee_add"},
    {"assignees", "assignee_rem"},
    {"tags", "tag"},
    {"description", "content"},
    {"list", "section_moved"},
    {"time_tracked", "time_spent"},
    {"comments", "comment"},
    {"checklist", "checklist_items_added"},
    {"checklist", "checklist_item_resolved"},
}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_about(View item, const std::string& wanted) {
  const std::string_view field = item["field"].as_string();
  if (field == "custom_field") {
    const View definition = item["custom_field"];
    return same_name(definition["name"].as_string(), wanted) ||
           definition["id"].as_string() == wanted;
  }
  return field == wanted || std::any_of(kFieldNames.begin(), kFieldNames.end(), [&](const auto& n) {
           return n.first == wanted && n.second == field;
         });
}

/// Only changes have fields: what was made or removed passes.
bool has_field(View delivery, const std::vector<std::string>& fields) {
  const View items = delivery["history_items"];
  if (fields.empty() || items.size() == 0 || delivery["event"].as_string() == "taskCreated") {
    return true;
  }
  for (const View item : items.elements()) {
    for (const std::string& field : fields) {
      if (is_about(item, field)) return true;
    }
  }
  return false;
}

bool is_own(View delivery, std::optional<std::int64_t> user) {
  const View items = delivery["history_items"];
  if (!user || items.size() == 0) return false;
  for (const View item : items.elements()) {
    if (item["user"]["id"].as_integer() != user) return false;
  }
  return true;
}

}  // namespace

bool is_genuine(std::string_view signature, std::string_view secret, std::string_view body) {
  return !secret.empty() && same_secret(signature, to_hex(hmac_of("sha256", secret, body)));
}

bool is_wanted(View delivery, const TriggerSettings& settings,
               std::optional<std::int64_t> own_user) {
  return settings.wants(delivery["event"].as_string()) && has_field(delivery, settings.fields) &&
         !(settings.ignore_own && is_own(delivery, own_user));
}

std::string dedupe_key(View delivery) {
  const std::string event(delivery["event"].as_string());
  const std::string start = to_text(delivery["webhook_id"]) + ":" + event + ":";
  const std::string history = to_text(delivery["history_items"][std::size_t{0}]["id"]);
  if (!history.empty()) return start + history;
  const EventKind* kind = find_event(event);
  const std::string id = kind == nullptr ? "" : to_text(delivery[kind->id]);
  return kind != nullptr && kind->once && !id.empty() ? start + id : "";
}

std::optional<std::int64_t> date_of(View delivery) {
  return parse_integer(to_text(delivery["history_items"][std::size_t{0}]["date"]));
}

}  // namespace engine::clickup
