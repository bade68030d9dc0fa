// Small pages for people. No scripts, nothing from elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "core/http/server_message.h"

namespace engine::http {

/// For texts and attributes.
std::string escape_html(std::string_view text);

/// `body` is HTML. Forms may lead to this site and to `form_target` (an origin; a browser checks
/// where a form's answer redirects to as well). Never cached, never framed, sends no referrer
/// to other sites.
ServerResponse html_page(int status, std::string_view title, std::string_view body,
                         const std::string& form_target = "");

}  // namespace engine::http
