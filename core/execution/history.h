// Events as stored rows, and back.
//
// Items that a run passes on unchanged are stored as their place in its input, not once more. Long
// item lists go out in pieces while they are written, so that no list is in memory twice.
#pragma once

#include <functional>
#include <string>

#include "core/execution/event.h"

namespace engine::execution {

/// Takes the next piece of the item lists of one event.
using PieceSink = std::function<void(std::string&& piece)>;

/// Calls back with every piece that was written for the event.
using PieceSource = std::function<void(const std::function<void(std::string&&)>& each)>;

struct StoredEvent {
  std::string kind;
  std::string data;  ///< JSON
};

/// `state` is the one that the event is about to change.
StoredEvent encode_event(const State& state, const Event& event, const PieceSink& sink);

/// Throws Error{storage, "history_damaged"} when the row does not fit the state.
Event decode_event(const State& state, const std::string& kind, const std::string& data,
                   const PieceSource& pieces);

}  // namespace engine::execution
