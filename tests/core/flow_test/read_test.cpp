#include "core/value/json.h"
#include "tests/core/flow_test/flows.h"

namespace engine::test {
namespace {

constexpr const char* kNodes = R"(- id: check
  type: if
  with: { condition: "{{ $json.a }}" }
- id: ask
  after: check.true
  type: http_request
  credential: acme
  with: { url: https://api.example.com }
)";

}  // namespace

TEST_CASE("all faults of a test file are told in one pass, with their places and near names") {
  Flows flows;
  CHECK(told(flows.run(kNodes, R"(- name: Faulty
  itmes: []
  trigger: stat
  clock: tomorrow
  pins: { asc: [], check: [], start: [], ask: { mian: [], error: [] } }
  credentials: { acmee: { token: x } }
  files: { /etc/passwd: x, a.txt: { form: a }, b.txt: { from: missing } }
  http:
    - { request: get https://api.example.com, response: {} }
    - { request: GET ftp://api.example.com, response: {} }
    - { request: { url: "https://api.example.com", jsn: 1 }, response: { status: 99 } }
    - { request: GET https://api.example.com, response: { json: 1, text: a }, times: none }
    - { request: GET https://api.example.com }
    - { request: GET https://api.example.com, fails: crash, response: {} }
  expect:
    status: waiting
    error: { node: aks }
    result: [1]
    nodes: { check: [], ask: { item: [] }, other: [] }
    not_run: [ask, chek]
    requests: [5]
    respones: 1
- name: Faulty
  expect: 1
)")) ==
        R"(3:5 Unknown key 'cases[0].itmes' in the test file. Did you mean 'items'?
4:14 The workflow has no trigger 'stat'; it has 'start'.
5:12 'tomorrow' is not a point in time. Write ISO 8601 with a zone, like 2026-11-26T09:00:00Z.
6:13 The workflow has no node 'asc'. Did you mean 'ask'?
6:22 The node 'check' has the outputs 'true' or 'false'. Say which: check: { true: [ … ] }.
6:33 'start' is a trigger. What a trigger gives stands in 'items' of the case.
6:51 The node 'ask' has no output 'mian'. Did you mean 'main'?
6:61 The node 'ask' has no output 'error'. It has 'main'.
7:20 The workflow uses no credential 'acmee'. Did you mean 'acme'?
8:14 '/etc/passwd' is no name of a file in the folder of the case.
8:37 'from' is missing in the file 'a.txt': expected a text.
8:39 Unknown key 'form' in the file 'a.txt'. Did you mean 'from'?
8:65 The file 'missing' cannot be read. Files are looked for in the folder of the test file.
10:20 This does not name a request. Expected a line such as GET https://api.example.com/items?page=1, or a map with 'method', 'url' and what else must be in the request ('query', 'headers', 'json', 'form', 'text').
11:20 The URL does not begin with http:// or https://.
12:54 Unknown key 'jsn' in a request. Did you mean 'json'?
12:84 'cases[0].http[2].response.status' in the test file: expected a whole number from 100 to 599, got the number 99.
13:59 The response has several bodies. Keep one of 'json', 'text' and 'file'.
13:88 'times' says how many requests the answer is for: expected a whole number of at least 1, or any.
14:9 The exchange has no answer. Add 'response', for example response: { json: { id: 1 } }, or 'fails'.
15:9 The exchange has both 'response' and 'fails'. Keep one of them.
15:56 'cases[0].http[5].fails' in the test file: expected 'connection_failed', 'connection_lost' or 'timeout', got the text 'crash'.
17:15 An error is expected below, so the status can only be failed.
18:22 The workflow has no node 'aks'. Did you mean 'ask'?
19:16 An item is a map. Expected a list such as [{name: Ann}].
20:16 The node 'check' has the outputs 'true' or 'false'. Say which: outputs: { true: [ … ] }.
20:32 Nothing is expected here. Add 'items', 'count' or 'outputs'.
20:34 Unknown key 'item' in what is expected of 'ask'. Did you mean 'items'?
20:46 The workflow has no node 'other'.
21:17 The node 'ask' must not run here, and is expected to give items above.
21:22 The workflow has no node 'chek'. Did you mean 'check'?
22:18 This does not name a request. Expected a line such as GET https://api.example.com/items?page=1, or a map with 'method', 'url' and what else must be in the request ('query', 'headers', 'json', 'form', 'text').
23:7 Unknown key 'cases[0].expect.respones' in the test file. Did you mean 'response'?
24:11 There is a case 'Faulty' above. Give this one another name.
25:13 'cases[1].expect' in the test file: expected a map with 'status', 'error', 'result', 'nodes', 'not_run', 'requests', 'response' or 'files', or null, got the number 1.
)");
}

TEST_CASE("a file that is no list of cases says what to write") {
  Flows flows;
  flows.file("flow.yaml", "name: Flow\nnodes: [{ id: start, type: manual }]\n");
  const auto faults = [&](const std::string& text) {
    flows.file("flow.test.yaml", text);
    return told(flows.run());
  };
  CHECK(faults("- name: x\n").find("1:1 A test file is a map. Expected 'cases:'") == 0);
  CHECK(faults("name: x\n").find("It belongs to a case: write the cases as a list") !=
        std::string::npos);
  CHECK(faults("name: x\n").find("'cases' is missing in the test file") != std::string::npos);
  CHECK(faults("cases: []\n").find("expected a list of at least 1") != std::string::npos);
  CHECK(faults("cases:\n  - [\n").find("2:") == 0);
  CHECK(
      faults("cases: [{ items: [] }]\n") ==
      "1:9 'cases[0].name' is missing in the test file: expected a text, for example \"A bug gets "
      "a priority\".\n");
}

TEST_CASE("the workflow may be in another place, and its faults are told as well") {
  Flows flows;
  flows.file("other.yaml", "name: Flow\nnodes: [{ id: start, type: manul }]\n");
  flows.file("flow.test.yaml", "workflow: other.yaml\ncases: [{ name: x, itmes: [] }]\n");
  CHECK(told(flows.run()) ==
        "2:20 Unknown key 'cases[0].itmes' in the test file. Did you mean 'items'?\n"
        "There is no node type 'manul'. Did you mean 'manual'?\n");
  flows.file("other.yaml", "name: Flow\nnodes: [{ id: start, type: manual }]\n");
  flows.file("flow.test.yaml", "workflow: other.yaml\ncases: [{ name: x }]\n");
  check_passed(flows.run());
}

}  // namespace engine::test
