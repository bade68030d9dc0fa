#include "core/http/proxy.h"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/crypto/encoding.h"
#include "core/http/message.h"

namespace engine::http {
namespace {

using Variables = std::function<std::optional<std::string>(const std::string&)>;

struct Setting {
  std::string name;
  std::string value;
};

Setting read(const Variables& variable, std::string name) {
  if (const auto value = variable(name); value && !value->empty()) return {name, *value};
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return {name, variable(name).value_or("")};
}

std::optional<Proxy> parse(const Setting& setting) {
  if (setting.value.empty()) return std::nullopt;
  std::string text = setting.value;
  if (text.find("://") == std::string::npos) text = "http://" + text;
  Proxy proxy;
  const std::size_t begin = text.find("://") + 3;
  const std::size_t at = text.substr(0, text.find('/', begin)).rfind('@');
  if (at != std::string::npos) {
    proxy.authorization = "Basic " + to_base64(percent_decode(text.substr(begin, at - begin)));
    text.erase(begin, at + 1 - begin);
  }
  try {
    const Url url = parse_url(text);
    if (url.secure) throw Error(ErrorCause::user, "bad_url", "");
    proxy.host = url.host;
    proxy.port = url.port;
  } catch (const Error&) {
    throw Error(ErrorCause::user, "bad_url",
                "The environment variable " + setting.name +
                    " names a proxy that cannot be used. Write it as http://host:port.");
  }
  return proxy;
}

bool this_machine(const std::string& host) {
  Poco::Net::IPAddress address;
  return host == "localhost" || host.ends_with(".localhost") ||
         (Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback());
}

}  // namespace

ProxySettings::ProxySettings(const Variables& variable) {
  const Setting all = read(variable, "all_proxy");
  const auto either = [&](const Setting& own) { return parse(own.value.empty() ? all : own); };
  http_ = either(read(variable, "http_proxy"));
  https_ = either(read(variable, "https_proxy"));
  std::string list = read(variable, "no_proxy").value + ",";
  std::string entry;
  for (const char c : list) {
    if (c != ',' && c != ' ') {
      entry += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (entry.starts_with("*.")) entry.erase(0, 1);
    if (!entry.empty()) exceptions_.push_back(entry);
    entry.clear();
  }
}

ProxySettings ProxySettings::from_environment() {
  return ProxySettings([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

const Proxy* ProxySettings::find(const Url& url) const {
  const std::optional<Proxy>& proxy = url.secure ? https_ : http_;
  return proxy && !this_machine(url.host) && !excepted(url) ? &*proxy : nullptr;
}

bool ProxySettings::excepted(const Url& url) const {
  const std::string with_port = url.host + ":" + std::to_string(url.port);
  return std::any_of(exceptions_.begin(), exceptions_.end(), [&](const std::string& entry) {
    if (entry == "*" || entry == url.host || entry == with_port) return true;
    const std::string suffix = entry.starts_with('.') ? entry : "." + entry;
    return url.host.ends_with(suffix) || suffix == "." + url.host;
  });
}

}  // namespace engine::http
