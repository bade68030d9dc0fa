#include <unistd.h>

#include <CLI/App.hpp>
#include <cstdlib>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/report.h"
#include "core/cli/secret_input.h"
#include "core/cli/session.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct CredentialOptions {
  std::string name;
  std::string type;
  std::vector<std::string> fields;
  std::vector<std::string> from_env;
  std::string format = "text";
};

const CredentialType& find_type(Session& session, const std::string& name) {
  const CredentialTypes& types = session.credential_types();
  if (const CredentialType* type = types.find(name)) return *type;
  throw Error(ErrorCause::user, "unknown_credential_type",
              "There is no credential type '" + name + "'; there are " + list_names(types.ids()) +
                  "." + did_you_mean(name, types.ids()));
}

std::pair<std::string, std::string> split_field(const std::string& text, const char* option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorCause::user, "bad_option",
                std::string(option) + " takes NAME=VALUE, not '" + text.substr(0, equals) + "'.");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// Texts as the field's type wants them; unknown names are refused with the nearest.
void set_field(const CredentialType& type, std::map<std::string, Value>& fields,
               const std::string& name, const std::string& text) {
  const Parameter* field = find_parameter(type.fields, name);
  if (field == nullptr) {
    const auto names = parameter_names(type.fields);
    throw Error(ErrorCause::user, "unknown_field",
                "Credential type '" + type.id + "' has no field '" + name + "'; it has " +
                    list_names(names) + "." + did_you_mean(name, names));
  }
  fields.insert_or_assign(
      name, field->type == ParameterType::boolean ? Value(text == "true") : Value(text));
}

Value gather_fields(const CredentialType& type, const CredentialOptions& options) {
  std::map<std::string, Value> fields;
  for (const std::string& entry : options.fields) {
    const auto [name, value] = split_field(entry, "--field");
    set_field(type, fields, name, value == "-" ? read_secret(name) : value);
  }
  for (const std::string& entry : options.from_env) {
    const auto [name, variable] = split_field(entry, "--from-env");
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) {
      throw Error(ErrorCause::user, "variable_not_set",
                  "The environment variable '" + variable + "' is not set.");
    }
    set_field(type, fields, name, value);
  }
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : fields) {
    builder.key(name);
    builder.value(value);
  }
  builder.end_object();
  return builder.finish();
}

int add(Session& session, const CredentialOptions& options) {
  const CredentialType& type = find_type(session, options.type);
  session.vault().add(options.name, type.id, gather_fields(type, options));
  std::cerr << "Credential '" << options.name << "' stored.";
  if (type.test) std::cerr << " Try it: engine credentials test " << options.name;
  std::cerr << '\n';
  return kDone;
}

int list(Session& session, const CredentialOptions& options) {
  const auto credentials = session.vault().list();
  if (options.format == "json") {
    std::vector<Value> rows;
    for (const CredentialSummary& credential : credentials) {
      rows.push_back(Value::object({{"name", credential.name},
                                    {"type", credential.type},
                                    {"created", format_time(credential.created)},
                                    {"updated", format_time(credential.updated)},
                                    {"key", credential.key_id}}));
    }
    std::cout << print_json_pretty(Value::array(rows)) << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "UPDATED", "KEY"}};
  for (const CredentialSummary& credential : credentials) {
    rows.push_back(
        {credential.name, credential.type, format_time(credential.updated), credential.key_id});
  }
  print_table(std::cout, rows);
  return kDone;
}

int show(Session& session, const CredentialOptions& options) {
  const Credential credential = session.vault().open(options.name);
  std::vector<std::vector<std::string>> rows{{"type", credential.type->id}};
  for (const Parameter& field : credential.type->fields) {
    const Value value = credential.fields[field.name];
    if (value.missing()) continue;
    rows.push_back({field.name, field.secret ? "(secret)" : to_text(value)});
  }
  print_table(std::cout, rows);
  return kDone;
}

http::Response send_signed(Session& session, const Credential& credential, http::Request request) {
  session.vault().sign(credential, request);
  return session.http().send(request, Cancellation());
}

Error refusal(const std::string& name, const http::Response& answer) {
  Error error(ErrorCause::credential, "credential_refused",
              "The service refused credential '" + name + "' with status " +
                  std::to_string(answer.status) + ": " + shortened(answer.body, 200));
  error.http_status = answer.status;
  return error;
}

int test(Session& session, const CredentialOptions& options) {
  const Credential credential = session.vault().open(options.name);
  if (!credential.type->test) {
    std::cerr << "Credential type '" << credential.type->id << "' has no test.\n";
    return kDone;
  }
  const http::Response answer =
      send_signed(session, credential, credential.type->test(credential.fields));
  if (!answer.ok()) {
    throw refusal(options.name, answer);
  }
  std::string summary =
      credential.type->test_summary ? credential.type->test_summary(answer) : std::string();
  if (credential.type->test_details) {
    const http::Response details =
        send_signed(session, credential, credential.type->test_details(credential.fields));
    if (details.ok() && credential.type->test_summary) {
      const std::string more = credential.type->test_summary(details);
      if (!more.empty()) summary += (summary.empty() ? "" : ", ") + more;
    }
  }
  std::cout << "works" << (summary.empty() ? "" : ": " + summary) << '\n';
  return kDone;
}

int remove(Session& session, const CredentialOptions& options) {
  session.vault().remove(options.name);
  std::cerr << "Credential '" << options.name << "' removed.\n";
  return kDone;
}

int types(Session& session, const CredentialOptions& options) {
  const CredentialTypes& all = session.credential_types();
  if (options.format == "json") {
    std::vector<Value> rows;
    for (const std::string& id : all.ids()) {
      const CredentialType& type = *all.find(id);
      std::vector<Value> fields;
      for (const Parameter& field : type.fields) fields.push_back(describe_parameter(field));
      rows.push_back(Value::object({{"id", type.id},
                                    {"title", type.title},
                                    {"text", type.text},
                                    {"fields", Value::array(fields)}}));
    }
    std::cout << print_json_pretty(Value::array(rows)) << '\n';
    return kDone;
  }
  for (const std::string& id : all.ids()) {
    const CredentialType& type = *all.find(id);
    std::cout << type.id << "  " << type.title << '\n';
    std::vector<std::vector<std::string>> rows;
    for (const Parameter& field : type.fields) {
      rows.push_back({"  " + field.name,
                      std::string(to_string(field.type)) + (field.required ? ", required" : "") +
                          (field.secret ? ", secret" : ""),
                      field.text});
    }
    print_table(std::cout, rows);
  }
  return kDone;
}

int rotate(Session& session, const CredentialOptions& /*options*/) {
  const std::string id = session.vault().rotate_key();
  std::cerr << "All credentials are encrypted under the new key " << id << " now.\n";
  if (std::getenv("ENGINE_KEY") != nullptr) {
    std::cerr << "Set $ENGINE_KEY to the value of $ENGINE_NEW_KEY from now on.\n";
  }
  return kDone;
}

using Action = int (*)(Session&, const CredentialOptions&);

CLI::App* add_action(CLI::App& group, Session& session,
                     const std::shared_ptr<CredentialOptions>& options, const char* name,
                     const char* text, Action action, bool named) {
  CLI::App* command = group.add_subcommand(name, text);
  if (named) command->add_option("name", options->name, "Name of the credential")->required();
  command->callback([options, &session, action] { session.exit_code = action(session, *options); });
  return command;
}

}  // namespace

void add_credentials(CLI::App& app, Session& session) {
  CLI::App* group =
      app.add_subcommand("credentials", "Keep the secrets that nodes sign requests with");
  group->require_subcommand(1);
  auto options = std::make_shared<CredentialOptions>();
  CLI::App* adding = add_action(*group, session, options, "add", "Store a credential", add, true);
  adding->add_option("--type", options->type, "Credential type; see 'credentials types'")
      ->required();
  adding
      ->add_option("--field", options->fields,
                   "A field; with - as its value it is asked for, or read from the standard input")
      ->type_name("NAME=VALUE");
  adding->add_option("--from-env", options->from_env, "A field, from an environment variable")
      ->type_name("NAME=VARIABLE");
  adding->footer(R"(Examples:
  engine credentials add acme --type clickup --field auth=token --field token=-
  engine credentials add acme --type clickup --field auth=token --from-env token=CLICKUP_TOKEN
  engine credentials add shop --type bearer --field token=-)");
  for (CLI::App* command :
       {add_action(*group, session, options, "list", "List them, without secrets", list, false),
        add_action(*group, session, options, "types", "List the types and their fields", types,
                   false)}) {
    command->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORMAT");
  }
  add_action(*group, session, options, "show", "Show one, without secrets", show, true);
  add_action(*group, session, options, "test", "Ask the service whether it works", test, true);
  add_action(*group, session, options, "remove", "Remove one", remove, true);
  add_action(*group, session, options, "rotate-key", "Encrypt all of them under a new key", rotate,
             false);
  group->footer(R"(Examples:
  engine credentials types
  engine credentials test acme
  engine credentials rotate-key)");
}

}  // namespace engine::cli
