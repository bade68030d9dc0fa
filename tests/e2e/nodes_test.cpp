#include <doctest/doctest.h>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"

namespace engine::e2e {

TEST_CASE("nodes are listed in three formats") {
  const Place place;
  const Outcome text = place.engine({"nodes", "list"});
  CHECK(text.code == 0);
  CHECK(contains(text.out, "\nclickup.task.create "));
  const Value rows = parse_json(place.engine({"nodes", "list", "--format", "json"}).out);
  REQUIRE(rows.is_array());
  CHECK(rows.size() + 1 == count_of(text.out, "\n"));  // and a line of headings
  CHECK(contains(print_json(rows), R"({"id":"http_request","version":1,"title":"HTTP request"})"));
  const Outcome markdown = place.engine({"nodes", "list", "--format", "markdown"});
  CHECK(contains(markdown.out, "| `clickup.task.create` |"));
  CHECK(count_of(markdown.out, "\n") == rows.size() + 2);  // headings and the line below them
}

TEST_CASE("the types of one package are listed") {
  const Place place;
  const Outcome tags = place.engine({"nodes", "list", "clickup.tag"});
  CHECK(tags.code == 0);
  CHECK(count_of(tags.out, "\nclickup.tag.") == 6);
  CHECK(count_of(tags.out, "\n") == 7);
  const Outcome wrong = place.engine({"nodes", "list", "clikup"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "Did you mean 'clickup'?"));
}

TEST_CASE("the reference page of ClickUp is up to date") {
  const Place place;
  const Outcome page = place.engine({"nodes", "show", "clickup", "--format", "markdown"});
  CHECK(page.code == 0);
  const bool same = page.out == read_all(ENGINE_SOURCE_DIR "/nodes/clickup/README.md");
  CHECK_MESSAGE(same, "run: engine nodes show clickup --format markdown > nodes/clickup/README.md");
  CHECK(contains(page.out, "\n## clickup.task.create\n"));
  CHECK(contains(page.out, "| `custom_fields[].value` |"));
}

TEST_CASE("a node is documented in three formats") {
  const Place place;
  const Outcome text = place.engine({"nodes", "show", "limit"});
  CHECK(text.code == 0);
  CHECK(contains(text.out, "Parameters (below 'with')"));
  CHECK(contains(text.out, "  max"));
  const Value json = parse_json(place.engine({"nodes", "show", "limit", "--format", "json"}).out);
  CHECK(json["id"].as_string() == "limit");
  CHECK(contains(print_json(json["parameters"]), R"("name":"max")"));
  const Outcome markdown = place.engine({"nodes", "show", "limit", "--format", "markdown"});
  CHECK(markdown.out.rfind("## limit\n", 0) == 0);
  CHECK(contains(markdown.out, "| `max` |"));
}

TEST_CASE("an unknown node type is answered with the nearest") {
  const Place place;
  const Outcome wrong = place.engine({"nodes", "show", "clickup.task.craete"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.err, "Did you mean 'clickup.task.create'"));
}

TEST_CASE("the schema names every node type, on the standard output or in a file") {
  const Place place;
  const Outcome printed = place.engine({"schema"});
  CHECK(printed.code == 0);
  CHECK(parse_json(printed.out)["type"].as_string() == "object");
  const Value nodes = parse_json(place.engine({"nodes", "list", "--format", "json"}).out);
  for (const View node : nodes.elements()) {
    const std::string quoted = "\"" + std::string(node["id"].as_string()) + "\"";
    CAPTURE(quoted);
    CHECK(contains(printed.out, quoted));
  }
  const Outcome written = place.engine({"schema", "--out", "schema.json"});
  CHECK(written.code == 0);
  CHECK(written.out == "");
  CHECK(read_all(place.folder() / "schema.json") == printed.out);
}

TEST_CASE("what only documents needs no database") {
  const Place place;
  CHECK(place.engine({"nodes", "list"}).code == 0);
  CHECK(place.engine({"schema"}).code == 0);
  CHECK(place.engine({"credentials", "types"}).code == 0);
  CHECK_FALSE(std::filesystem::exists(place.database()));
}

}  // namespace engine::e2e
