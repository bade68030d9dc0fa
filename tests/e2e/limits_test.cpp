#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>

#include "core/value/json.h"
#include "tests/e2e/place.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {

TEST_CASE("a script that never ends is stopped by its own limit") {
  const Place place;
  const std::string flow = place.file("spin.yaml", workflow("Spin", R"(  - id: spin
    type: code
    with: { js: "while (true) {}", timeout: 200ms }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "node 'spin'"));
  CHECK(contains(run.err, "ran longer than 200 ms"));
  CHECK(error_of(place)["cause"].as_string() == "timeout");
}

TEST_CASE("the timeout of a node stops a script as well") {
  const Place place;
  const std::string flow = place.file("spin.yaml", workflow("Spin", R"(  - id: spin
    type: code
    timeout: 300ms
    with: { js: "while (true) {}", timeout: 1h }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(error_of(place)["cause"].as_string() == "timeout");
}

TEST_CASE("an expression that never ends is stopped") {
  const Place place;
  const std::string flow = place.file("spin.yaml", workflow("Spin", R"(  - id: spin
    type: set
    with: { fields: { x: "{{ (() => { while (true) {} })() }}" } }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "node 'spin'"));
  CHECK(error_of(place)["cause"].as_string() == "timeout");
}

TEST_CASE("a service that never answers ends with the timeout of the request") {
  const Place place;
  Upstream upstream;
  upstream.hold("/never");
  const std::string flow = place.file("ask.yaml", workflow("Ask", R"(  - id: ask
    type: http_request
    with: { url: ")" + upstream.url("/never") + R"(", timeout: 300ms, method: POST }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "node 'ask'"));
  CHECK(contains(run.err, "no complete answer within 300ms"));
  CHECK(error_of(place)["cause"].as_string() == "timeout");
  CHECK(upstream.asked("/never") == 1);  // repeating a POST might do it twice
}

TEST_CASE("the timeout of the workflow ends an execution") {
  const Place place;
  Upstream upstream;
  upstream.hold("/never");
  const std::string flow =
      place.file("ask.yaml", "settings: { timeout: 500ms }\n" + workflow("Ask", R"(  - id: ask
    type: http_request
    with: { url: ")" + upstream.url("/never") + R"(" }
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "500ms"));
  CHECK(error_of(place)["cause"].as_string() == "timeout");
}

TEST_CASE("a wait in a workflow is not counted, and goes on") {
  const Place place;
  const std::string flow = place.file("wait.yaml", workflow("Wait", R"(  - id: pause
    type: wait
    with: { for: 50ms }
  - id: done
    type: set
    with: { fields: { done: true } }
)"));
  const Outcome run = place.engine({"run", flow, "-q"});
  CHECK(run.code == 0);
  CHECK(parse_json(run.out) == parse_json(R"([{"done":true}])"));
}

TEST_CASE("a wait without end says what it waits for, and Ctrl-C ends it") {
  const Place place;
  const std::string flow = place.file("wait.yaml", workflow("Wait", R"(  - id: pause
    type: wait
    with: { webhook: true }
)"));
  Process run(place.command({"run", flow}));
  CHECK(run.read_error_line("waiting") ==
        "waiting  pause for a call of its resume URL, which engine serve takes");
  run.send_signal(SIGINT);
  CHECK(run.wait().code == 130);
}

}  // namespace engine::e2e
