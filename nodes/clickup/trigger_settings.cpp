#include "nodes/clickup/trigger_settings.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/value/json.h"

namespace engine::clickup {
namespace {

constexpr std::array<std::string_view, 4> kPlaces = {"space", "folder", "list", "task"};

constexpr const char* kOnePlace =
    "A trigger listens to one place. Give one of 'space', 'folder', 'list' and 'task', or none for "
    "the whole Workspace.";
constexpr const char* kPollEvents =
    "With 'mode: poll' only taskCreated and taskUpdated can be seen. Use 'mode: webhook' for other "
    "events.";
constexpr const char* kPollFields =
    "'fields' needs 'mode: webhook': polled tasks do not say what changed.";
constexpr const char* kPollOwn =
    "'ignore_own' needs 'mode: webhook': polled tasks do not say who changed them.";

[[noreturn]] void refuse(const char* parameter, const char* message) {
  Error error(ErrorCause::user, "bad_parameter", message);
  error.where.parameter = parameter;
  throw error;
}

/// Whether polling can tell of it; templates are looked at when they are evaluated.
bool is_polled(std::string_view event) {
  return event == "*" || event == "taskCreated" || event == "taskUpdated" ||
         event.find("{{") != std::string_view::npos;
}

std::vector<std::string> texts(const Value& list) {
  std::vector<std::string> found;
  for (const View one : list.elements()) found.push_back(to_text(one));
  return found;
}

std::vector<std::string> events_of(const TriggerContext& context) {
  std::vector<std::string> events = texts(context.parameter("events"));
  if (events.empty()) refuse("events", "'events' is empty. Name an event, or write \"*\".");
  if (std::find(events.begin(), events.end(), "*") != events.end()) return {"*"};
  std::sort(events.begin(), events.end());
  events.erase(std::unique(events.begin(), events.end()), events.end());
  return events;
}

WebhookLocation location_of(const TriggerContext& context) {
  WebhookLocation location;
  for (const std::string_view place : kPlaces) {
    const Value given = context.parameter(place);
    if (!given.given()) continue;
    if (!location.id.empty()) refuse("list", kOnePlace);
    location = {std::string(place) + "_id", id_in(to_text(given))};
  }
  return location;
}

void check_poll(const TriggerSettings& settings) {
  if (!std::all_of(settings.events.begin(), settings.events.end(), is_polled)) {
    refuse("events", kPollEvents);
  }
  if (!settings.fields.empty()) refuse("fields", kPollFields);
  if (settings.ignore_own) refuse("ignore_own", kPollOwn);
}

}  // namespace

std::string id_in(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  while (!text.empty() && text.back() == '/') text.remove_suffix(1);
  if (text.find("://") == std::string_view::npos) return std::string(text);
  return std::string(text.substr(text.rfind('/') + 1));
}

bool TriggerSettings::wants(std::string_view event) const {
  return events.front() == "*" || std::find(events.begin(), events.end(), event) != events.end();
}

TriggerSettings read_settings(const TriggerContext& context) {
  TriggerSettings settings;
  settings.team = id_in(to_text(context.parameter("team")));
  settings.events = events_of(context);
  settings.location = location_of(context);
  settings.fields = texts(context.parameter("fields"));
  settings.include_task = context.parameter("include_task").as_bool();
  settings.ignore_own = context.parameter("ignore_own").as_bool();
  settings.catch_up = context.parameter("catch_up").as_bool();
  settings.poll = context.parameter("mode").as_string() == "poll";
  const auto every = parse_duration(context.parameter("every").as_string());
  if (every && *every >= Milliseconds(1000)) settings.every = *every;
  if (settings.poll) check_poll(settings);
  return settings;
}

void check_settings(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const auto report = [&](const Located& at, const char* message) {
    diagnostics.add(at.position(file), "bad_parameter", message);
  };
  const Located* first = nullptr;
  for (const std::string_view place : kPlaces) {
    const Located* given = with.find(place);
    if (given != nullptr && first != nullptr) report(*given, kOnePlace);
    if (given != nullptr) first = given;
  }
  const Located* mode = with.find("mode");
  if (mode == nullptr || mode->scalar.as_string() != "poll") return;
  if (const Located* events = with.find("events")) {
    if (events->kind == Kind::string && !is_polled(events->scalar.as_string())) {
      report(*events, kPollEvents);
    }
    for (const Located& event : events->elements) {
      if (!is_polled(event.scalar.as_string())) report(event, kPollEvents);
    }
  }
  if (const Located* fields = with.find("fields")) report(*fields, kPollFields);
  const Located* own = with.find("ignore_own");
  if (own != nullptr && own->scalar.as_bool()) report(*own, kPollOwn);
}

}  // namespace engine::clickup
