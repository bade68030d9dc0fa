#include "core/credential/connect_page.h"

#include "core/base/error.h"
#include "core/crypto/secret.h"
#include "core/http/html.h"
#include "core/http/url.h"

namespace engine {
namespace {

constexpr std::string_view kConnect = "/connect/";
constexpr std::string_view kCallback = "/oauth2/callback";
constexpr std::string_view kCookie = "engine_connect";

std::string paragraph(const std::string& text) {
  return "<p>" + http::escape_html(text) + "</p>\n";
}

http::ServerResponse problem(int status, const std::string& text) {
  return http::html_page(status, "Not connected", paragraph(text));
}

// What is wrong with the engine's own set-up is not for people outside: its log has it.
http::ServerResponse problem(const Error& error) {
  switch (error.cause()) {
    case ErrorCause::credential:
      if (error.code() == "profile_not_found") return problem(404, "There is no such page.");
      if (error.code().starts_with("oauth2_") || error.code() == "credential_refused") {
        return problem(400, error.message());
      }
      break;
    case ErrorCause::upstream:
    case ErrorCause::timeout:
      return problem(502, "The service did not answer as it should. Try again in a while.");
    default: break;
  }
  return problem(500, "Something is not set up right here. Tell who runs this server: '" +
                          error.code() + "'.");
}

std::string cookie_in(const http::ServerRequest& request) {
  std::string_view text = request.headers.find("Cookie").value_or("");
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (part.starts_with(kCookie) && part.substr(kCookie.size()).starts_with('=')) {
      return std::string(part.substr(kCookie.size() + 1));
    }
  }
  return "";
}

std::string allowed_list(const std::vector<std::string>& allowed) {
  if (allowed.empty()) {
    return paragraph("Automations here may then do everything that the account may do.");
  }
  std::string list = paragraph("Automations here may then do this with the account:") + "<ul>\n";
  for (const std::string& pattern : allowed)
    list += "<li>" + http::escape_html(pattern) + "</li>\n";
  return list + "</ul>\n";
}

// Names are plain (see check_record_name): what needs decoding is none.
std::string profile_in(std::string_view path) {
  return std::string(path.substr(kConnect.size()));
}

}  // namespace

ConnectPage::ConnectPage(Vault& vault, http::Client& http, const Clock& clock,
                         std::string public_url)
    : vault_(vault), http_(http), clock_(clock), public_url_(std::move(public_url)) {}

bool ConnectPage::serves(std::string_view path) {
  return path.starts_with(kConnect) || path == kCallback;
}

http::ServerResponse ConnectPage::handle(const http::ServerRequest& request) {
  const bool get = request.method == "GET" || request.method == "HEAD";
  try {
    if (request.path == kCallback && get) return finish(request);
    if (request.path.starts_with(kConnect) && get) return show(profile_in(request.path));
    if (request.path.starts_with(kConnect) && request.method == "POST") {
      return start(profile_in(request.path), request);
    }
  } catch (const Error& error) {
    return problem(error);
  }
  http::ServerResponse refused = problem(405, "This address is opened in a browser.");
  refused.headers.set("Allow", request.path == kCallback ? "GET, HEAD" : "GET, HEAD, POST");
  return refused;
}

LinkTarget ConnectPage::target(const std::string& profile) const {
  const Profile opened = vault_.open_profile(profile);
  return {"", opened.type, opened.fields, opened.name};
}

http::ServerResponse ConnectPage::show(const std::string& profile) {
  const Profile opened = vault_.open_profile(profile);
  const OAuth2Settings settings = target(profile).settings();
  const std::string& service = opened.type->title;
  return http::html_page(200, "Connect " + service,
                         paragraph("You are about to connect your account of " + service + " to '" +
                                   opened.name + "'.") +
                             allowed_list(opened.allowed) +
                             "<form method=\"post\"><button>Connect " + http::escape_html(service) +
                             "</button></form>",
                         http::parse_url(settings.authorize_url).origin());
}

http::ServerResponse ConnectPage::start(const std::string& profile,
                                        const http::ServerRequest& request) {
  const auto origin = request.headers.find("Origin");
  if (origin && *origin != http::parse_url(public_url_).origin()) {
    return problem(403, "This form was sent from another site. Open " + public_url_ +
                            std::string(kConnect) + profile + " and press the button there.");
  }
  Attempt attempt;
  attempt.profile = profile;
  attempt.cookie = random_secret();
  attempt.authorization =
      begin_authorization(target(profile).settings(), public_url_ + std::string(kCallback));
  attempt.ends = clock_.now() + kLifetime;
  http::ServerResponse response;
  response.status = 303;
  response.headers.set("Location", attempt.authorization.url);
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("Set-Cookie", std::string(kCookie) + "=" + attempt.cookie +
                                         "; Path=" + std::string(kCallback) +
                                         "; Max-Age=600; HttpOnly; SameSite=Lax" +
                                         (public_url_.starts_with("https://") ? "; Secure" : ""));
  const std::string state = attempt.authorization.state;
  if (keep(state, std::move(attempt))) return response;
  http::ServerResponse busy = problem(503, "Too many people connect at once. Try again soon.");
  busy.headers.set("Retry-After", "60");
  return busy;
}

bool ConnectPage::keep(const std::string& state, Attempt attempt) {
  const TimePoint now = clock_.now();
  const std::lock_guard lock(mutex_);
  if (attempts_.size() >= kMostAttempts) {
    std::erase_if(attempts_, [&](const auto& entry) { return entry.second.ends <= now; });
  }
  return attempts_.size() < kMostAttempts && attempts_.emplace(state, std::move(attempt)).second;
}

// The state is a random text of 256 bits: that a look-up by it takes its time tells nothing. Only
// the browser that began the attempt ends it; others cannot even use it up.
std::optional<ConnectPage::Attempt> ConnectPage::take(const http::ServerRequest& request,
                                                      std::string_view state) {
  const std::lock_guard lock(mutex_);
  const auto found = attempts_.find(state);
  if (found == attempts_.end()) return std::nullopt;
  if (!same_secret(cookie_in(request), found->second.cookie)) return std::nullopt;
  Attempt attempt = std::move(found->second);
  attempts_.erase(found);
  if (attempt.ends <= clock_.now()) return std::nullopt;
  return attempt;
}

http::ServerResponse ConnectPage::finish(const http::ServerRequest& request) {
  const std::string state = value_of(request.query, "state");
  const auto attempt = take(request, state);
  if (!attempt) {
    return problem(400,
                   "This answer belongs to no attempt that was begun in this browser within the "
                   "last ten minutes. Open the page again and start over.");
  }
  const std::string code = code_in(request.query, attempt->authorization.state);
  const LinkedAccount account =
      AccountLinker(vault_, http_, clock_)
          .with_code(target(attempt->profile), attempt->authorization, code, Cancellation());
  return http::html_page(
      200, "Connected",
      paragraph(account.summary.empty() ? "The account is connected." : account.summary) +
          paragraph("Workflows use it as the credential '" + account.credential +
                    "'. You can close this window."));
}

}  // namespace engine
