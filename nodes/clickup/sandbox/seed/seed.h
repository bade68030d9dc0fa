// What is there when the stand-in starts.
#pragma once

#include <string_view>

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

inline constexpr Ms kHour = 3'600'000;
inline constexpr Ms kDay = 24 * kHour;

/// Empty: the default seed. Else a JSON document, every member but names may be left out:
///
///   {"workspaces": [{
///      "id": "9001", "name": "Acme", "plan": "Business",
///      "users": [{"id": 101, "username": "Ada", "email": "…", "role": 1, "token": "pk_…"}],
///      "task_types": [{"id": 1300, "name": "Bug"}],
///      "fields": [{"id", "name", "type", "type_config", "required"}],
///      "spaces": [{
///        "id": "801", "name": "Product", "tags": ["bug"], "fields": […],
///        "statuses": [{"status": "to do", "type": "open", "color": "#d3d3d3"}],
///        "folders": [{"id": "701", "name": "Engineering", "fields": […], "lists": […]}],
///        "lists": [{
///          "id": "901", "name": "Bugs", "statuses": […], "fields": […],
///          "tasks": [{"id", "name", "description", "status", "priority", "tags": ["bug"],
///                     "assignees": [101], "creator": 101, "created": "-3d", "updated": "-2h",
///                     "due_date": "5d", "time_estimate": 3600000, "points": 3,
///                     "fields": {"<field id>": value}, "comments": [{"text", "user", "date"}],
///                     "subtasks": […]}]}]}]}],
///    "oauth_apps": [{"client_id", "client_secret", "redirect_uris": […]}]}
///
/// Dates are milliseconds since 1970, ISO 8601, or a distance from now ("-3d", "5d"). Field values
/// are as they are stored (see wire/field_value.h). Without users there is one owner with the
/// default token, without an app the default one.
///
/// Throws Error{user, "bad_json" | "bad_seed"} that says where.
void plant_seed(World& world, std::string_view json);

/// Workspace "Acme" with six lists and 1,000 tasks: the same every time, but for the dates, which
/// end now.
void plant_default_seed(World& world);
/// Beside its tasks: goals, views, docs, channels, time entries, templates, a group.
void plant_default_extras(World& world);

/// The default OAuth app.
void plant_default_app(World& world);

}  // namespace engine::clickup::sandbox
