// What happened in the world, as webhooks tell it (the 28 events, facts of section 4).
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "nodes/clickup/sandbox/world/people.h"

namespace engine::clickup::sandbox {

/// The 28 names, in the order of the documentation.
const std::vector<std::string>& event_names();

/// Where something happened, outermost first; empty parts do not apply. Decides which webhooks
/// hear of it.
struct Place {
  std::string team_id;
  std::string space_id;
  std::string folder_id;
  std::string list_id;
  std::string task_id;
};

struct Event {
  std::uint64_t number = 0;  ///< counts from 1
  TimePoint at;
  std::string name;
  Place place;
  UserId user = 0;
  /// The delivery's body without `webhook_id`: {event, task_id, team_id, history_items, …}.
  Value payload;
};

/// Keeps the last 1,000 events and tells a listener of each. Not thread-safe; the listener runs
/// while the world is locked and must only hand the event on.
class EventLog {
 public:
  using Listener = std::function<void(const Event&)>;

  void listen(Listener listener) { listener_ = std::move(listener); }
  /// `number` is filled in.
  void record(Event event);
  /// Those with a larger number.
  std::vector<Event> since(std::uint64_t number) const;

 private:
  std::uint64_t last_ = 0;
  std::deque<Event> events_;
  Listener listener_;
};

}  // namespace engine::clickup::sandbox
