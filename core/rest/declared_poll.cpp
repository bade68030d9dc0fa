#include "core/rest/declared_poll.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/rest/time_conversion.h"
#include "core/rest/trigger_call.h"
#include "core/rest/trigger_values.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::rest {
namespace {

using CursorKind = PollSpec::CursorKind;

constexpr std::size_t kMostSeen = 10'000;

// The cursor of a moment; missing where cursors are no times.
Value cursor_of(CursorKind kind, TimePoint time) {
  switch (kind) {
    case CursorKind::time: return Value(format_time(time));
    case CursorKind::time_ms: return Value(to_ms(time));
    case CursorKind::time_s: return Value(to_ms(time) / 1000);
    default: return {};
  }
}

// Whether `a` comes before `b`; what is missing comes first.
bool before(CursorKind kind, const Value& a, const Value& b) {
  if (!a.given() || !b.given()) return b.given() && !a.given();
  if (kind == CursorKind::text) return to_text(a) < to_text(b);
  if (kind == CursorKind::time) {
    return read_time(a, "UTC", 0).ms < read_time(b, "UTC", 0).ms;
  }
  const auto number = [](const Value& value) {
    return value.is_number() ? value.as_number().value_or(0)
                             : std::strtod(to_text(value).c_str(), nullptr);
  };
  return number(a) < number(b);
}

struct Seen {
  Value cursor;
  std::string key;
  Item item;
};

class Poll {
 public:
  Poll(const PollSpec& spec, const TriggerSpec& trigger, TriggerContext& context)
      : spec_(spec), trigger_(trigger), context_(context), state_(context.state()) {
    ValueBuilder with;
    with.begin_object();
    for (const RestParameter& parameter : trigger.parameters) {
      with.key(parameter.parameter.name);
      with.value(context.parameter(parameter.parameter.name));
    }
    with.end_object();
    with_ = with.finish();
  }

  Starts run() {
    Starts starts;
    // Without a cursor, other parameters show other things, which are not new for that.
    const bool fresh = !state_.given() || (!spec_.cursor && !state_["with"].equals(with_));
    const Value now = spec_.cursor ? cursor_of(spec_.cursor_kind, context_.clock().now()) : Value();
    if (fresh && now.given()) {
      starts.state = state_of(now, {});
      return starts;
    }
    const Value cursor = fresh ? Value() : state_["cursor"];
    const std::vector<Seen> seen = ask(cursor);
    Value last = cursor;
    for (const Seen& one : seen) {
      if (before(spec_.cursor_kind, last, one.cursor)) last = one.cursor;
      if (!fresh && is_new(one, cursor)) starts.starts.push_back({{one.item}, one.key});
    }
    starts.state = state_of(last, seen);
    return starts;
  }

 private:
  // Oldest first where cursors tell.
  std::vector<Seen> ask(const Value& cursor) {
    std::vector<Seen> seen;
    TriggerValues values(trigger_, context_);
    for (const Item& item : run_call(trigger_, spec_.request, context_, {{"cursor", cursor}})) {
      values.set_item(item.json);
      Seen one;
      one.item = {item.json, item.binary, Origin()};
      one.key = values.fill_all(spec_.dedupe);
      if (one.key.empty()) throw no_key();
      if (spec_.cursor) one.cursor = item.json.share(at_path(item.json, *spec_.cursor));
      seen.push_back(std::move(one));
    }
    if (!spec_.cursor) return seen;
    std::stable_sort(seen.begin(), seen.end(), [this](const Seen& a, const Seen& b) {
      return before(spec_.cursor_kind, a.cursor, b.cursor);
    });
    return seen;
  }

  bool is_new(const Seen& one, const Value& cursor) {
    if (known_.empty()) {
      for (const View key : state_["seen"].elements()) known_.emplace(key.as_string());
    }
    if (known_.count(one.key) != 0) return false;
    return !one.cursor.given() || !before(spec_.cursor_kind, one.cursor, cursor);
  }

  Value state_of(const Value& cursor, const std::vector<Seen>& seen) const {
    ValueBuilder builder;
    builder.begin_object();
    builder.key("cursor");
    builder.value(cursor.given() ? cursor.detached() : Value(nullptr));
    builder.key("seen");
    builder.begin_array();
    const std::size_t first = seen.size() > kMostSeen ? seen.size() - kMostSeen : 0;
    for (std::size_t i = first; i < seen.size(); ++i) builder.string(seen[i].key);
    builder.end_array();
    builder.key("with");
    builder.value(with_);
    builder.end_object();
    return builder.finish();
  }

  Error no_key() const {
    return {ErrorCause::upstream, "no_dedupe_key",
            trigger_.package->title + " gave an item without what 'dedupe' of " + trigger_.id +
                " names (" + spec_.dedupe + "), so it cannot be told whether it is new."};
  }

  const PollSpec& spec_;
  const TriggerSpec& trigger_;
  TriggerContext& context_;
  const Value state_;
  Value with_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace

Milliseconds DeclaredPoll::every(const TriggerContext& context) const {
  const Value given = context.parameter("every");
  const auto every = parse_duration(given.as_string());
  return std::max<Milliseconds>(every.value_or(spec_->poll->every), std::chrono::seconds(1));
}

Starts DeclaredPoll::poll(TriggerContext& context) const {
  return Poll(*spec_->poll, *spec_, context).run();
}

}  // namespace engine::rest
