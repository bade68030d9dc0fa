// What a clickup.trigger was told, checked and typed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/node/trigger.h"
#include "core/schema/parameter.h"

namespace engine::clickup {

/// One place, or the whole workspace when `id` is empty.
struct WebhookLocation {
  std::string kind;  ///< "space_id", "folder_id", "list_id", "task_id"
  std::string id;
};

struct TriggerSettings {
  std::string team;
  std::vector<std::string> events;  ///< sorted names, or "*" alone
  WebhookLocation location;
  std::vector<std::string> fields;
  bool include_task = false;
  bool ignore_own = false;
  bool catch_up = false;
  bool poll = false;
  Milliseconds every{60'000};

  bool wants(std::string_view event) const;
};

/// Throws Error{user, "bad_parameter"} for what the descriptions cannot tell: two places, poll with
/// options that only webhooks have.
TriggerSettings read_settings(const TriggerContext& context);

/// The same faults as far as a file shows them.
void check_settings(const Located& with, const std::string& file, Diagnostics& diagnostics);

/// An id, or the last part of a link ("https://app.clickup.com/9001/v/li/901").
std::string id_in(std::string_view text);

}  // namespace engine::clickup
