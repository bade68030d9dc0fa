#include "core/execution/run_context.h"

#include "core/base/nearest.h"
#include "core/credential/host_rule.h"
#include "core/http/client.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::execution {
namespace {

LogLevel script_log_level(std::string_view name) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::warn, LogLevel::error}) {
    if (to_string(level) == name) return level;
  }
  return LogLevel::info;
}

// Of a link whose target is missing nobody knows yet where it leads; writing would make the target.
void refuse_dangling_links(const std::filesystem::path& full, const std::string& path) {
  std::error_code ignored;
  for (std::filesystem::path part = full; part.has_relative_path(); part = part.parent_path()) {
    if (!std::filesystem::is_symlink(part, ignored)) continue;
    throw Error(ErrorCause::user, "file_outside_folder",
                "The file '" + path +
                    "' is reached by a link that leads to nothing. Make what it " +
                    "leads to, or choose another path.");
  }
}

}  // namespace

RunContext::RunContext(const workflow::Workflow& workflow, const workflow::WorkflowNode& node,
                       const Services& services, std::vector<RunInput> inputs,
                       const RunEnvironment& environment, Cancellation cancellation,
                       RunOptions options)
    : workflow_(workflow),
      node_(node),
      services_(services),
      inputs_(std::move(inputs)),
      environment_(environment),
      cancellation_(std::move(cancellation)),
      options_(std::move(options)),
      columns_(node.parameters.size()),
      constants_(node.parameters.size()) {}

// ---------------------------------------------------------------- parameters

const workflow::NodeParameter& RunContext::find(std::string_view name) const {
  for (const workflow::NodeParameter& parameter : node_.parameters) {
    if (parameter.description->name == name) return parameter;
  }
  throw Error(ErrorCause::bug, "unknown_parameter",
              "Node type '" + node_.type->description.id + "' asks for a parameter '" +
                  std::string(name) + "' that it does not describe.");
}

// All parameters with expressions, for all items, the first time one is asked for.
const expression::Column* RunContext::column(std::size_t index) {
  if (!evaluated_) {
    std::vector<const expression::Template*> templates;
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < node_.parameters.size(); ++i) {
      const workflow::NodeParameter& parameter = node_.parameters[i];
      if (parameter.description->late || parameter.value.is_constant()) continue;
      templates.push_back(&parameter.value);
      indices.push_back(i);
    }
    auto columns = workflow_.evaluator->evaluate(templates, environment_, cancellation_);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns_[indices[i]] = std::move(columns[i]);
    }
    evaluated_ = true;
  }
  return columns_[index] ? &*columns_[index] : nullptr;
}

Value RunContext::parameter(std::string_view name, std::size_t item) {
  const workflow::NodeParameter& parameter = find(name);
  const auto index = static_cast<std::size_t>(&parameter - node_.parameters.data());
  try {
    if (!parameter.value.is_constant()) {
      const expression::Column* values = nullptr;
      {
        const std::lock_guard lock(mutex_);
        values = column(index);
      }
      if (values != nullptr && item < values->size()) {
        return normalise(*parameter.description, values->at(item));
      }
      if (values != nullptr) {
        // Nodes ask for item 0 also when there are none.
        return normalise(
            *parameter.description,
            workflow_.evaluator->evaluate_one(parameter.value, environment_, item, cancellation_));
      }
    }
    const std::lock_guard lock(mutex_);
    if (!constants_[index]) {
      constants_[index] = normalise(*parameter.description, parameter.value.value());
    }
    return *constants_[index];
  } catch (Error& error) {
    if (!error.where.item) error.where.item = item;
    if (!error.where.position.known()) error.where.position = parameter.value.position();
    throw;
  }
}

Value RunContext::evaluate(std::string_view name, std::size_t item, const Value& extra) {
  const std::size_t end = std::min(name.find_first_of(".["), name.size());
  const workflow::NodeParameter& parameter = find(name.substr(0, end));
  if (!parameter.value.given()) return parameter.description->default_value;
  const RunEnvironment environment = environment_.with(extra);
  const Value whole =
      workflow_.evaluator->evaluate_one(parameter.value, environment, item, cancellation_);
  if (end == name.size()) return normalise(*parameter.description, whole);
  const auto path = parse_path(name.substr(name[end] == '.' ? end + 1 : end));
  return path ? whole.share(at_path(whole, *path)) : Value();
}

Items RunContext::run_script(const std::string& script, bool each_item, Milliseconds limit,
                             std::uint64_t memory_bytes) {
  if (services_.scripts) {
    const auto log = [this](std::string_view level, std::string_view text) {
      services_.log.write(script_log_level(level), text,
                          {{"workflow", workflow_.name}, {"node", node_.id}});
    };
    return services_.scripts().run({workflow_.hash, script, each_item, limit, memory_bytes},
                                   environment_, log, cancellation_);
  }
  using Mode = expression::Evaluator::ScriptMode;
  return workflow_.evaluator->run_script(script, each_item ? Mode::each : Mode::all, environment_,
                                         cancellation_, limit);
}

// ---------------------------------------------------------------- the world

const std::string* RunContext::credential_name(std::string_view slot) const {
  for (const auto& [name, credential] : node_.credentials) {
    if (name == slot) return &credential;
  }
  return nullptr;
}

Credential RunContext::credential(std::string_view slot) const {
  const std::string* name = credential_name(slot);
  if (name == nullptr) {
    throw Error(ErrorCause::credential, "credential_missing",
                "Node '" + node_.id + "' needs a credential; name one with 'credential:'.");
  }
  const std::lock_guard lock(mutex_);
  auto found = credentials_.find(*name);
  if (found == credentials_.end()) {
    found = credentials_.emplace(*name, services_.vault().open(*name)).first;
  }
  return found->second;
}

bool RunContext::has_credential(std::string_view slot) const {
  return credential_name(slot) != nullptr;
}

Value RunContext::credential_field(std::string_view field, std::string_view slot) const {
  if (!has_credential(slot)) return {};
  const Credential opened = credential(slot);
  const Parameter* description = find_parameter(opened.type->fields, field);
  if (description == nullptr || description->secret) return {};
  const Value value = opened.fields[field];
  return value.missing() ? description->default_value : value;
}

std::string RunContext::credential_key(std::string_view slot) const {
  const std::string* name = credential_name(slot);
  return name == nullptr ? "" : *name;
}

http::Response RunContext::send(http::Request request, std::string_view slot) {
  std::optional<Credential> opened;
  if (has_credential(slot)) opened = credential(slot);
  // Whoever made the credential said where it may be sent.
  const bool chosen_host =
      opened && opened->type->hosts && !opened->type->hosts(opened->fields).empty();
  if (!services_.private_addresses) keep_public(request, chosen_host, services_.private_hosts);
  if (opened) {
    if (request.pace_key.empty()) request.pace_key = "credential:" + opened->name;
    if (opened->type->oauth2 && services_.tokens) {
      return send_with_token(std::move(request), std::move(*opened));
    }
    services_.vault().sign(*opened, request);
  }
  return services_.http().send(request, cancellation_);
}

// A request that was answered 401 was not carried out: with another token it may go out again,
// whatever it does.
http::Response RunContext::send_with_token(http::Request request, Credential opened) {
  TokenKeeper& tokens = services_.tokens();
  if (tokens.renew_if_due(opened, cancellation_)) remember(opened);
  http::Request first = request;
  services_.vault().sign(opened, first);
  http::Response response = services_.http().send(first, cancellation_);
  if (response.status != 401 || !tokens.renew_refused(opened, cancellation_)) return response;
  remember(opened);
  services_.vault().sign(opened, request);
  return services_.http().send(request, cancellation_);
}

void RunContext::remember(const Credential& renewed) {
  const std::lock_guard lock(mutex_);
  credentials_.insert_or_assign(renewed.name, renewed);
}

std::filesystem::path RunContext::file(const std::string& path) const {
  const std::filesystem::path root = std::filesystem::weakly_canonical(services_.files);
  // Links are followed first: one that leads out of the folder is outside of it.
  std::filesystem::path full = std::filesystem::weakly_canonical(root / path);
  refuse_dangling_links(full, path);
  const auto [rest, unused] = std::mismatch(root.begin(), root.end(), full.begin(), full.end());
  if (rest != root.end()) {
    throw Error(ErrorCause::user, "file_outside_folder",
                "The file '" + path + "' is outside of the folder that workflows may use (" +
                    root.string() + "). Choose a path below it, or another folder with --files.");
  }
  return full;
}

Value RunContext::stored(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto fresh = memory_.find(key);
  if (fresh != memory_.end()) return fresh->second;
  if (services_.store == nullptr) return {};
  const auto text = services_.store->find_memory(workflow_.name, node_.id, key);
  return text ? parse_json(*text, "a stored value") : Value();
}

void RunContext::store(std::string_view key, const Value& value) {
  const std::lock_guard lock(mutex_);
  memory_.insert_or_assign(std::string(key), value);
}

std::vector<store::NodeMemory> RunContext::take_memory() {
  const std::lock_guard lock(mutex_);
  std::vector<store::NodeMemory> entries;
  for (const auto& [key, value] : memory_) {
    entries.push_back({workflow_.name, node_.id, key, print_json(value)});
  }
  return entries;
}

Items RunContext::call_workflow(const std::string& name, const Items& items, bool wait,
                                std::size_t item) {
  return options_.call_workflow(name, items, wait, item);
}

bool RunContext::respond(http::ServerResponse response) {
  return options_.respond && options_.respond(std::move(response));
}

void RunContext::would(const std::string& what, const Value& details) {
  if (options_.observer != nullptr) options_.observer->would(options_.run, what, details);
}

void RunContext::progress(std::size_t done, std::size_t total) {
  if (options_.observer != nullptr) options_.observer->run_progress(options_.run, done, total);
}

}  // namespace engine::execution
