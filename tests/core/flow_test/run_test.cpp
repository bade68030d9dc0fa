#include "tests/core/flow_test/flows.h"

namespace engine::test {
namespace {

constexpr const char* kDouble = R"(- id: double
  type: set
  with:
    keep: none
    fields: { n: "{{ $json.n * 2 }}" }
)";

constexpr const char* kFetch = R"(- id: fetch
  type: http_request
  credential: acme
  with: { url: "https://api.example.com/items/{{ $json.id }}", query: { page: 1 } }
)";

}  // namespace

TEST_CASE("a case gives items and compares what nodes give and what comes out") {
  Flows flows;
  check_passed(flows.run(kDouble, R"(- name: Two items
  items: [{ n: 1 }, { n: 2 }]
  expect:
    nodes:
      start: [{ n: 1 }, { n: 2 }]
      double: [{ n: 2 }, { n: 4 }]
    result: [{ n: 2.0 }, { n: 4 }]
- name: One item, without a list
  items: { n: 21 }
  expect: { nodes: { double: 1 }, result: [{ n: 42 }] }
- name: Without an 'expect' it must succeed
  items: [{ n: 1 }]
)"));
}

TEST_CASE("what is different is told with its place in the file and its path") {
  Flows flows;
  const auto report = flows.run(kDouble, R"(- name: Wrong
  items: [{ n: 1 }, { n: 2 }]
  expect:
    nodes:
      double:
        - n: 2
        - n: 5
          m: 1
    result: 3
)");
  CHECK(told(report) ==
        "8:16 double[1].n: expected 5, got 4.\n"
        "9:13 double[1].m: expected 1, got nothing.\n"
        "10:15 result: expected 3 items, got 2.\n");
  CHECK_FALSE(report.cases[0].differences[0].code.empty());
  CHECK(report.cases[0].differences[0].expected == "5");
  CHECK(report.cases[0].differences[0].given == "4");
}

TEST_CASE("only named fields of items are compared when the case says so") {
  Flows flows;
  const char* nodes = R"(- id: wide
  type: set
  with: { keep: none, fields: { a.x: 1, a.y: 2, b: 3 } }
)";
  check_passed(flows.run(nodes, R"(- name: Some
  expect: { nodes: { wide: { fields: [a.y, c], items: [{ a: { y: 2 } }] } } }
)"));
  CHECK(told(flows.run(nodes, R"(- name: Some
  expect: { nodes: { wide: { fields: b, items: [{ b: 4 }] } } }
)")) == "3:56 wide[0].b: expected 4, got 3.\n");
}

TEST_CASE("branches: items of each output, and nodes that must not run") {
  Flows flows;
  const char* nodes = R"(- id: grown
  type: if
  with: { condition: "{{ $json.age >= 18 }}" }
- id: yes
  after: grown.true
  type: no_op
- id: no
  after: grown.false
  type: no_op
)";
  check_passed(flows.run(nodes, R"(- name: Grown up
  items: [{ age: 20 }]
  expect:
    nodes: { grown: { outputs: { true: [{ age: 20 }], false: [] } } }
    not_run: [no]
)"));
  CHECK(told(flows.run(nodes, R"(- name: Wrong branch
  items: [{ age: 20 }]
  expect:
    nodes: { no: [{ age: 20 }], grown: { outputs: { true: 2 } } }
    not_run: [yes]
)")) == "5:16 The node 'no' did not run.\n"
        "5:61 grown.true: expected 2 items, got 1.\n"
        "6:17 The node 'yes' must not run, and ran.\n");
}

TEST_CASE(
    "pinned nodes are not run, and what follows finds its way back to where items came from") {
  Flows flows;
  const std::string nodes = std::string(kFetch) + R"(- id: name
  type: set
  with: { keep: none, fields: { text: "{{ $('start').item.json.id }} is {{ $json.name }}" } }
)";
  check_passed(flows.run(nodes, R"(- name: Pinned
  items: [{ id: 1 }, { id: 2 }]
  pins: { fetch: [{ name: Ann }, { name: Bo }] }
  expect: { requests: [], result: [{ text: 1 is Ann }, { text: 2 is Bo }] }
)"));
}

TEST_CASE("outputs can be pinned, the one of errors too, and nodes inside of loops") {
  Flows flows;
  const char* nodes = R"(- id: each
  type: loop
  do:
    - id: work
      type: http_request
      on_error: output
      with: { url: "https://example.com" }
    - id: good
      after: work.main
      type: set
      with: { fields: { good: true } }
    - id: bad
      after: work.error
      type: set
      with: { fields: { good: false } }
)";
  check_passed(flows.run(nodes, R"(- name: Both outputs
  items: [{ n: 1 }, { n: 2 }]
  pins: { work: { main: [{ n: 1 }], error: [{ n: 2 }] } }
  expect:
    nodes:
      good: [{ n: 1, good: true }, { n: 1, good: true }]
      bad: 2
)"));
}

TEST_CASE("recorded answers are given, and requests are compared without secrets") {
  Flows flows;
  check_passed(flows.run(kFetch, R"(- name: Recorded
  items: [{ id: 7 }]
  http:
    - request: GET https://api.example.com/items/*
      response: { json: { name: Ann } }
  expect:
    result: [{ name: Ann }]
    requests:
      - GET https://api.example.com/items/7?page=1
)"));
  // A secret is never compared, nor told.
  const std::string text = told(flows.run(kFetch, R"(- name: Recorded
  items: [{ id: 7 }]
  http:
    - request: GET https://api.example.com/items/7
      response: { json: { name: Ann } }
  expect:
    requests:
      - { url: "https://api.example.com/items/7", headers: { Authorization: Bearer test } }
)"));
  CHECK(text == "9:11 requests[0].headers.Authorization: expected \"Bearer test\", got nothing.\n");
}

TEST_CASE("a request without a recording fails the case and tells what is near") {
  Flows flows;
  const std::string nodes = std::string(kFetch) + "  on_error: continue\n";
  const auto report = flows.run(nodes, R"(- name: Not recorded
  items: [{ id: 7 }]
  http:
    - request: GET https://api.example.com/items/8
      response: { json: { name: Ann } }
)");
  const std::string text = told(report);
  CHECK(text.find("2:5 No recording answers GET https://api.example.com/items/7?page=1. Near are: "
                  "GET https://api.example.com/items/8 (") == 0);
  CHECK(text.find("flow.test.yaml:5:18).\n") != std::string::npos);
  CHECK(text.find("5:18 Nothing asked for GET https://api.example.com/items/8.") !=
        std::string::npos);
}

TEST_CASE("a recording answers as many requests as it says, in the order of the file") {
  Flows flows;
  const std::string cases = R"(- name: Times
  items: [{ id: 1 }, { id: 1 }, { id: 1 }]
  http:
    - request: GET https://api.example.com/items/1
      response: { json: { n: first } }
    - request: GET https://api.example.com/items/1
      times: TIMES
      response: { json: { n: later } }
  expect: { result: [{ n: first }, { n: later }, { n: later }] }
)";
  const auto with = [&](const std::string& times) {
    std::string text = cases;
    return text.replace(text.find("TIMES"), 5, times);
  };
  check_passed(flows.run(kFetch, with("2")));
  check_passed(flows.run(kFetch, with("any")));
  CHECK(told(flows.run(kFetch, with("3"))) ==
        "7:18 Only 2 of 3 requests for GET https://api.example.com/items/1 were made.\n");
  CHECK(told(flows.run(kFetch, with("1"))).find("more requests need 'times'") != std::string::npos);
}

TEST_CASE("a recording picks by what it names of query and body") {
  Flows flows;
  const char* nodes = R"(- id: send
  type: http_request
  with:
    method: POST
    url: https://api.example.com/items
    json: { name: "{{ $json.name }}", list: 9 }
)";
  check_passed(flows.run(nodes, R"(- name: By body
  items: [{ name: a }, { name: b }]
  http:
    - request: { method: POST, url: "https://api.example.com/items", json: { name: b } }
      response: { status: 201, json: { id: 2 } }
    - request: { method: POST, url: "https://api.example.com/items", json: { name: a } }
      response: { status: 201, json: { id: 1 } }
  expect:
    result: [{ id: 1 }, { id: 2 }]
    requests:
      - { method: POST, url: "https://api.example.com/items", json: { name: b, list: 9 } }
      - { method: POST, url: "https://api.example.com/items", json: { list: 9, name: a } }
)"));
  // What is expected of a body is all of it.
  CHECK(told(flows.run(nodes, R"(- name: By body
  items: [{ name: a }]
  http:
    - request: POST https://api.example.com/items
      response: { json: {} }
  expect:
    requests:
      - { method: POST, url: "https://api.example.com/items", json: { name: c } }
      - GET https://api.example.com/other
)")) == "9:71 requests[0].json.list: not expected, got 9.\n"
        "9:79 requests[0].json.name: expected \"c\", got \"a\".\n"
        "10:11 requests[1]: GET https://api.example.com/other was not made.\n");
}

TEST_CASE("a request that nobody expects is told") {
  Flows flows;
  CHECK(told(flows.run(kFetch, R"(- name: One too many
  items: [{ id: 1 }]
  http: [{ request: GET https://api.example.com/items/1, response: {} }]
  expect: { requests: [] }
)")) == "5:25 requests: not expected, and made: GET https://api.example.com/items/1?page=1.\n");
}

TEST_CASE("time stands still, waits and retries pass at once") {
  Flows flows;
  const char* nodes = R"(- id: before
  type: set
  with: { keep: none, fields: { before: "{{ $now.toUTC().toISO() }}" } }
- id: sleep
  type: wait
  with: { for: 2h }
- id: after
  type: set
  with: { fields: { after: "{{ $now.toUTC().toISO() }}" } }
)";
  check_passed(flows.run(nodes, R"(- name: Two hours
  clock: 2026-11-26T09:00:00Z
  timeout: 20s
  expect:
    result:
      - before: "2026-11-26T09:00:00.000Z"
        after: "2026-11-26T11:00:00.000Z"
)"));
}

TEST_CASE("failures are retried as they would be, and a service's pace is kept in no time") {
  Flows flows;
  const std::string nodes = std::string(kFetch) + "  retry: { attempts: 2, delay: 1h }\n";
  check_passed(flows.run(nodes, R"(- name: The node tries again
  items: [{ id: 1 }]
  http:
    - request: GET https://api.example.com/items/1
      response: { status: 500, json: {} }
    - request: GET https://api.example.com/items/1
      response: { json: { ok: true } }
  expect: { result: [{ ok: true }], requests: [GET https://api.example.com/items/1, GET https://api.example.com/items/1] }
- name: The client waits when it is asked to
  items: [{ id: 1 }]
  http:
    - request: GET https://api.example.com/items/1
      response: { status: 429, headers: { Retry-After: "60" } }
    - request: GET https://api.example.com/items/1
      response: { json: { ok: true } }
  expect: { result: [{ ok: true }] }
- name: A lost connection is tried again
  items: [{ id: 1 }]
  http:
    - { request: GET https://api.example.com/items/1, fails: connection_lost, times: 2 }
    - request: GET https://api.example.com/items/1
      response: { json: { ok: true } }
  expect: { result: [{ ok: true }] }
)"));
}

TEST_CASE("an expected failure is compared by what the case names of it") {
  Flows flows;
  const char* nodes = R"(- id: refuse
  type: stop_error
  with: { message: "No more of {{ $json.what }}" }
- id: never
  type: no_op
)";
  check_passed(flows.run(nodes, R"(- name: It stops
  items: [{ what: this }]
  expect:
    error: { node: refuse, message: more of this }
    not_run: [never]
)"));
  CHECK(told(flows.run(nodes, R"(- name: It stops
  items: [{ what: this }]
  expect: { error: { node: never, cause: upstream } }
)")) == "4:30 error.node: expected \"never\", got \"refuse\".\n"
        "4:44 error.cause: expected \"upstream\", got \"user\".\n");
  CHECK(told(flows.run(nodes, "- name: It stops\n  items: [{ what: this }]\n"))
            .find("2:5 status: expected success, got failed: ") == 0);
  CHECK(told(flows.run(kDouble, R"(- name: It does not fail
  items: [{ n: 1 }]
  expect: { error: { code: x } }
)")) == "4:22 status: expected failed, got success.\n");
}

TEST_CASE("a wait for people goes on with what the case calls the resume URL with") {
  Flows flows;
  const char* nodes = R"(- id: ask
  type: wait
  with: { webhook: true }
- id: answer
  type: set
  with: { keep: none, fields: { by: "{{ $json.resume.body.by }}" } }
)";
  check_passed(flows.run(nodes, R"(- name: Somebody answers
  resume: [{ body: { by: Ann } }]
  expect: { result: [{ by: Ann }] }
- name: Nobody answers
  expect: { status: waiting, not_run: [answer] }
)"));
}

TEST_CASE("files of a case are its own: what it reads is given, what it writes is compared") {
  Flows flows;
  const char* nodes = R"(- id: read
  type: read_file
  with: { path: in/rows.csv, format: csv }
- id: write
  type: write_file
  with: { path: out.csv, format: csv }
)";
  flows.file("rows.csv", "a,b\n1,2\n");
  check_passed(flows.run(nodes, R"(- name: Text in the case
  files: { in/rows.csv: "a\n1\n" }
  expect: { files: { out.csv: "a\n1\n" } }
- name: A file beside the test
  files: { in/rows.csv: { from: rows.csv } }
  expect: { files: { out.csv: "a,b\n1,2\n" } }
)"));
  CHECK_FALSE(std::filesystem::exists("out.csv"));
  CHECK(told(flows.run(nodes, R"(- name: Wrong
  files: { in/rows.csv: "a\n1\n" }
  expect: { files: { out.csv: "a\n2\n", other.csv: "" } }
)")) == "4:33 files.out.csv, line 2: expected \"2\", got \"1\".\n"
        "4:43 The file 'other.csv' was not written. Written were: out.csv\n");
}

TEST_CASE("variables are those of the case; none of the machine are seen") {
  Flows flows;
  flows.file("flow.yaml", R"(name: Flow
settings: { env: [PATH, HOME_TOWN] }
nodes:
  - id: start
    type: manual
  - id: show
    type: set
    with:
      keep: none
      fields: { town: "{{ $env.HOME_TOWN }}", path: "{{ $env.PATH ?? 'none' }}", v: "{{ $vars.v }}" }
)");
  flows.file("flow.test.yaml", R"(cases:
  - name: Variables
    env: { HOME_TOWN: Ulm }
    vars: { v: 5 }
    expect: { result: [{ town: Ulm, path: none, v: 5 }] }
)");
  check_passed(flows.run());
}

TEST_CASE("what a respond node answers is compared") {
  Flows flows;
  const char* nodes = R"(- id: answer
  type: respond
  with: { status: 201, json: { id: "{{ $json.id }}" } }
)";
  check_passed(flows.run(nodes, R"(- name: Answer
  items: [{ id: 3 }]
  expect: { response: { status: 201, json: { id: 3 } } }
)"));
  CHECK(told(flows.run(nodes, R"(- name: Answer
  items: [{ id: 3 }]
  expect: { response: { status: 200, json: { id: 4 } } }
)")) == "4:35 response.status: expected 200, got 201.\n"
        "4:52 response.json.id: expected 4, got 3.\n");
  CHECK(told(flows.run(kDouble, R"(- name: No answer
  items: [{ n: 3 }]
  expect: { response: { status: 200 } }
)")) == "4:15 No node answered the request that started the workflow.\n");
}

TEST_CASE("called workflows run in the same world, and what waits there passes at once") {
  Flows flows;
  flows.file("called.yaml", R"(name: Called
nodes:
  - id: sleep
    type: wait
    with: { for: 1h }
  - id: fetch
    type: http_request
    credential: other
    with: { url: https://api.example.com/called }
)");
  const char* nodes = R"(- id: call
  type: execute_workflow
  with: { workflow: called.yaml, wait: WAIT }
)";
  for (const char* wait : {"true", "false"}) {
    std::string text = nodes;
    text.replace(text.find("WAIT"), 4, wait);
    check_passed(flows.run(text, R"(- name: Called
  timeout: 20s
  http: [{ request: GET https://api.example.com/called, response: { json: { a: 1 } } }]
  expect: { requests: [GET https://api.example.com/called] }
)"));
  }
}

TEST_CASE("what a case has kept is not there in the next") {
  Flows flows;
  const char* nodes = R"(- id: fresh
  type: remove_duplicates
  with: { across_executions: true }
)";
  check_passed(flows.run(nodes, R"(- name: First
  items: [{ n: 1 }]
  expect: { result: 1 }
- name: Second
  items: [{ n: 1 }]
  expect: { result: 1 }
)"));
}

TEST_CASE("the same case gives the same in every run") {
  Flows flows;
  const char* nodes = R"(- id: id
  type: set
  with: { keep: none, fields: { id: "{{ $execution.id }}" } }
)";
  flows.run(nodes, "- name: Again\n  expect: { result: }\n", true);
  const std::string text = flows.text_of("flow.test.yaml");
  CHECK(text.find("id:") != std::string::npos);
  check_passed(flows.run());
}

TEST_CASE("only a case that says so reaches the network, for what is not recorded") {
  struct Network final : http::Client {
    std::vector<std::string> asked;
    http::Response send(const http::Request& request, const Cancellation&) override {
      asked.push_back(request.url);
      http::Response response;
      response.status = 200;
      response.headers.add("Content-Type", "application/json");
      response.body = R"({"from": "network"})";
      return response;
    }
  } network;
  Flows flows;
  flows.network = [&]() -> http::Client& { return network; };
  const char* nodes = R"(- id: fetch
  type: http_request
  with: { url: "https://api.example.com/items/{{ $json.id }}" }
)";
  CHECK(told(flows.run(nodes, "- name: No\n  items: [{ id: 1 }]\n"))
            .find("2:5 No recording answers") == 0);
  CHECK(network.asked.empty());
  check_passed(flows.run(nodes, R"(- name: Yes
  network: true
  items: [{ id: 1 }, { id: 2 }]
  http: [{ request: GET https://api.example.com/items/1, response: { json: { from: file } } }]
  expect:
    result: [{ from: file }, { from: network }]
    requests: [GET https://api.example.com/items/1, GET https://api.example.com/items/2]
)"));
  CHECK(network.asked == std::vector<std::string>{"https://api.example.com/items/2"});
}

TEST_CASE("the workflow for failures is not run by a test") {
  Flows flows;
  flows.file("flow.yaml", R"(name: Flow
settings: { error_workflow: alarm.yaml }
nodes:
  - id: start
    type: manual
  - id: refuse
    type: stop_error
    with: { message: "No" }
)");
  flows.file("alarm.yaml", R"(name: Alarm
nodes:
  - id: failed
    type: error_trigger
  - id: tell
    type: http_request
    with: { url: https://api.example.com/alarm }
)");
  flows.file("flow.test.yaml", R"(cases:
  - name: It fails
    expect: { error: { node: refuse }, requests: [] }
)");
  check_passed(flows.run());
}

}  // namespace engine::test
