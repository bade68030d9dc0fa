#include "core/http/html.h"

#include <Poco/Net/Net.h>
#include <Poco/String.h>

namespace engine::http {

std::string escape_html(std::string_view text) {
  // Poco leaves the single quote, which ends attributes as well.
  const std::string escaped = Poco::Net::htmlize(std::string(text));
  return Poco::replace(escaped, std::string("'"), std::string("&#39;"));
}

ServerResponse html_page(int status, std::string_view title, std::string_view body,
                         const std::string& form_target) {
  ServerResponse response;
  response.status = status;
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Cache-Control", "no-store");
  // With no-referrer, browsers send "Origin: null" with this site's own forms.
  response.headers.set("Referrer-Policy", "same-origin");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("X-Frame-Options", "DENY");
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                       "frame-ancestors 'none'; form-action 'self'" +
                           (form_target.empty() ? "" : " " + form_target));
  response.body =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
      escape_html(title) +
      "</title><style>body{font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:4em auto;"
      "padding:0 1em}button{font:inherit;padding:.5em 1.2em}</style></head><body>\n<h1>" +
      escape_html(title) + "</h1>\n" + std::string(body) + "\n</body></html>\n";
  return response;
}

}  // namespace engine::http
