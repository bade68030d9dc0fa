// A disk that fills up under a server: what is not stored is not acknowledged, what is acknowledged
// is executed, and all goes on when there is space again.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <filesystem>

#include "core/value/json.h"
#include "tests/e2e/served.h"

namespace engine::e2e {
namespace {

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30U;

// Files of the server cannot grow beyond this: writing fails then, as on a full disk.
void limit_files(Served& server, std::uint64_t bytes) {
  const rlimit limit{bytes, kPlenty};
  REQUIRE(prlimit(server.process().pid(), RLIMIT_FSIZE, &limit, nullptr) == 0);
}

const char* const kCount = R"(name: Count
nodes:
  - id: hook
    type: webhook
    with: { path: count, response: received }
  - id: pause
    type: wait
    with: { for: 300ms }
  - id: seen
    type: set
    with: { fields: { seen: "{{ $json.body.n }}" }, keep: none }
)";

}  // namespace

TEST_CASE("on a full disk deliveries are answered 503, and none of them is half accepted") {
  Place place;
  place.largest_file = kPlenty;  // ignores the signal that goes with the limit
  place.file("count.yaml", kCount);
  Served server(place);
  REQUIRE(server.post("/webhook/count", R"({"n":1})").status == 200);
  wait_for_executions(place, "success", 1);
  limit_files(server, 1);
  for (int i = 0; i < 5; ++i) {
    const http::Response refused = server.post("/webhook/count", R"({"n":2})");
    CHECK(refused.status == 503);
    CHECK(refused.headers.find("Retry-After") == "5");
  }
  CHECK(server.call("GET", "/healthz").status == 200);
  limit_files(server, kPlenty);
  CHECK(server.post("/webhook/count", R"({"n":3})").status == 200);
  wait_for_executions(place, "success", 2);
  CHECK(place.executions().size() == 2);
  CHECK(server.stop().code == 0);
}

TEST_CASE("executions that a full disk has stopped go on when there is space again") {
  Place place;
  place.largest_file = kPlenty;
  place.file("count.yaml", kCount);
  Served server(place);
  REQUIRE(server.post("/webhook/count", R"({"n":1})").status == 200);
  limit_files(server, 1);  // the delivery is stored; what its nodes give cannot be
  server.process().read_error_line("disk full");
  CHECK(place.executions()[std::size_t{0}]["status"].as_string() != "success");
  limit_files(server, kPlenty);
  wait_for_executions(place, "success", 1);
  CHECK(place.executions().size() == 1);
  CHECK(server.stop().code == 0);
}

TEST_CASE("a run that a full disk has stopped ends with 4, and can be gone on with") {
  Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", R"(  - id: copy
    type: set
    with: { fields: { more: "{{ $json.text }}" } }
  - id: count
    type: aggregate
    with: { field: more, into: all }
)"));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  std::string large = "[";
  for (int i = 0; i < 1000; ++i) {
    large += (i > 0 ? "," : "") + std::string(R"({"text":")") + std::string(1000, 'x') + "\"}";
  }
  const std::string input = place.file("large.json", large + "]");
  // Enough for what it begins with, not for what its nodes give.
  place.largest_file = 3 << 19;
  const Outcome stopped = place.engine({"run", flow, "-q", "--input", input});
  CHECK(stopped.code == 4);
  CHECK(contains(stopped.err, "disk full"));
  place.largest_file.reset();
  const std::string id = place.newest();
  CHECK(place.executions()[std::size_t{0}]["status"].as_string() != "success");
  CHECK(place.engine({"executions", "retry", id, "-q", "--output", "none"}).code == 0);
}

}  // namespace engine::e2e
