#include <doctest/doctest.h>
#include <signal.h>

#include "core/value/json.h"
#include "tests/e2e/faulty_machine.h"
#include "tests/e2e/place.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

std::string two_requests(const Upstream& upstream, const std::string& settings = "") {
  return settings + workflow("Two requests", R"(  - id: first
    type: http_request
    with: { url: ")" + upstream.url("/first") + R"(", method: POST }
  - id: second
    type: http_request
    with: { url: ")" + upstream.url("/second") + R"(" }
)");
}

std::string status_of(const Place& place, const std::string& id) {
  const Value record = parse_json(place.engine({"executions", "show", id, "--format", "json"}).out);
  return std::string(record["status"].as_string());
}

}  // namespace

TEST_CASE("after kill -9 a retry goes on; what was finished is not repeated") {
  const Place place;
  Upstream upstream;
  upstream.hold("/second");
  Process run(place.command({"run", place.file("two.yaml", two_requests(upstream))}));
  REQUIRE(upstream.wait_for("/second"));
  run.send_signal(SIGKILL);
  CHECK(run.wait().signal == SIGKILL);
  upstream.release();

  const std::string id = place.newest();
  CHECK(contains(place.engine({"executions", "list"}).out, "interrupted"));
  CHECK(contains(place.engine({"executions", "show", id}).err, "engine executions retry " + id));
  const Outcome retried = place.engine({"executions", "retry", id, "-q"});
  CHECK(retried.code == 0);
  CHECK(parse_json(retried.out) == parse_json(R"([{"path":"/second"}])"));
  CHECK(upstream.asked("/first") == 1);
  CHECK(upstream.asked("/second") == 2);
  CHECK(place.executions().size() == 1);  // the same execution went on
  CHECK(status_of(place, id) == "success");
}

TEST_CASE("with on_crash: fail an interrupted execution ends as crashed") {
  const Place place;
  Upstream upstream;
  upstream.hold("/second");
  const std::string flow =
      place.file("two.yaml", two_requests(upstream, "settings: { on_crash: fail }\n"));
  Process run(place.command({"run", flow}));
  REQUIRE(upstream.wait_for("/second"));
  run.send_signal(SIGKILL);
  run.wait();
  upstream.release();
  const Outcome retried = place.engine({"executions", "retry", place.newest(), "-q"});
  CHECK(retried.code == 1);
  CHECK(upstream.asked("/second") == 1);
  CHECK(status_of(place, place.newest()) == "crashed");
}

TEST_CASE("an execution that is being run is not taken over") {
  const Place place;
  Upstream upstream;
  upstream.hold("/second");
  Process run(place.command({"run", place.file("two.yaml", two_requests(upstream)), "-q"}));
  REQUIRE(upstream.wait_for("/second"));
  const Outcome retried = place.engine({"executions", "retry", place.newest()});
  CHECK(retried.code == 2);
  CHECK(contains(retried.err, "is being run by another process"));
  upstream.release();
  CHECK(run.wait().code == 0);
  CHECK(upstream.asked("/second") == 1);
}

TEST_CASE("an abandoned execution can be cancelled") {
  const Place place;
  Upstream upstream;
  upstream.hold("/second");
  Process run(place.command({"run", place.file("two.yaml", two_requests(upstream))}));
  REQUIRE(upstream.wait_for("/second"));
  run.send_signal(SIGKILL);
  run.wait();
  CHECK(place.engine({"executions", "cancel", place.newest()}).code == 0);
  CHECK(status_of(place, place.newest()) == "cancelled");
}

TEST_CASE("Ctrl-C exits with 130 and stores the execution as cancelled") {
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    const Place place;
    Upstream upstream;
    upstream.hold("/second");
    Process run(place.command({"run", place.file("two.yaml", two_requests(upstream))}));
    REQUIRE(upstream.wait_for("/second"));
    run.send_signal(signal);
    const Outcome outcome = run.wait();
    CHECK(outcome.code == 130);
    CHECK(outcome.out == "");
    CHECK(contains(outcome.err, "cancelled"));
    CHECK(status_of(place, place.newest()) == "cancelled");
    upstream.release();
    CHECK(place.engine({"executions", "retry", place.newest(), "-q"}).code == 0);
    CHECK(upstream.asked("/first") == 1);
  }
}

TEST_CASE("a second Ctrl-C ends at once, whatever is still to be stored; retry goes on") {
  Place place;
  const FaultyMachine machine(place);
  Upstream upstream;
  upstream.hold("/second");
  Process run(place.command({"run", place.file("two.yaml", two_requests(upstream))}));
  REQUIRE(upstream.wait_for("/second"));
  machine.hold_disk();
  run.send_signal(SIGINT);
  machine.wait_until_held();  // the cancellation waits for the disk
  run.send_signal(SIGINT);
  CHECK(run.wait().code == 130);
  machine.release_disk();
  upstream.release();
  CHECK(place.engine({"executions", "retry", place.newest(), "-q"}).code == 0);
  CHECK(upstream.asked("/first") == 1);
}

}  // namespace engine::e2e
