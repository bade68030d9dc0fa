// OAuth 2, authorization code: the page where people approve, and the token endpoint.
#include <algorithm>

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/form.h"
#include "nodes/clickup/sandbox/resources/oauth_page.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string field(const Fields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (key == name) return value;
  }
  return "";
}

const OAuthApp& app_of(const World& world, const std::string& client_id) {
  for (const OAuthApp& app : world.apps) {
    if (app.client_id == client_id) return app;
  }
  throw Refusal(401, "Client not found", "OAUTH_010");
}

/// A registered address, its port free to choose, or something below it.
bool is_registered(const OAuthApp& app, const std::string& redirect) {
  return std::any_of(app.redirect_uris.begin(), app.redirect_uris.end(), [&](const auto& known) {
    if (redirect.rfind(known, 0) != 0) return false;
    const char next = redirect.size() > known.size() ? redirect[known.size()] : '/';
    return next == '/' || next == ':' || next == '?' || known.back() == '/';
  });
}

/// Refuses a redirect that is not the app's: an answer must never go there.
void check_redirect(const OAuthApp& app, const std::string& redirect) {
  if (redirect.empty()) throw Refusal(401, "Redirect URI not passed", "OAUTH_017");
  const bool clean = redirect.find_first_of("\r\n\t @\\") == std::string::npos;
  if (!clean || !is_registered(app, redirect)) {
    throw Refusal(400, "Redirect URI does not match", "OAUTH_007");
  }
}

Answer authorize(Call& call) {
  const Fields& query = call.request.query;
  const OAuthApp& app = app_of(call.world, field(query, "client_id"));
  const std::string redirect = field(query, "redirect_uri");
  check_redirect(app, redirect);
  Answer answer;
  answer.text = oauth_page(call.world, {app.client_id, redirect, field(query, "state")});
  answer.content_type = "text/html; charset=utf-8";
  return answer;
}

Answer redirect_with(const std::string& redirect, Fields parameters, const std::string& state) {
  if (!state.empty()) parameters.emplace_back("state", state);
  const char separator = redirect.find('?') == std::string::npos ? '?' : '&';
  Answer answer;
  answer.status = 302;
  answer.headers.add("Location", redirect + separator + http::encode_query(parameters));
  return answer;
}

Answer decide(Call& call) {
  const Fields form = read_form(call.request.body);
  const OAuthApp& app = app_of(call.world, field(form, "client_id"));
  const std::string redirect = field(form, "redirect_uri");
  check_redirect(app, redirect);
  const std::string state = field(form, "state");
  const User* user = call.world.users.live(field(form, "user"));
  OAuthCode code;
  code.client_id = app.client_id;
  for (const auto& [name, value] : form) {
    Team* team = name == "team" ? call.world.teams.live(value) : nullptr;
    if (team != nullptr && user != nullptr && team->member(user->number) != nullptr) {
      code.team_ids.push_back(team->id);
    }
  }
  if (field(form, "decision") != "approve" || code.team_ids.empty()) {
    return redirect_with(redirect, {{"error", "access_denied"}}, state);
  }
  code.user = user->number;
  const std::string text = call.world.new_secret(32);
  call.world.codes[text] = std::move(code);
  return redirect_with(redirect, {{"code", text}}, state);
}

/// From JSON, a form or the query: all three are accepted.
Fields token_request(const Call& call) {
  Fields fields = call.request.query;
  const auto type = call.request.headers.find("Content-Type").value_or("");
  if (type.find("json") == std::string_view::npos) {
    for (auto& one : read_form(call.request.body)) fields.push_back(std::move(one));
    return fields;
  }
  try {
    const Value body = parse_json(call.request.body, "the body");
    for (const auto& [key, value] : body.View::members()) fields.emplace_back(key, to_text(value));
  } catch (const Error& error) {
    refuse("Unexpected token in JSON: " + error.message());
  }
  return fields;
}

Answer token(Call& call) {
  const Fields fields = token_request(call);
  const OAuthApp& app = app_of(call.world, field(fields, "client_id"));
  if (app.client_secret != field(fields, "client_secret")) {
    throw Refusal(401, "Client not found", "OAUTH_010");
  }
  const auto code = call.world.codes.find(field(fields, "code"));
  if (code == call.world.codes.end() || code->second.client_id != app.client_id) {
    refuse("Code not found");
  }
  if (code->second.used) refuse("Code already used", "OAUTH_014");
  code->second.used = true;
  Token made;
  made.user = code->second.user;
  made.personal = false;
  made.team_ids = code->second.team_ids;
  const std::string text = std::to_string(made.user) + "_" + call.world.new_secret(40);
  call.world.tokens[text] = std::move(made);
  return reply([&](Writer& w) { w.text("access_token", text); });
}

}  // namespace

void add_oauth_routes(Router& router) {
  router.add("GET", "/api", authorize).without_token();
  router.add("POST", "/api", decide).without_token().with_bytes();
  router.add("POST", "/v2/oauth/token", token).without_token().with_bytes();
}

}  // namespace engine::clickup::sandbox
