// The events of ClickUp's webhooks (developer.clickup.com, "Webhooks"), as data.
#pragma once

#include <span>
#include <string_view>

namespace engine::clickup {

struct EventKind {
  std::string_view name;
  std::string_view id;    ///< the member of a delivery that names what it is about
  std::string_view text;  ///< for people
  /// It happens to a thing at most once, so that a delivery without history can be told from the
  /// same one sent again.
  bool once = false;
};

/// All 28, in the order of the documentation.
std::span<const EventKind> event_kinds();

/// Null for an unknown name.
const EventKind* find_event(std::string_view name);

}  // namespace engine::clickup
