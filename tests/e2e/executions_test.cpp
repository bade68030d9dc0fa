#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <vector>

#include "core/value/json.h"
#include "tests/e2e/place.h"
#include "tests/e2e/upstream.h"

namespace engine::e2e {
namespace {

// Asks for /first, and fails afterwards unless the item says ok.
std::string fragile(const Upstream& upstream) {
  return workflow("Fragile", R"(  - id: first
    type: http_request
    with: { url: ")" + upstream.url("/first") +
                                 R"(" }
  - id: check
    type: code
    with: { js: "if (!$('start').first().json.ok) throw new Error('not ok'); return [{ fine: true }];" }
  - id: last
    type: http_request
    with: { url: ")" + upstream.url("/last") +
                                 R"(" }
)");
}

Value shown(const Place& place, const std::string& id) {
  return parse_json(place.engine({"executions", "show", id, "--format", "json"}).out);
}

}  // namespace

TEST_CASE("executions are listed newest first and can be chosen") {
  const Place place;
  const std::string good = place.file("good.yaml", workflow("Good", ""));
  const std::string bad = place.file("bad.yaml", workflow("Bad", R"(  - id: no
    type: stop_error
    with: { message: no }
)"));
  for (const std::string& flow : {good, bad, good}) place.engine({"run", flow, "-q"});
  const Value all = place.executions();
  REQUIRE(all.size() == 3);
  CHECK(all[std::size_t{0}]["workflow"].as_string() == "Good");
  CHECK(all[std::size_t{1}]["status"].as_string() == "failed");
  CHECK(all[std::size_t{1}]["error"]["message"].as_string() == "no");
  const auto lines = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"executions", "list"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return count_of(place.engine(arguments).out, "\n") - 1;  // the headings
  };
  CHECK(lines({}) == 3);
  CHECK(lines({"--status", "failed"}) == 1);
  CHECK(lines({"--workflow", "Good"}) == 2);
  CHECK(lines({"--limit", "1"}) == 1);
}

TEST_CASE("an execution is shown by the beginning of its id, and what a node gave") {
  const Place place;
  Upstream upstream;
  const std::string flow = place.file("fragile.yaml", fragile(upstream));
  CHECK(place.engine({"run", flow, "--input", "-", "-q"}, R"({"ok": true})").code == 0);
  const std::string id = place.newest();
  const Value record = shown(place, id);
  CHECK(record["status"].as_string() == "success");
  CHECK(record["mode"].as_string() == "cli");
  REQUIRE(record["runs"].size() == 3);
  CHECK(record["runs"][std::size_t{1}]["run"].as_string() == "check");
  CHECK(contains(place.engine({"executions", "show", id.substr(0, 20)}).out, id));
  const Outcome node =
      place.engine({"executions", "show", id, "--node", "first", "--format", "json"});
  CHECK(parse_json(node.out) == parse_json(R"([{"path":"/first"}])"));
  CHECK(place.engine({"executions", "show", id, "--node", "frist"}).code == 2);
  const Outcome none = place.engine({"executions", "show", "zzz"});
  CHECK(none.code == 2);
  CHECK(contains(none.err, "There is no execution 'zzz'"));
}

TEST_CASE("a retry goes on from the failed node and repeats nothing before it") {
  const Place place;
  Upstream upstream;
  const std::string flow = place.file("fragile.yaml", fragile(upstream));
  CHECK(place.engine({"run", flow, "-q"}).code == 1);
  const std::string first = place.newest();
  CHECK(place.engine({"executions", "retry", first, "-q"}).code == 1);
  CHECK(upstream.asked("/first") == 1);
  CHECK(upstream.asked("/last") == 0);
  const Value again = shown(place, place.newest());
  CHECK(again["mode"].as_string() == "retry");
  CHECK(again["retry_of"].as_string() == first);
}

TEST_CASE("a replay runs a node again with its stored items or with others") {
  const Place place;
  Upstream upstream;
  const std::string flow = place.file("fragile.yaml", fragile(upstream));
  CHECK(place.engine({"run", flow, "--input", "-", "-q"}, R"({"ok": true})").code == 0);
  const std::string id = place.newest();
  const Outcome same = place.engine({"executions", "replay", id, "--from", "last", "-q"});
  CHECK(same.code == 0);
  CHECK(parse_json(same.out) == parse_json(R"([{"path":"/last"}])"));
  CHECK(upstream.asked("/first") == 1);
  CHECK(upstream.asked("/last") == 2);
  const Outcome edited = place.engine(
      {"executions", "replay", id, "--from", "last", "--input", "-", "-q"}, R"([{"a":1},{"a":2}])");
  CHECK(edited.code == 0);
  CHECK(parse_json(edited.out).size() == 2);
  CHECK(upstream.asked("/last") == 4);
  const Outcome wrong = place.engine({"executions", "replay", id, "--from", "lsat"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "lsat"));
}

TEST_CASE("what has succeeded is not retried, and what has ended is not cancelled") {
  const Place place;
  CHECK(place.engine({"run", place.file("good.yaml", workflow("Good", "")), "-q"}).code == 0);
  const Outcome retried = place.engine({"executions", "retry", place.newest()});
  CHECK(retried.code == 2);
  CHECK(contains(retried.err, "executions replay"));
  const Outcome cancelled = place.engine({"executions", "cancel", place.newest()});
  CHECK(cancelled.code == 2);
  CHECK(contains(cancelled.err, "has ended (success)"));
}

TEST_CASE("a running execution is cancelled from another process") {
  const Place place;
  Upstream upstream;
  upstream.hold("/last");
  const std::string flow = place.file("fragile.yaml", fragile(upstream));
  Process run(place.command({"run", flow, "--input", "-"}, R"({"ok": true})"));
  REQUIRE(upstream.wait_for("/last"));
  const Outcome asked = place.engine({"executions", "cancel", place.newest()});
  CHECK(asked.code == 0);
  CHECK(contains(asked.err, "is asked to stop"));
  CHECK(run.wait().code == 130);
  CHECK(shown(place, place.newest())["status"].as_string() == "cancelled");
}

TEST_CASE("binary data goes with the last execution that refers to it, when it is a day old") {
  const Place place;
  place.file("picture.bin", "some bytes");
  const std::string flow = place.file("read.yaml", workflow("Read", R"(  - id: read
    type: read_file
    with: { path: picture.bin }
)"));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const auto files = [&] {
    std::vector<std::filesystem::path> found;
    for (const auto& entry :
         std::filesystem::directory_iterator(place.folder() / "engine.binary")) {
      found.push_back(entry.path());
    }
    return found;
  };
  REQUIRE(files().size() == 1);
  CHECK(contains(place.engine({"executions", "show", place.newest(), "--node", "read"}).err,
                 "Item 1 has the binary data 'data': picture.bin, application/octet-stream, 10 "
                 "bytes."));
  const std::filesystem::path file = files()[0];
  const auto age = [&](std::chrono::hours hours) {
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - hours);
  };
  age(std::chrono::hours(25));
  CHECK(place.engine({"executions", "prune", "--older-than", "1d"}).code == 0);
  CHECK(files().size() == 1);
  age(std::chrono::hours(1));  // what was just written may not be referred to yet
  CHECK(place.engine({"executions", "prune", "--keep", "0"}).code == 0);
  CHECK(files().size() == 1);
  age(std::chrono::hours(25));
  const Outcome pruned = place.engine({"executions", "prune", "--keep", "0"});
  CHECK(pruned.code == 0);
  CHECK(contains(pruned.err, "1 file of binary data removed"));
  CHECK(files().empty());
}

TEST_CASE("pruning removes what may go and needs to be told what") {
  const Place place;
  const std::string flow = place.file("good.yaml", workflow("Good", ""));
  for (int i = 0; i < 3; ++i) place.engine({"run", flow, "-q"});
  const std::string newest = place.newest();
  CHECK(place.engine({"executions", "prune"}).code == 2);
  CHECK(contains(place.engine({"executions", "prune", "--older-than", "1d"}).err, "0 executions"));
  const Outcome pruned = place.engine({"executions", "prune", "--keep", "1"});
  CHECK(pruned.code == 0);
  CHECK(contains(pruned.err, "2 executions removed"));
  CHECK(place.executions().size() == 1);
  CHECK(place.newest() == newest);
  CHECK(place.engine({"executions", "prune", "--older-than", "soon"}).code == 2);
}

TEST_CASE("what settings.keep lets go is removed after a run, of this workflow alone") {
  const Place place;
  const std::string other = place.file("other.yaml", workflow("Other", ""));
  const std::string flow =
      place.file("few.yaml", "settings: { keep: { max: 2 } }\n" + workflow("Few", ""));
  CHECK(place.engine({"run", other, "-q"}).code == 0);
  for (int i = 0; i < 4; ++i) CHECK(place.engine({"run", flow, "-q"}).code == 0);
  const Value all = place.executions();
  REQUIRE(all.size() == 3);
  CHECK(all[std::size_t{1}]["workflow"].as_string() == "Few");
  CHECK(all[std::size_t{2}]["workflow"].as_string() == "Other");
}

}  // namespace engine::e2e
