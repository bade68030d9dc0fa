#include <unistd.h>

#include <CLI/App.hpp>
#include <cstdlib>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/credential_fields.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/credential/probe.h"
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

int add(Session& session, const CredentialOptions& options) {
  const CredentialType& type = find_credential_type(session, options.type);
  const Value fields = gather_fields(type, options.fields, options.from_env);
  check_complete(type, fields);
  session.vault().add(options.name, type.id, fields);
  std::cerr << "Credential '" << options.name << "' stored.";
  const bool connect = type.oauth2 && needs_connecting(session.vault().open(options.name));
  if (connect) {
    std::cerr << " Connect it: engine credentials connect " << options.name;
  } else if (type.test) {
    std::cerr << " Try it: engine credentials test " << options.name;
  }
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
                                    {"profile", credential.profile},
                                    {"key", credential.key_id}}));
    }
    std::cout << print_json_pretty(Value::array(rows)) << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "PROFILE", "UPDATED", "KEY"}};
  for (const CredentialSummary& credential : credentials) {
    rows.push_back({credential.name, credential.type, credential.profile,
                    format_time(credential.updated), credential.key_id});
  }
  print_table(std::cout, rows);
  return kDone;
}

int show(Session& session, const CredentialOptions& options) {
  const Credential credential = session.vault().open(options.name);
  std::vector<std::vector<std::string>> rows{{"type", credential.type->id}};
  if (!credential.profile.empty()) rows.push_back({"profile", credential.profile});
  for (const Parameter& field : credential.type->fields) {
    const Value value = credential.fields[field.name];
    if (value.missing()) continue;
    rows.push_back({field.name, field.secret ? "(secret)" : to_text(value)});
  }
  print_table(std::cout, rows);
  return kDone;
}

int test(Session& session, const CredentialOptions& options) {
  Credential credential = session.vault().open(options.name);
  session.tokens().renew_if_due(credential, Cancellation());
  if (!credential.type->test) {
    session.vault().require_token(credential);
    std::cerr << "Credential type '" << credential.type->id << "' has no test.\n";
    return kDone;
  }
  const Probe probe = probe_credential(session.vault(), session.http(), credential, Cancellation());
  std::cout << "works" << (probe.summary.empty() ? "" : ": " + probe.summary) << '\n';
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

using CredentialAction = int (*)(Session&, const CredentialOptions&);

CLI::App* add_action(CLI::App& group, Session& session,
                     const std::shared_ptr<CredentialOptions>& options, const char* name,
                     const char* text, CredentialAction action, bool named) {
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
    command->footer("Examples:\n  engine credentials " + command->get_name() +
                    "\n  engine credentials " + command->get_name() + " --format json");
    command->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("FORMAT");
  }
  for (CLI::App* command :
       {add_action(*group, session, options, "show", "Show one, without secrets", show, true),
        add_action(*group, session, options, "test", "Ask the service whether it works", test,
                   true),
        add_action(*group, session, options, "remove", "Remove one", remove, true)}) {
    command->footer("Examples:\n  engine credentials " + command->get_name() + " acme");
  }
  add_connect(*group, session);
  add_action(*group, session, options, "rotate-key", "Encrypt all of them under a new key", rotate,
             false)
      ->footer(R"(Examples:
  engine credentials rotate-key

With a key from $ENGINE_KEY:
  export ENGINE_NEW_KEY=$(openssl rand -base64 32)
  engine credentials rotate-key && export ENGINE_KEY=$ENGINE_NEW_KEY)");
  group->footer(R"(Examples:
  engine credentials types
  engine credentials test acme
  engine credentials rotate-key)");
}

}  // namespace engine::cli
