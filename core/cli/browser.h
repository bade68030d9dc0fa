// Opens an address in the user's browser.
#pragma once

#include <string>

namespace engine::cli {

/// With xdg-open, when there is one and a display; false otherwise. Does not wait for the browser.
bool open_in_browser(const std::string& url);

}  // namespace engine::cli
