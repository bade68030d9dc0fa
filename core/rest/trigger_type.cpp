#include "core/rest/trigger_type.h"

#include "core/node/declare.h"
#include "core/rest/declared_poll.h"
#include "core/rest/declared_webhook.h"
#include "core/rest/rules.h"

namespace engine::rest {
namespace {

Parameter mode_parameter() {
  return Declare("mode", ParameterType::choice, "How the server hears of what happens.")
      .one_of({{"webhook", "The service calls the server, which needs a public URL."},
               {"poll", "The server asks the service."}})
      .otherwise("webhook");
}

Parameter every_parameter(const TriggerSpec& spec) {
  Declare every("every", ParameterType::duration, "How often to ask, from 1s.");
  every.otherwise(Value(format_duration(spec.poll->every)));
  if (spec.webhook) every.only_for("mode", {"poll"});
  return every;
}

Description describe(const TriggerSpec& spec) {
  Description description;
  description.id = spec.id;
  description.version = spec.version;
  description.title = spec.title;
  description.text = spec.text;
  description.inputs.clear();
  description.credentials = spec.package->credentials;
  description.traits = {false, true, false};
  description.examples = spec.examples;
  for (const RestParameter& parameter : spec.parameters) {
    description.parameters.push_back(parameter.parameter);
  }
  if (spec.webhook && spec.poll) description.parameters.push_back(mode_parameter());
  if (spec.poll) description.parameters.push_back(every_parameter(spec));
  return description;
}

}  // namespace

NodeType trigger_type(TriggerSpec spec) {
  const auto shared = std::make_shared<const TriggerSpec>(std::move(spec));
  NodeType type;
  type.kind = NodeKind::trigger;
  type.description = describe(*shared);
  type.trigger = [shared](const TriggerContext& context) -> Trigger {
    if (shared->poll && (!shared->webhook || context.parameter("mode").as_string() == "poll")) {
      return std::shared_ptr<const PollTrigger>(std::make_shared<DeclaredPoll>(shared));
    }
    return std::shared_ptr<const ServiceWebhookTrigger>(std::make_shared<DeclaredWebhook>(shared));
  };
  type.check = [shared](const Located& with, const std::string& file, Diagnostics& diagnostics) {
    Operation rules;
    rules.rules = shared->rules;
    check_rules(rules, with, file, diagnostics);
  };
  return type;
}

}  // namespace engine::rest
