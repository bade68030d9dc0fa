#include "core/trigger/trigger_node.h"

#include "core/credential/host_rule.h"
#include "core/credential/token_keeper.h"
#include "core/trigger/start_environment.h"
#include "core/value/json.h"

namespace engine::trigger {

std::string Activation::text() const {
  ValueBuilder builder;
  builder.begin_object();
  builder.key("parameters");
  builder.value(parameters);
  builder.key("credentials");
  builder.begin_object();
  for (const auto& [slot, name] : credentials) {
    builder.key(slot);
    builder.string(name);
  }
  builder.end_object();
  builder.key("timezone");
  builder.string(timezone);
  builder.end_object();
  return print_json(builder.finish());
}

Activation activation_of(const workflow::Workflow& workflow, const workflow::WorkflowNode& node,
                         const execution::Services& services) {
  const Items none;
  const StartEnvironment environment(workflow, services, none);
  ValueBuilder builder;
  builder.begin_object();
  for (const workflow::NodeParameter& parameter : node.parameters) {
    Value value = parameter.description->default_value;
    try {
      if (parameter.value.given()) {
        value = normalise(*parameter.description,
                          parameter.value.is_constant()
                              ? parameter.value.value()
                              : workflow.evaluator->evaluate_one(parameter.value, environment, 0,
                                                                 Cancellation()));
      }
    } catch (Error& error) {
      error.where.workflow = workflow.name;
      error.where.node = node.id;
      error.where.item.reset();
      if (!error.where.position.known()) error.where.position = parameter.value.position();
      throw;
    }
    if (value.missing()) continue;
    builder.key(parameter.description->name);
    builder.value(value);
  }
  builder.end_object();
  return {workflow.name,    node.id,          node.type,
          builder.finish(), node.credentials, workflow.settings.timezone};
}

Activation read_activation(const store::TriggerRecord& record, const Registry& registry) {
  const Value data = parse_json(record.activation, "a stored trigger");
  Activation activation;
  activation.workflow = record.workflow;
  activation.node = record.node;
  activation.type = registry.find(record.type);
  activation.parameters = data["parameters"];
  activation.timezone = data.view()["timezone"].as_string("UTC");
  for (const auto& [slot, name] : data.view()["credentials"].members()) {
    activation.credentials.emplace_back(slot, name.as_string());
  }
  return activation;
}

TriggerNode::TriggerNode(const Site& site, std::shared_ptr<const workflow::Workflow> workflow,
                         Activation activation)
    : site_(site), workflow_(std::move(workflow)), activation_(std::move(activation)) {
  if (activation_.type != nullptr && activation_.type->trigger)
    trigger_ = activation_.type->trigger(*this);
}

void TriggerNode::set_state(Value state) {
  const std::lock_guard lock(memory_->mutex);
  memory_->state = std::move(state);
  ++memory_->revision;
}

std::uint64_t TriggerNode::revision() const {
  const std::lock_guard lock(memory_->mutex);
  return memory_->revision;
}

std::string TriggerNode::sealed(const Value& state) const {
  return site_.seal.seal(workflow(), node(), state);
}

void TriggerNode::restore_state(const std::string& sealed) {
  set_state(site_.seal.open(workflow(), node(), sealed));
}

Value TriggerNode::state() const {
  const std::lock_guard lock(memory_->mutex);
  return memory_->state;
}

Value TriggerNode::parameter(std::string_view name) const {
  return activation_.parameters[name];
}

std::string TriggerNode::url() const {
  return site_.public_url.empty() ? "" : site_.public_url + path_;
}

bool TriggerNode::has_credential(std::string_view slot) const {
  return !credential_key(slot).empty();
}

std::string TriggerNode::credential_key(std::string_view slot) const {
  for (const auto& [name, credential] : activation_.credentials) {
    if (name == slot) return credential;
  }
  return "";
}

Credential TriggerNode::open(std::string_view slot) const {
  return site_.services.vault().open(credential_key(slot));
}

Value TriggerNode::credential_secret(std::string_view field, std::string_view slot) const {
  if (!has_credential(slot)) return {};
  const Credential credential = open(slot);
  const Parameter* description = find_parameter(credential.type->fields, field);
  if (description == nullptr) return {};
  const Value value = credential.fields[field];
  return value.missing() ? description->default_value : value;
}

Value TriggerNode::credential_field(std::string_view field, std::string_view slot) const {
  if (!has_credential(slot)) return {};
  const Parameter* description = find_parameter(open(slot).type->fields, field);
  if (description == nullptr || description->secret) return {};
  return credential_secret(field, slot);
}

http::Response TriggerNode::send(http::Request request, std::string_view slot) {
  const execution::Services& services = site_.services;
  bool chosen_host = false;  // whoever made the credential said where it may be sent
  if (has_credential(slot)) {
    Credential credential = open(slot);
    if (credential.type->oauth2 && services.tokens) {
      services.tokens().renew_if_due(credential, site_.stopping);
    }
    services.vault().sign(credential, request);
    if (request.pace_key.empty()) request.pace_key = "credential:" + credential.name;
    chosen_host = credential.type->hosts && !credential.type->hosts(credential.fields).empty();
  }
  if (!services.private_addresses) keep_public(request, chosen_host, services.private_hosts);
  return services.http().send(request, site_.stopping);
}

}  // namespace engine::trigger
