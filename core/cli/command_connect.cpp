#include <unistd.h>

#include <CLI/App.hpp>
#include <iostream>

#include "core/cli/browser.h"
#include "core/cli/commands.h"
#include "core/cli/credential_fields.h"
#include "core/cli/line_input.h"
#include "core/cli/redirect_listener.h"
#include "core/cli/session.h"
#include "core/cli/signals.h"
#include "core/credential/account_linker.h"
#include "core/http/url.h"

namespace engine::cli {
namespace {

struct ConnectOptions {
  std::string name;
  std::string type;
  std::string profile;
  std::vector<std::string> fields;
  std::vector<std::string> from_env;
  bool no_browser = false;
  std::uint16_t port = kConnectPort;
  std::string timeout = "5m";
};

[[noreturn]] void wrong_usage(const std::string& message) {
  throw Error(ErrorCause::user, "bad_option", message);
}

Value with_members(Value fields, const Value& more) {
  for (const auto& [name, value] : more.members()) {
    fields = with_path(fields, {std::string(name)}, more.share(value));
  }
  return fields;
}

// A credential that is there is connected anew: with its own fields, or those of its profile.
LinkTarget existing(Session& session, const ConnectOptions& options) {
  const Credential credential = session.vault().open(options.name);
  if (!options.profile.empty() && options.profile != credential.profile) {
    wrong_usage("The credential '" + options.name + "' is there already, " +
                (credential.profile.empty() ? "without a profile"
                                            : "of the profile '" + credential.profile + "'") +
                ". Choose another name or remove it.");
  }
  if (!options.type.empty() && options.type != credential.type->id) {
    wrong_usage("The credential '" + options.name + "' is there already, of the type '" +
                credential.type->id + "'. Choose another name or remove it.");
  }
  const bool changes = !options.fields.empty() || !options.from_env.empty();
  if (changes && !credential.profile.empty()) {
    wrong_usage("The fields of '" + options.name + "' are those of its profile; change them with " +
                "`engine profiles set " + credential.profile + "`.");
  }
  const Value more = gather_fields(*credential.type, options.fields, options.from_env);
  return {options.name, credential.type, with_members(credential.fields, more), credential.profile};
}

LinkTarget through_profile(Session& session, const ConnectOptions& options) {
  const Profile profile = session.vault().open_profile(options.profile);
  if (!options.type.empty() && options.type != profile.type->id) {
    wrong_usage("The profile '" + options.profile + "' is of the type '" + profile.type->id +
                "'; leave --type out.");
  }
  if (!options.fields.empty() || !options.from_env.empty()) {
    wrong_usage(
        "With --profile the fields are those of the profile; change them with `engine "
        "profiles set " +
        options.profile + "`.");
  }
  return {options.name, profile.type, profile.fields, profile.name};
}

LinkTarget target_of(Session& session, const ConnectOptions& options) {
  session.vault().check_ready(options.name);
  if (session.vault().exists(options.name)) return existing(session, options);
  if (!options.profile.empty()) return through_profile(session, options);
  if (options.type.empty()) {
    wrong_usage("There is no credential '" + options.name +
                "' yet. Say how to make it: --profile P, or --type T with --field client_id=… and "
                "--field client_secret=-.");
  }
  const CredentialType& type = find_credential_type(session, options.type);
  const Value given = gather_fields(type, options.fields, options.from_env);
  return {options.name, &type, checked_fields(type, with_members(type.oauth2_choice, given)), ""};
}

Error too_late(const Authorization& authorization, const std::string& timeout) {
  return {
      ErrorCause::credential, "connect_timeout",
      "Nobody came back from the browser within " + timeout +
          ". Nothing was stored. If the page said that the redirect URL does not match, enter " +
          authorization.redirect_url + " into the app, exactly like that, and try again."};
}

Milliseconds time_limit(const ConnectOptions& options) {
  const auto time = parse_duration(options.timeout);
  if (!time || time->count() <= 0) {
    wrong_usage("--timeout takes a duration such as 90s or 5m, not '" + options.timeout + "'.");
  }
  return *time;
}

QueryFields query_in(const std::string& pasted) {
  const std::size_t begin = pasted.find('?');
  const std::size_t end = std::min(pasted.find('#'), pasted.size());
  QueryFields query;
  std::size_t at = begin == std::string::npos ? end : begin + 1;
  while (at < end) {
    const std::size_t stop = std::min(pasted.find('&', at), end);
    const std::string part = pasted.substr(at, stop - at);
    const std::size_t equals = std::min(part.find('='), part.size());
    query.emplace_back(http::percent_decode(part.substr(0, equals), true),
                       http::percent_decode(part.substr(std::min(equals + 1, part.size())), true));
    at = stop + 1;
  }
  return query;
}

// The address bar of a browser that found nobody listening has it all.
QueryFields pasted_answer(const Authorization& authorization, const ConnectOptions& options,
                          const Cancellation& cancellation) {
  std::cerr << "Open this address in a browser, on any machine:\n\n  " << authorization.url
            << "\n\nThe browser ends up on an address that begins with "
            << authorization.redirect_url
            << "; it is fine that nothing is shown there.\nPaste that address here: " << std::flush;
  const auto line = read_line(time_limit(options), cancellation);
  if (isatty(STDIN_FILENO) == 0) std::cerr << '\n';
  if (!line) throw too_late(authorization, options.timeout);
  return query_in(*line);
}

QueryFields awaited_answer(RedirectListener& listener, const Authorization& authorization,
                           const ConnectOptions& options, const Cancellation& cancellation) {
  constexpr Milliseconds kRemind{30'000};
  std::cerr << "Open this address in a browser on this machine:\n\n  " << authorization.url
            << "\n\n";
  if (open_in_browser(authorization.url)) std::cerr << "It was opened for you.\n";
  std::cerr << "Waiting for the answer on " << authorization.redirect_url << " for "
            << options.timeout << " (Ctrl-C stops) …" << std::endl;
  Milliseconds left = time_limit(options);
  while (left.count() > 0) {
    const Milliseconds step = std::min(left, kRemind);
    if (auto query = listener.wait(step, cancellation)) return *query;
    left -= step;
    if (left.count() > 0) std::cerr << "Still waiting, " << format_duration(left) << " left …\n";
  }
  throw too_late(authorization, options.timeout);
}

LinkedAccount link(Session& session, const ConnectOptions& options, const LinkTarget& target,
                   const Cancellation& cancellation) {
  AccountLinker linker(session.vault(), session.http(), session.clock());
  const OAuth2Settings settings = target.settings();
  if (settings.grant == OAuth2Settings::Grant::client_credentials) {
    return linker.with_client_credentials(target, cancellation);
  }
  if (options.no_browser) {
    const auto authorization = begin_authorization(settings, loopback_redirect_url(options.port));
    const QueryFields query = pasted_answer(authorization, options, cancellation);
    return linker.with_code(target, authorization, code_in(query, authorization.state),
                            cancellation);
  }
  RedirectListener listener(options.port);
  const auto authorization = begin_authorization(settings, listener.redirect_url());
  const QueryFields query = awaited_answer(listener, authorization, options, cancellation);
  try {
    LinkedAccount account =
        linker.with_code(target, authorization, code_in(query, authorization.state), cancellation);
    listener.show("Connected", "The account is connected. You can close this window.");
    return account;
  } catch (const Error& error) {
    listener.show("Not connected", error.message());
    throw;
  }
}

int connect(Session& session, const ConnectOptions& options) {
  const Cancellation cancellation;
  const SignalWatch watch([&] { cancellation.cancel(CancelReason::cancelled); });
  time_limit(options);
  try {
    const LinkedAccount account = link(session, options, target_of(session, options), cancellation);
    std::cout << "connected '" << account.credential << "'"
              << (account.summary.empty() ? "" : ": " + account.summary) << '\n';
    return kDone;
  } catch (const Error& error) {
    if (error.cause() != ErrorCause::cancelled) throw;
    std::cerr << "\nStopped. Nothing was stored.\n";
    return kInterrupted;
  }
}

}  // namespace

void add_connect(CLI::App& credentials, Session& session) {
  CLI::App* command = credentials.add_subcommand(
      "connect", "Connect an account through an OAuth app, in the browser");
  auto options = std::make_shared<ConnectOptions>();
  command->add_option("name", options->name, "Name of the credential, new or to connect anew")
      ->required();
  command->add_option("--profile", options->profile, "The OAuth app; see 'engine profiles'");
  command->add_option("--type", options->type, "Credential type, for one without a profile");
  command
      ->add_option("--field", options->fields,
                   "A field; with - as its value it is asked for, or read from the standard input")
      ->type_name("NAME=VALUE");
  command->add_option("--from-env", options->from_env, "A field, from an environment variable")
      ->type_name("NAME=VARIABLE");
  command->add_flag("--no-browser", options->no_browser,
                    "Show the address, and take the one that the browser ends up on");
  command
      ->add_option("--port", options->port,
                   "Port on 127.0.0.1 that the browser comes back to; 0 takes a free one")
      ->capture_default_str();
  command->add_option("--timeout", options->timeout, "How long to wait")->capture_default_str();
  command->footer(R"(Examples:
  engine credentials connect acme --profile acme
  engine credentials connect acme --profile acme --no-browser
  engine credentials connect acme --type clickup --field client_id=ABC --field client_secret=-

The redirect URL that the app must know is http://127.0.0.1:8791/oauth2/callback.)");
  command->callback([options, &session] { session.exit_code = connect(session, *options); });
}

}  // namespace engine::cli
