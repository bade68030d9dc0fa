#include <CLI/App.hpp>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/credential_fields.h"
#include "core/cli/redirect_listener.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct ProfileOptions {
  std::string name;
  std::string type;
  std::vector<std::string> fields;
  std::vector<std::string> from_env;
  std::vector<std::string> allow;
  bool allow_all = false;
  std::string format = "text";
};

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + text;
  return result;
}

// A pattern that covers nothing is a misspelling.
void check_patterns(Session& session, const std::vector<std::string>& patterns) {
  const std::vector<std::string> types = session.registry().ids();
  std::vector<std::string> operations = types;
  for (const std::string& type : types) {
    const std::size_t dot = type.find('.');
    if (dot != std::string::npos) operations.push_back(type.substr(dot + 1));
  }
  for (const std::string& pattern : patterns) {
    const bool known = std::any_of(types.begin(), types.end(), [&](const std::string& type) {
      return operation_allowed(type, {pattern});
    });
    if (known) continue;
    throw Error(ErrorCause::user, "unknown_operation",
                "There is no operation '" + pattern + "'." + did_you_mean(pattern, operations) +
                    " Patterns are such as task.* or comment.create.");
  }
}

void print_redirect_urls() {
  std::cerr << "Copy these redirect URLs into the app:\n  " << loopback_redirect_url(kConnectPort)
            << "  for `engine credentials connect`\n  PUBLIC_URL/oauth2/callback  for people who "
               "connect at PUBLIC_URL/connect/PROFILE of `engine serve`\n";
}

int add(Session& session, const ProfileOptions& options) {
  const CredentialType& type = find_credential_type(session, options.type);
  check_patterns(session, options.allow);
  session.vault().add_profile(options.name, type.id,
                              gather_fields(type, options.fields, options.from_env), options.allow);
  std::cerr << "Profile '" << options.name << "' stored.\n";
  print_redirect_urls();
  std::cerr << "Then connect accounts: engine credentials connect NAME --profile " << options.name
            << '\n';
  return kDone;
}

Value as_json(const ProfileSummary& profile) {
  return Value::object(
      {{"name", profile.name},
       {"type", profile.type},
       {"allow", Value::array({profile.allowed.begin(), profile.allowed.end()})},
       {"credentials", Value::array({profile.credentials.begin(), profile.credentials.end()})},
       {"updated", format_time(profile.updated)},
       {"key", profile.key_id}});
}

int list_profiles(Session& session, const ProfileOptions& options) {
  const auto profiles = session.vault().list_profiles();
  if (options.format == "json") {
    std::vector<Value> rows;
    for (const ProfileSummary& profile : profiles) rows.push_back(as_json(profile));
    std::cout << print_json_pretty(Value::array(rows)) << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"NAME", "TYPE", "ALLOWS", "CREDENTIALS", "UPDATED"}};
  for (const ProfileSummary& profile : profiles) {
    rows.push_back({profile.name, profile.type,
                    profile.allowed.empty() ? "everything" : joined(profile.allowed),
                    joined(profile.credentials), format_time(profile.updated)});
  }
  print_table(std::cout, rows);
  return kDone;
}

int show(Session& session, const ProfileOptions& options) {
  const Profile profile = session.vault().open_profile(options.name);
  std::vector<std::vector<std::string>> rows{{"type", profile.type->id}};
  for (const Parameter& field : profile.type->fields) {
    const Value value = profile.fields[field.name];
    if (value.missing()) continue;
    rows.push_back({field.name, field.secret ? "(secret)" : to_text(value)});
  }
  rows.push_back({"allows", profile.allowed.empty() ? "everything" : joined(profile.allowed)});
  for (const ProfileSummary& summary : session.vault().list_profiles()) {
    if (summary.name == profile.name) rows.push_back({"credentials", joined(summary.credentials)});
  }
  print_table(std::cout, rows);
  print_redirect_urls();
  return kDone;
}

int set(Session& session, const ProfileOptions& options) {
  Profile profile = session.vault().open_profile(options.name);
  const Value given = gather_fields(*profile.type, options.fields, options.from_env);
  if (given.size() == 0 && options.allow.empty() && !options.allow_all) {
    throw Error(ErrorCause::user, "bad_option",
                "Say what to change: --field NAME=VALUE, --allow OPERATION or --allow-all.");
  }
  check_patterns(session, options.allow);
  for (const auto& [name, value] : given.members()) {
    profile.fields = with_path(profile.fields, {std::string(name)}, given.share(value));
  }
  if (!options.allow.empty() || options.allow_all) profile.allowed = options.allow;
  session.vault().replace_profile(profile);
  std::cerr << "Profile '" << options.name << "' changed. Its accounts stay connected.\n";
  return kDone;
}

int remove(Session& session, const ProfileOptions& options) {
  session.vault().remove_profile(options.name);
  std::cerr << "Profile '" << options.name << "' removed.\n";
  return kDone;
}

using ProfileAction = int (*)(Session&, const ProfileOptions&);

CLI::App* add_action(CLI::App& group, Session& session,
                     const std::shared_ptr<ProfileOptions>& options, const char* name,
                     const char* text, ProfileAction action) {
  CLI::App* command = group.add_subcommand(name, text);
  if (action != list_profiles)
    command->add_option("name", options->name, "Name of the profile")->required();
  command->callback([options, &session, action] { session.exit_code = action(session, *options); });
  return command;
}

CLI::Option* add_fields(CLI::App& command, const std::shared_ptr<ProfileOptions>& options) {
  command
      .add_option("--field", options->fields,
                  "A field; with - as its value it is asked for, or read from the standard input")
      ->type_name("NAME=VALUE");
  command.add_option("--from-env", options->from_env, "A field, from an environment variable")
      ->type_name("NAME=VARIABLE");
  return command
      .add_option("--allow", options->allow,
                  "What nodes may do with its accounts, such as task.* or comment.create")
      ->type_name("OPERATION");
}

}  // namespace

void add_profiles(CLI::App& app, Session& session) {
  CLI::App* group =
      app.add_subcommand("profiles", "Keep OAuth apps that any number of accounts connect through");
  group->require_subcommand(1);
  auto options = std::make_shared<ProfileOptions>();
  CLI::App* adding = add_action(*group, session, options, "add", "Store an OAuth app", add);
  adding->add_option("--type", options->type, "Credential type; see 'credentials types'")
      ->required();
  add_fields(*adding, options);
  adding->footer(R"(Examples:
  engine profiles add acme --type clickup --field client_id=ABC --field client_secret=-
  engine profiles add notes --type clickup --field client_id=ABC --from-env client_secret=SECRET \
    --allow 'task.*' comment.create)");
  CLI::App* listing = add_action(*group, session, options, "list", "List them", list_profiles);
  listing->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  listing->footer(R"(Examples:
  engine profiles list
  engine profiles list --format json)");
  add_action(*group, session, options, "show", "Show one, without secrets", show)
      ->footer("Examples:\n  engine profiles show acme");
  CLI::App* setting = add_action(*group, session, options, "set",
                                 "Change one; the accounts of its credentials stay connected", set);
  setting->add_flag("--allow-all", options->allow_all, "Allow every operation")
      ->excludes(add_fields(*setting, options));
  setting->footer(R"(Examples:
  engine profiles set acme --field client_secret=-
  engine profiles set acme --allow 'task.*' list.get)");
  add_action(*group, session, options, "remove", "Remove one that no credential uses", remove)
      ->footer("Examples:\n  engine profiles remove acme");
  group->footer(R"(Examples:
  engine profiles add acme --type clickup --field client_id=ABC --field client_secret=-
  engine credentials connect ann --profile acme
  engine profiles set acme --field client_secret=-)");
}

}  // namespace engine::cli
