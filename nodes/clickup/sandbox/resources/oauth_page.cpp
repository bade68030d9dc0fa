#include "nodes/clickup/sandbox/resources/oauth_page.h"

#include <string_view>

#include "core/http/html.h"

namespace engine::clickup::sandbox {
namespace {

using http::escape_html;

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) +
         "\">\n";
}

}  // namespace

std::string oauth_page(const World& world, const OAuthRequest& request) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Connect to the ClickUp sandbox</title></head><body>\n"
      "<h1>ClickUp sandbox</h1>\n<p>The app <b>" +
      escape_html(request.client_id) +
      "</b> would like to use your Workspaces.</p>\n<form method=\"post\" action=\"/api\">\n";
  page += hidden("client_id", request.client_id) + hidden("redirect_uri", request.redirect_uri) +
          hidden("state", request.state);
  page += "<p><label>Signed in as <select name=\"user\">\n";
  for (const User& user : world.users) {
    if (user.deleted) continue;
    const std::string& name = user.username.empty() ? user.email : user.username;
    page += "<option value=\"" + escape_html(user.id) + "\">" + escape_html(name) + "</option>\n";
  }
  page += "</select></label></p>\n";
  for (const Team& team : world.teams) {
    page += "<p><label><input type=\"checkbox\" name=\"team\" value=\"" + escape_html(team.id) +
            "\" checked> " + escape_html(team.name) + "</label></p>\n";
  }
  page +=
      "<button name=\"decision\" value=\"approve\">Connect</button>\n"
      "<button name=\"decision\" value=\"deny\">Cancel</button>\n</form>\n</body></html>\n";
  return page;
}

}  // namespace engine::clickup::sandbox
