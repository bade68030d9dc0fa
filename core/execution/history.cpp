#include "core/execution/history.h"

#include "core/execution/advance.h"
#include "core/execution/item_lists.h"
#include "core/value/json.h"

namespace engine::execution {
namespace {

const std::vector<RunInput> kNoInputs;

RunKey key_of(const State& state, View data) {
  const std::string name(data["run"].as_string());
  const auto key = find_run(state, name);
  if (!key) {
    throw Error(ErrorCause::storage, "history_damaged",
                "The stored history of the execution speaks of '" + name +
                    "', which its workflow does not have.");
  }
  return *key;
}

std::optional<TimePoint> time_of(View value) {
  const auto ms = value.as_integer();
  return ms ? std::optional(from_ms(*ms)) : std::nullopt;
}

std::size_t size_of(View value) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, value.as_integer().value_or(0)));
}

std::string head(const State& state, RunKey key) {
  return "{\"run\":" + print_json(Value(run_name(state, key)));
}

std::string head(const State& state, RunKey key, int attempt, TimePoint started) {
  return head(state, key) + ",\"attempt\":" + std::to_string(attempt) +
         ",\"started\":" + std::to_string(to_ms(started));
}

// ---------------------------------------------------------------- writing

class Encoder {
 public:
  Encoder(const State& state, const PieceSink& sink) : state_(state), sink_(sink) {}

  StoredEvent operator()(const Started& event) const {
    std::string data = "{\"trigger\":" + print_json(Value(event.trigger)) +
                       ",\"until\":" + print_json(Value(event.until)) +
                       ",\"pins\":" + (event.use_pins ? "true" : "false") + ",\"edited\":[";
    std::vector<Items> lists{event.items};
    for (const auto& [id, items] : event.overrides) {
      if (lists.size() > 1) data += ',';
      data += print_json(Value(id));
      lists.push_back(items);
    }
    data += "],";
    if (!event.pins.empty()) data += write_pins(event, lists);
    write_lists(data, "items", lists, kNoInputs, sink_);
    return {"started", data + '}'};
  }

  StoredEvent operator()(const LoopEntered& event) const {
    return {"loop_entered", head(state_, event.key) +
                                ",\"batch_size\":" + std::to_string(event.batch_size) +
                                ",\"parallel\":" + std::to_string(event.parallel) +
                                ",\"max_rounds\":" + std::to_string(event.max_rounds) + '}'};
  }

  StoredEvent operator()(const RoundChecked& event) const {
    return {"round_checked",
            head(state_, event.key) + ",\"stop\":" + (event.stop ? "true" : "false") + '}'};
  }

  StoredEvent operator()(const RunFinished& event) const {
    std::string data = head(state_, event.key, event.attempt, event.started);
    if (event.ready_at) data += ",\"ready_at\":" + std::to_string(to_ms(*event.ready_at));
    if (event.resumable) data += ",\"resumable\":true";
    data += ',';
    write_lists(data, "outputs", event.outputs, state_.at(event.key).inputs, sink_);
    return {"run_finished", data + '}'};
  }

  StoredEvent operator()(const RunFailed& event) const {
    std::string data = head(state_, event.key, event.attempt, event.started) +
                       ",\"error\":" + print_json(error_json(event.error));
    if (event.retry_at) data += ",\"retry_at\":" + std::to_string(to_ms(*event.retry_at));
    if (event.partial) {
      data += ",\"rest\":[";
      for (std::size_t i = 0; i < event.partial->rest.size(); ++i) {
        data += (i > 0 ? "," : "") + std::to_string(event.partial->rest[i]);
      }
      data += "],";
      write_lists(data, "outputs", event.partial->outputs, state_.at(event.key).inputs, sink_);
    }
    return {"run_failed", data + '}'};
  }

  StoredEvent operator()(const TimerFired& event) const {
    const std::string resumed =
        event.resumed.given() ? ",\"resumed\":" + print_json(event.resumed) : "";
    return {"timer_fired", head(state_, event.key) + resumed + '}'};
  }

  StoredEvent operator()(const StopRequested& event) const {
    return {"stop_requested", std::string("{\"as\":\"") +
                                  (event.as == Outcome::cancelled ? "cancelled" : "failed") +
                                  "\",\"error\":" + print_json(error_json(event.error)) + '}'};
  }

 private:
  // Their nodes, and how many outputs each has; the items go behind the other lists.
  static std::string write_pins(const Started& event, std::vector<Items>& lists) {
    std::vector<Value> pins;
    for (const auto& [id, outputs] : event.pins) {
      pins.push_back(
          Value::object({{"node", id}, {"outputs", static_cast<std::int64_t>(outputs.size())}}));
      lists.insert(lists.end(), outputs.begin(), outputs.end());
    }
    return "\"pinned\":" + print_json(Value::array(pins)) + ",";
  }

  const State& state_;
  const PieceSink& sink_;
};

// ---------------------------------------------------------------- reading

Started decode_started(View data, const PieceSource& pieces) {
  Started event;
  event.trigger = data["trigger"].as_string();
  event.until = data["until"].as_string();
  event.use_pins = data["pins"].as_bool(true);
  std::vector<Items> lists = read_lists(data["items"], kNoInputs, pieces);
  if (!lists.empty()) event.items = std::move(lists[0]);
  const View edited = data["edited"];
  for (std::size_t i = 0; i < edited.size() && i + 1 < lists.size(); ++i) {
    event.overrides.emplace(edited[i].as_string(), std::move(lists[i + 1]));
  }
  std::size_t next = edited.size() + 1;
  for (const View pinned : data["pinned"].elements()) {
    std::vector<Items>& outputs = event.pins[std::string(pinned["node"].as_string())];
    for (std::size_t i = 0; i < size_of(pinned["outputs"]) && next < lists.size(); ++i) {
      outputs.push_back(std::move(lists[next++]));
    }
  }
  return event;
}

RunFinished decode_finished(const State& state, View data, const PieceSource& pieces) {
  RunFinished event;
  event.key = key_of(state, data);
  event.attempt = static_cast<int>(data["attempt"].as_integer().value_or(1));
  event.started = time_of(data["started"]).value_or(TimePoint());
  event.ready_at = time_of(data["ready_at"]);
  event.resumable = data["resumable"].as_bool();
  event.outputs = read_lists(data["outputs"], state.at(event.key).inputs, pieces);
  return event;
}

RunFailed decode_failed(const State& state, View data, const PieceSource& pieces) {
  RunFailed event{key_of(state, data),
                  static_cast<int>(data["attempt"].as_integer().value_or(1)),
                  time_of(data["started"]).value_or(TimePoint()),
                  error_from_json(data["error"]),
                  time_of(data["retry_at"]),
                  std::nullopt};
  if (data["rest"].is_array()) {
    Partial partial;
    for (const View index : data["rest"].elements()) {
      partial.rest.push_back(static_cast<std::uint32_t>(size_of(index)));
    }
    partial.outputs = read_lists(data["outputs"], state.at(event.key).inputs, pieces);
    event.partial = std::move(partial);
  }
  return event;
}

}  // namespace

StoredEvent encode_event(const State& state, const Event& event, const PieceSink& sink) {
  return std::visit(Encoder(state, sink), event);
}

Event decode_event(const State& state, const std::string& kind, const std::string& text,
                   const PieceSource& pieces) {
  const Value data = parse_json(text, "a stored event");
  if (kind == "started") return decode_started(data, pieces);
  if (kind == "run_finished") return decode_finished(state, data, pieces);
  if (kind == "run_failed") return decode_failed(state, data, pieces);
  if (kind == "timer_fired") return TimerFired{key_of(state, data), data["resumed"]};
  if (kind == "round_checked")
    return RoundChecked{key_of(state, data), data.view()["stop"].as_bool()};
  if (kind == "loop_entered") {
    const View view = data;
    return LoopEntered{key_of(state, view), size_of(view["batch_size"]), size_of(view["parallel"]),
                       size_of(view["max_rounds"])};
  }
  if (kind == "stop_requested") {
    const View view = data;
    return StopRequested{
        view["as"].as_string() == "cancelled" ? Outcome::cancelled : Outcome::failed,
        error_from_json(view["error"])};
  }
  throw Error(ErrorCause::storage, "history_damaged",
              "The stored history of the execution has an event '" + kind +
                  "' that this engine does not know.");
}

}  // namespace engine::execution
