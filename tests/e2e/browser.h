// What a browser does at the sandbox's authorize page.
#pragma once

#include <string>

#include "core/http/message.h"

namespace engine::e2e {

/// A request that follows no redirect.
http::Response fetch(const std::string& url);
http::Response post(const std::string& url, const std::string& form);

/// Answers the form of an authorize page ("approve", "deny") as Ada of Acme, and gives the address
/// that it sends the browser to.
std::string decide(const std::string& authorize_url, const std::string& decision = "approve");

/// The first "http…" in a text, to the next white space.
std::string address_in(const std::string& text);

}  // namespace engine::e2e
