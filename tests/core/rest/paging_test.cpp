#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

namespace {

const std::string kPages =
    "    request: GET /x\n"
    "    parameters: { q: { type: string, send: query } }\n"
    "    paging: { kind: page, parameter: page, size: 2, last: last_page }\n"
    "    response: { items: rows }\n";

struct Walk {
  std::size_t items = 0;
  std::vector<std::string> queries;
  std::string error;
};

Walk walk(const std::string& lines, const std::vector<std::string>& bodies,
          const std::string& with = "{}") {
  Trial trial(lines, with);
  for (const std::string& body : bodies) trial.context.answers.push_back(answer(body));
  Walk result;
  try {
    result.items = trial.run().size();
  } catch (const Error& error) {
    result.error = error.code();
  }
  for (const http::Request& request : trial.context.requests) {
    const auto mark = request.url.find('?');
    result.queries.push_back(mark == std::string::npos ? "" : request.url.substr(mark + 1));
  }
  return result;
}

using Queries = std::vector<std::string>;

}  // namespace

TEST_CASE("pages are read until the service says which is the last") {
  const Walk result = walk(kPages,
                           {R"({"rows":[{"i":1},{"i":2}],"last_page":false})",
                            R"({"rows":[{"i":3},{"i":4}],"last_page":true})"},
                           R"({"q":"a"})");
  CHECK(result.items == 4);
  CHECK(result.queries == Queries{"q=a&page=0", "q=a&page=1"});
}

TEST_CASE("a last page that is full or empty costs no further request") {
  CHECK(walk(kPages, {R"({"rows":[{"i":1},{"i":2}],"last_page":true})"}).queries.size() == 1);
  CHECK(walk(kPages, {R"({"rows":[],"last_page":false})", "{}"}).items == 0);
}

TEST_CASE("without a word about the last page a short one ends it") {
  const Walk result = walk(kPages, {R"({"rows":[{"i":1},{"i":2}]})", R"({"rows":[{"i":3}]})"});
  CHECK(result.items == 3);
  CHECK(result.queries.size() == 2);
}

TEST_CASE("a limit stops asking as soon as it is reached") {
  const std::string page = R"({"rows":[{"i":1},{"i":2}],"last_page":false})";
  const Walk exact = walk(kPages, {page}, R"({"limit":2})");
  CHECK(exact.items == 2);
  CHECK(exact.queries.size() == 1);
  const Walk more =
      walk(kPages, {page, R"({"rows":[{"i":3},{"i":4}],"last_page":false})"}, R"({"limit":3})");
  CHECK(more.items == 3);
  CHECK(more.queries.size() == 2);
}

TEST_CASE("offsets count elements") {
  const std::string lines =
      "    request: GET /x\n"
      "    paging: { kind: offset, parameter: offset, size: 2, size_parameter: limit }\n"
      "    response: { items: rows }\n";
  const Walk result = walk(lines, {R"({"rows":[{"i":1},{"i":2}]})", R"({"rows":[{"i":3}]})"});
  CHECK(result.queries == Queries{"offset=0&limit=2", "offset=2&limit=2"});
  CHECK(walk(lines, {R"({"rows":[{"i":1}]})"}, R"({"limit":1})").queries ==
        Queries{"offset=0&limit=1"});
}

TEST_CASE("cursors are followed until there is none") {
  const std::string lines =
      "    request: GET /x\n"
      "    paging: { kind: cursor, parameter: cursor, next: next_cursor, size: 100, "
      "size_parameter: limit }\n"
      "    response: { items: data }\n";
  const Walk result = walk(lines, {R"({"data":[{"i":1}],"next_cursor":"a b"})",
                                   R"({"data":[{"i":2}],"next_cursor":""})"});
  CHECK(result.items == 2);
  CHECK(result.queries == Queries{"limit=100", "limit=100&cursor=a%20b"});
  CHECK(walk(lines, {R"({"data":[{"i":1}],"next_cursor":null})"}).queries.size() == 1);
  CHECK(
      walk(lines, {R"({"data":[],"next_cursor":"a"})", R"({"data":[],"next_cursor":"a"})"}).error ==
      "paging_stuck");
}

TEST_CASE("links are followed on the same host only") {
  const std::string lines =
      "    request: GET /x\n"
      "    paging: { kind: link, next: next }\n"
      "    response: { items: data }\n";
  const Walk result = walk(lines, {R"({"data":[{"i":1}],"next":"/api/x?after=1"})",
                                   R"({"data":[{"i":2}],"next":null})"});
  CHECK(result.queries == Queries{"", "after=1"});
  CHECK(walk(lines, {R"({"data":[],"next":"https://evil.test/x"})"}).error == "foreign_link");
  CHECK(walk(lines, {R"({"data":[],"next":"https://api.demo.test@evil.test/x"})"}).error ==
        "foreign_link");
}

TEST_CASE("a pair of keys is taken from the last element") {
  const std::string lines =
      "    request: GET /x\n"
      "    paging: { kind: keys, keys: { start: date, start_id: id }, size: 2 }\n"
      "    response: { items: comments }\n";
  const Walk result =
      walk(lines, {R"({"comments":[{"id":"4","date":"40"},{"id":"3","date":"30"}]})",
                   R"({"comments":[{"id":"2","date":"20"}]})"});
  CHECK(result.items == 3);
  CHECK(result.queries == Queries{"", "start=30&start_id=3"});
}

TEST_CASE("a service that ignores the page number does not keep us forever") {
  const std::string page = R"({"rows":[{"i":1},{"i":2}],"last_page":false})";
  CHECK(walk(kPages, {page, page, page, page}).error == "paging_stuck");
}

TEST_CASE("words inside texts are not taken for the flag of the last page") {
  const Walk result =
      walk(kPages, {R"({"last_page":true,"rows":[{"t":"\"last_page\":false"},{"i":2}]})"});
  CHECK(result.items == 2);
  CHECK(result.queries.size() == 1);
}

TEST_CASE("an error on a later page is thrown") {
  Trial trial(kPages, "{}");
  trial.context.answers.push_back(answer(R"({"rows":[{"i":1},{"i":2}],"last_page":false})"));
  trial.context.answers.push_back(answer("{}", 500));
  CHECK(error_of([&] { trial.run(); }).http_status == 500);
}
