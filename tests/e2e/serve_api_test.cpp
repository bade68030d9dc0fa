#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/served.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

/// A server whose API key is known.
struct Api {
  Place place;
  std::unique_ptr<Served> server;
  Headers key;

  void start() {
    // The key is shown once; what a server printed is known when it has ended.
    Served first(place);
    const std::string shown = first.stop().err;
    const std::size_t at = shown.find("ek_");
    REQUIRE(at != std::string::npos);
    key = {{"Authorization", "Bearer " + shown.substr(at, shown.find_first_of("\r\n", at) - at)}};
    server = std::make_unique<Served>(place, ".", std::vector<std::string>{"--allow-private"});
  }
  Value get(const std::string& path) const {
    const http::Response answer = server->call("GET", "/api/v1" + path, "", key);
    CHECK(answer.status == 200);
    return parse_json(answer.body);
  }
  http::Response post(const std::string& path, const std::string& body = "") const {
    return server->call("POST", "/api/v1" + path, body, key);
  }
};

const char* const kDoubling = R"(name: Double
inputs: { n: { type: integer, default: 1 } }
nodes:
  - id: start
    type: manual
  - id: twice
    type: set
    with: { fields: { twice: "{{ $json.n * 2 }}" }, keep: none }
)";

}  // namespace

TEST_CASE("the API wants its key, which is shown once and stored as a hash") {
  Api api;
  api.place.file("double.yaml", kDoubling);
  api.start();
  CHECK(api.server->call("GET", "/api/v1/workflows").status == 401);
  CHECK(
      api.server->call("GET", "/api/v1/workflows", "", {{"Authorization", "Bearer ek_x"}}).status ==
      401);
  CHECK(api.get("/workflows")["workflows"].size() == 1);
  const std::string key = api.key[0].second.substr(7);
  CHECK_FALSE(contains(api.place.stored_bytes(), key));
  CHECK_FALSE(contains(api.server->stop().err, "ek_"));
}

TEST_CASE("a workflow is run by name, and its items can be read") {
  Api api;
  api.place.file("double.yaml", kDoubling);
  api.start();
  const http::Response started =
      api.post("/workflows/Double/run", R"({"items":[{"n":2},{"n":3}]})");
  CHECK(started.status == 202);
  const std::string id(parse_json(started.body).view()["execution"].as_string());
  wait_for_executions(api.place, "success", 1);
  const Value shown = api.get("/executions/" + id);
  CHECK(shown.view()["status"].as_string() == "success");
  CHECK(shown.view()["runs"].size() == 1);
  const Value items = api.get("/executions/" + id + "/nodes/twice")["items"];
  REQUIRE(items.size() == 2);
  CHECK(items[1].view()["json"]["twice"].as_integer() == 6);
  CHECK(api.get("/executions?status=success&limit=1")["executions"].size() == 1);
  CHECK(api.post("/executions/" + id + "/retry").status == 409);
  CHECK(api.post("/executions/" + id + "/cancel").status == 409);
  CHECK(api.post("/executions/" + id + "/replay", R"({"from":"twice","items":[{"n":5}]})").status ==
        202);
  wait_for_executions(api.place, "success", 2);
  CHECK(api.post("/workflows/Tripple/run").status == 404);
  CHECK(api.post("/executions/nope/cancel").status == 404);
  CHECK(api.post("/workflows/Double/run", "{").status == 400);
  const http::Response refused =
      api.post("/workflows/Double/run", R"({"items":[{"n":2},{"n":"x"}]})");
  CHECK(refused.status == 400);
  CHECK(contains(refused.body, "The input 'n' of the workflow 'Double' does not fit (item 2)."));
  CHECK(api.post("/workflows").status == 405);
}

TEST_CASE("a running execution is cancelled") {
  Api api;
  Upstream upstream;
  upstream.hold("/slow");
  api.place.file("slow.yaml",
                 "name: Slow\nnodes:\n  - id: start\n    type: manual\n"
                 "  - id: ask\n    type: http_request\n    with: { url: \"" +
                     upstream.url("/slow") + "\" }\n");
  api.start();
  const http::Response started = api.post("/workflows/Slow/run");
  const std::string id(parse_json(started.body).view()["execution"].as_string());
  REQUIRE(upstream.wait_for("/slow"));
  CHECK(api.post("/executions/" + id + "/cancel").status == 202);
  wait_for_executions(api.place, "cancelled", 1);
  upstream.release();
}

TEST_CASE("health, readiness, metrics and the OpenAPI document") {
  Api api;
  api.place.file("double.yaml", kDoubling);
  api.place.file("closed.yaml", R"(name: Closed
nodes:
  - id: hook
    type: webhook
    with: { path: closed, networks: [192.0.2.0/24] }
  - id: end
    type: no_op
)");
  api.start();
  CHECK(api.server->post("/webhook/closed", "{}").status == 403);
  CHECK(api.server->call("GET", "/healthz").status == 200);
  CHECK(api.server->call("GET", "/readyz").status == 200);
  CHECK(api.post("/workflows/Double/run").status == 202);
  wait_for_executions(api.place, "success", 1);
  wait_until([&] {
    return contains(api.server->call("GET", "/metrics").body,
                    "engine_executions_total{workflow=\"Double\",status=\"success\"} 1");
  });
  const std::string metrics = api.server->call("GET", "/metrics").body;
  CHECK(contains(metrics, "\nengine_deliveries_refused_total 1\n"));
  CHECK(contains(metrics, "\nengine_service_wait_seconds_count 0\n"));
  CHECK_FALSE(contains(metrics, "\nengine_commit_seconds_count 0\n"));
  const Value document = parse_json(api.server->call("GET", "/api/v1/openapi.json").body);
  CHECK(document.view()["openapi"].as_string() == "3.1.0");
  const View paths = document.view()["paths"];
  CHECK(paths["/executions/{id}/retry"]["post"].is_object());
  CHECK(paths["/executions"]["get"]["parameters"].size() == 4);
  const View replay = paths["/executions/{id}/replay"]["post"];
  CHECK(replay["parameters"][std::size_t{0}]["name"].as_string() == "id");
  CHECK(replay["requestBody"]["required"].as_bool());
  CHECK(replay["requestBody"]["content"]["application/json"]["schema"]["properties"]["from"]
            .is_object());
  CHECK(replay["responses"]["202"].is_object());
  CHECK(api.server->call("POST", "/healthz").status == 405);
  CHECK(api.server->call("HEAD", "/healthz").status == 200);
  CHECK(api.server->call("GET", "/else").status == 404);
}

TEST_CASE("credentials are listed without their secrets") {
  Api api;
  api.place.engine({"credentials", "add", "hook", "--type", "bearer", "--field", "token=geheim"});
  api.start();
  const http::Response listed = api.server->call("GET", "/api/v1/credentials", "", api.key);
  CHECK(contains(listed.body, "\"hook\""));
  CHECK_FALSE(contains(listed.body, "geheim"));
}

TEST_CASE("a systemd unit is printed") {
  const Place place;
  const Outcome printed = place.engine({"serve", ".", "--systemd-unit"});
  CHECK(printed.code == 0);
  CHECK(contains(printed.out, "Type=notify"));
  CHECK(contains(printed.out, "serve --port 5678 /"));
  CHECK(place.engine({"serve", "nowhere"}).code == 2);
}

}  // namespace engine::e2e
