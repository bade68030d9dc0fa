// The page where people without a terminal connect an account through a profile.
//
// How to mount it on a server: make one ConnectPage, and give it every request whose path begins
// with "/connect/" or is "/oauth2/callback":
//
//   ConnectPage connect(vault, http_client, clock, public_url);
//   if (ConnectPage::serves(request.path)) return connect.handle(request);
//
// `public_url` is the address that people reach the server at, without a slash at its end; the
// redirect URL that the app must know is public_url + "/oauth2/callback". Anybody who can reach the
// page can connect an account of the service, and sees what the profile is called and allows;
// nobody sees a secret, and nobody can change an account that is not theirs.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/credential/account_linker.h"
#include "core/http/server.h"

namespace engine {

/// GET /connect/P shows what will be allowed and a button; POST sends the browser to the service;
/// GET /oauth2/callback takes its answer. An attempt is bound to the browser by a cookie, is good
/// once, ends after ten minutes, and is only in memory; there are at most kMostAttempts at a time.
/// Thread-safe.
class ConnectPage {
 public:
  static constexpr std::size_t kMostAttempts = 1000;
  static constexpr Milliseconds kLifetime{10 * 60'000};

  ConnectPage(Vault& vault, http::Client& http, const Clock& clock, std::string public_url);

  static bool serves(std::string_view path);
  http::ServerResponse handle(const http::ServerRequest& request);

 private:
  struct Attempt {
    std::string profile;
    std::string cookie;
    Authorization authorization;
    TimePoint ends;
  };

  http::ServerResponse show(const std::string& profile);
  http::ServerResponse start(const std::string& profile, const http::ServerRequest& request);
  http::ServerResponse finish(const http::ServerRequest& request);
  bool keep(const std::string& state, Attempt attempt);
  std::optional<Attempt> take(const http::ServerRequest& request, std::string_view state);
  LinkTarget target(const std::string& profile) const;

  Vault& vault_;
  http::Client& http_;
  const Clock& clock_;
  const std::string public_url_;
  std::mutex mutex_;
  std::map<std::string, Attempt, std::less<>> attempts_;  ///< by state
};

}  // namespace engine
