#include "nodes/clickup/trigger.h"

#include "core/base/error.h"
#include "core/node/declare.h"
#include "core/value/json.h"
#include "core/value/path.h"
#include "nodes/clickup/events.h"
#include "nodes/clickup/poll_trigger.h"
#include "nodes/clickup/service.h"
#include "nodes/clickup/trigger_settings.h"
#include "nodes/clickup/webhook_trigger.h"

namespace engine::clickup {
namespace {

std::vector<Choice> event_choices() {
  std::vector<Choice> choices = {{"*", "Everything."}};
  for (const EventKind& event : event_kinds()) {
    choices.push_back({std::string(event.name), std::string(event.text)});
  }
  return choices;
}

/// All names: lists of choices are shortened where they are printed.
std::string events_text() {
  std::string text = "What starts the workflow: \"*\" for everything, or any of ";
  for (const EventKind& event : event_kinds()) text += std::string(event.name) + " ";
  text.back() = '.';
  return text;
}

Parameter place(const char* name, const char* title, const char* text, const char* example) {
  return Declare(name, ParameterType::string, text).title(title).example(example);
}

std::vector<Parameter> parameters() {
  return {
      Declare("team", ParameterType::string, "Id of the Workspace, or a link to it.")
          .title("Workspace")
          .required()
          .example("9001"),
      Declare("events", ParameterType::list, events_text())
          .required()
          .list_or_one()
          .of({Declare("event", ParameterType::choice, "").one_of(event_choices())})
          .example(Value::array({"taskCreated", "taskStatusUpdated"})),
      place("space", "Space", "Only what happens in this Space. At most one place may be given.",
            "903"),
      place("folder", "Folder", "Only what happens in this Folder.", "902"),
      place("list", "List", "Only what happens in this List.", "901"),
      place("task", "Task", "Only what happens to this task.", "86abc12de"),
      Declare("fields", ParameterType::list,
              "Only changes of these: status, priority, assignee, due_date, start_date, tag, name, "
              "description, time_estimate, comment, list, …, or a Custom Field by name or id. What "
              "is created or deleted starts the workflow all the same.")
          .list_or_one()
          .of({Declare("field", ParameterType::string, "")})
          .example(Value::array({"status", "Level"})),
      Declare("include_task", ParameterType::boolean,
              "Reads the whole task and adds it as `task` (null when it is gone).")
          .otherwise(false),
      Declare("ignore_own", ParameterType::boolean,
              "Leaves out changes made by the credential's own user, so that a workflow that "
              "changes tasks does not start itself.")
          .otherwise(false),
      Declare("catch_up", ParameterType::boolean,
              "When the server was down: reads the tasks that changed meanwhile and starts the "
              "workflow once for each, as taskCreated or taskUpdated without history.")
          .otherwise(false),
      Declare("mode", ParameterType::choice, "How the server hears of changes.")
          .one_of(
              {{"webhook", "ClickUp calls the server, which needs a public URL."},
               {"poll", "The server asks for changed tasks: taskCreated and taskUpdated only."}})
          .otherwise("webhook"),
      Declare("every", ParameterType::duration, "How often to ask, from 1s.")
          .otherwise("1m")
          .only_for("mode", {"poll"})};
}

Description describe() {
  Description d;
  d.id = "clickup.trigger";
  d.title = "ClickUp trigger";
  d.text =
      "Starts the workflow when something happens in ClickUp. The server registers a webhook, "
      "keeps "
      "it alive and removes it again; deliveries are checked by their signature, and each event "
      "starts the workflow once. Gives one item: {event, task_id or list_id …, team_id, "
      "history_items: [{field, before, after, user, …}]}, and `task` with `include_task`.";
  d.inputs.clear();
  d.parameters = parameters();
  d.credentials = {{"", {"clickup"}, true}};
  d.traits = {false, true, false};
  d.examples = {
      "- id: created\n  type: clickup.trigger\n  credential: acme\n"
      "  with: { team: \"9001\", events: taskCreated, list: \"901\", include_task: true }\n",
      "- id: changed\n  type: clickup.trigger\n  credential: acme\n"
      "  with: { team: \"9001\", events: [taskUpdated], fields: [status, Level], ignore_own: true "
      "}\n"};
  return d;
}

/// Null when it is gone.
Value task_of(NodeContext& context, const std::string& id) {
  try {
    return Service(context).get("/v2/task/" + http::percent_encode(id) +
                                "?include_markdown_description=true");
  } catch (const Error& error) {
    if (!Service::is_missing(error)) throw;
    return nullptr;
  }
}

/// Adds the task, after the delivery was acknowledged.
class AddTask final : public ItemNode {
 protected:
  Items run_item(NodeContext& context, std::size_t index) const override {
    const Item& item = context.input()[index];
    const std::string id = to_text(item.json.view()["task_id"]);
    const bool known = item.json.view()["task"].given();
    if (id.empty() || known || !context.parameter("include_task", index).as_bool()) {
      return {{item.json, item.binary, Origin()}};
    }
    return {{with_path(item.json, {"task"}, task_of(context, id)), item.binary, Origin()}};
  }
};

Trigger choose(const TriggerContext& context) {
  if (context.parameter("mode").as_string() == "poll") {
    return std::shared_ptr<const PollTrigger>(std::make_shared<TaskPoll>());
  }
  return std::shared_ptr<const ServiceWebhookTrigger>(std::make_shared<HookTrigger>());
}

}  // namespace

NodeType trigger() {
  NodeType type;
  type.description = describe();
  type.kind = NodeKind::trigger;
  type.node = std::make_shared<AddTask>();
  type.trigger = choose;
  type.check = check_settings;
  return type;
}

}  // namespace engine::clickup
