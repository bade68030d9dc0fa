#include "core/rest/registration.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/secret.h"
#include "core/rest/trigger_call.h"
#include "core/rest/trigger_values.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::rest {
namespace {

Value parameters_of(const TriggerSpec& spec, const TriggerContext& context) {
  ValueBuilder builder;
  builder.begin_object();
  for (const RestParameter& parameter : spec.parameters) {
    const Value value = context.parameter(parameter.parameter.name);
    if (value.missing()) continue;
    builder.key(parameter.parameter.name);
    builder.value(value);
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace

Registration::Registration(const TriggerSpec& spec, TriggerContext& context)
    : spec_(spec),
      webhook_(*spec.webhook),
      context_(context),
      url_(context.url()),
      with_(parameters_of(spec, context)),
      state_(context.state()) {}

Value Registration::make() {
  if (url_.empty()) {
    throw Error(ErrorCause::user, "no_public_url",
                spec_.package->title +
                    " needs an address of this server that it can call. Start it with --public-url "
                    "https://HOST (a reverse proxy or a tunnel that leads here)." +
                    (spec_.poll ? " Or write 'mode: poll' in the trigger." : ""));
  }
  if (!webhook_.subscribe) return state_of(Value::object());
  const Value kept = state_["kept"];
  if (is_known()) {
    if (!webhook_.find || listed(kept).given()) return state_;
  } else if (state_.given()) {
    unsubscribe(state_["with"], kept);
  } else if (const Value found = listed({}); found.given()) {
    const Value adopted = webhook_.makes_secret ? Value() : kept_of(found);
    if (adopted.given()) return state_of(adopted);
    // A secret that nobody knows any more; what is known of it is enough to remove it.
    ValueBuilder partly;
    partly.begin_object();
    for (const auto& [name, path] : webhook_.keep) {
      partly.key(name);
      partly.value(found.share(at_path(found, path)));
    }
    partly.end_object();
    unsubscribe(with_, partly.finish());
  }
  return subscribe(values_of(with_, {}, url_));
}

void Registration::undo() {
  if (state_.given()) unsubscribe(state_["with"], state_["kept"]);
}

bool Registration::is_known() const {
  return state_.given() && state_["url"].as_string() == url_ && state_["with"].equals(with_);
}

Value Registration::listed(const Value& kept) const {
  if (!webhook_.find) return {};
  TriggerValues values(spec_, context_);
  values.set_kept(kept);
  for (const Item& item : run_call(spec_, *webhook_.find, context_, values_of(with_, kept, url_))) {
    const bool same =
        std::all_of(webhook_.match.begin(), webhook_.match.end(), [&](const auto& condition) {
          const std::string expected = values.fill_all(condition.second);
          return !expected.empty() && to_text(at_path(item.json, condition.first)) == expected;
        });
    if (same) return item.json;
  }
  return {};
}

Value Registration::subscribe(Values values) const {
  if (webhook_.makes_secret) values["secret"] = Value(random_secret());
  const Items items = run_call(spec_, *webhook_.subscribe, context_, values);
  Value kept = kept_of(items.empty() ? Value::object() : items.front().json);
  if (!kept.given()) {
    throw Error(ErrorCause::upstream, "bad_registration",
                spec_.package->title + " answered the registration of " + spec_.id +
                    " without what later requests need ('keep' of the trigger). Check 'response' "
                    "and 'keep' of 'subscribe'.");
  }
  if (webhook_.makes_secret) kept = with_path(kept, {"secret"}, values["secret"]);
  return state_of(kept);
}

void Registration::unsubscribe(const Value& with, const Value& kept) const {
  if (!webhook_.unsubscribe) return;
  run_call(spec_, *webhook_.unsubscribe, context_,
           values_of(with, kept, std::string(state_["url"].as_string(url_))));
}

Value Registration::kept_of(const Value& registration) const {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, path] : webhook_.keep) {
    const View value = at_path(registration, path);
    if (!value.given()) return {};
    builder.key(name);
    builder.copy(value);
  }
  builder.end_object();
  return builder.finish();
}

Value Registration::state_of(const Value& kept) const {
  return Value::object({{"url", Value(url_)}, {"with", with_}, {"kept", kept}});
}

Registration::Values Registration::values_of(const Value& with, const Value& kept,
                                             const std::string& url) {
  Values values;
  for (const Value& part : {with, kept}) {
    for (const auto& member : part.members()) {
      values[std::string(member.first)] = part.share(member.second);
    }
  }
  values["url"] = Value(url);
  if (values.find("secret") == values.end()) values["secret"] = Value();
  return values;
}

}  // namespace engine::rest
