#include "core/credential/connect_page.h"

#include <doctest/doctest.h>

#include <memory>

#include "core/http/pooled_client.h"
#include "core/rest/register_packages.h"
#include "core/store/sqlite_store.h"
#include "tests/e2e/chromium.h"
#include "tests/e2e/clickup.h"

namespace engine::e2e {
namespace {

/// The connect page of a profile `acme` on a server of its own, over the database of a place.
class Site {
 public:
  Site(const Place& place, const ClickUp& clickup) {
    const Outcome added =
        place.engine({"profiles", "add", "acme", "--type", "clickup", "--field",
                      "client_id=sandbox-client", "--field", "client_secret=-", "--field",
                      "api_url=" + clickup.api_url(), "--allow", "user.*", "--allow", "task.get"},
                     "sandbox-secret\n");
    REQUIRE_MESSAGE(added.code == 0, added.all());
    rest::register_credential_types(types_);
    store_ = store::open_sqlite_store(place.database());
    vault_ = std::make_unique<Vault>(
        *store_, types_, KeySource{std::nullopt, place.folder() / "engine.key", std::nullopt},
        clock_);
    server_ = std::make_unique<http::Server>(
        http::ServerOptions(),
        [this](const http::ServerRequest& request) { return page_->handle(request); });
    page_ = std::make_unique<ConnectPage>(*vault_, http_, clock_, url());
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

 private:
  SystemClock clock_;
  SystemRandom random_;
  http::PooledClient http_{clock_, random_};
  CredentialTypes types_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<ConnectPage> page_;
  std::unique_ptr<http::Server> server_;  // ends first: its requests use the rest
};

}  // namespace

TEST_CASE("somebody connects an account in Chromium, and a workflow may use it") {
  const Place place;
  const ClickUp clickup(place);
  const Site site(place, clickup);
  Chromium browser(place.folder());
  browser.open(site.url() + "/connect/acme");
  CHECK(browser.evaluate("document.title") == "Connect ClickUp");
  CHECK(contains(browser.text(), "user.*"));
  CHECK(contains(browser.text(), "task.get"));
  browser.press("button");
  CHECK(contains(browser.text(), "ClickUp sandbox"));  // the service's own page
  browser.press("button[value=approve]");
  CHECK(contains(browser.evaluate("location.href"), site.url() + "/oauth2/callback?code="));
  CHECK(browser.evaluate("document.title") == "Connected");
  CHECK(contains(browser.text(), "Ada Okafor, workspaces Acme"));
  CHECK(contains(browser.text(), "acme-ada-okafor"));
  CHECK(browser.evaluate("document.cookie").empty());
  CHECK(place.engine({"credentials", "test", "acme-ada-okafor"}).out ==
        "works: Ada Okafor, workspaces Acme\n");

  // Loaded again, the answer has been used.
  browser.open(browser.evaluate("location.href"));
  CHECK(contains(browser.text(), "start over"));
}

TEST_CASE("somebody denies it in Chromium, and nothing is stored") {
  const Place place;
  const ClickUp clickup(place);
  const Site site(place, clickup);
  Chromium browser(place.folder());
  browser.open(site.url() + "/connect/acme");
  browser.press("button");
  browser.press("button[value=deny]");
  CHECK(browser.evaluate("document.title") == "Not connected");
  CHECK(contains(browser.text(), "denied"));
  CHECK(place.engine({"credentials", "list", "--format", "json"}).out == "[]\n");
}

}  // namespace engine::e2e
