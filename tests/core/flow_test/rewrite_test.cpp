#include "tests/core/flow_test/flows.h"

namespace engine::test {
namespace {

constexpr const char* kMaking = R"(- id: made
  type: set
  with: { keep: none, fields: { num: "{{ $json.num + 1 }}", name: "{{ $json.name }}" } }
- id: text
  type: set
  with: { keep: none, fields: { text: "{{ $json.name }}\n\n| a |\n" } }
)";

// What --update makes of the lines of a file.
std::string updated(const std::string& cases, const std::string& nodes = kMaking) {
  Flows flows;
  const auto report = flows.run(nodes, cases, true);
  CHECK(told(report) == "");
  CHECK(report.cases.at(0).updated);
  check_passed(flows.run());
  return flows.text_of("flow.test.yaml");
}

}  // namespace

TEST_CASE("what has changed is written, and all else stays as it is, comments included") {
  CHECK(updated(R"(# The first case.
- name:   Spaces stay   # as they are
  items: [ {num: 1,   name: "x"} ]   # odd spaces

  expect: # what comes out
    # of the first node
    nodes:
      made:
        # the items
        - num: 5 # wrong
          name: x
      # and of the second one

      text: 7   # too many
    result:   # the same

      - { text: no }
    # the end

# after it
- { name: Another, items: [{ num: 1, name: w }], expect: { nodes: { made: [{ num: 3, name: w }], text: 1 } } } # all on one line
- name: 'Unchanged'
  items: { num: 1, name: z }
  expect: { result: 1 }
)") == R"(cases:
  # The first case.
  - name:   Spaces stay   # as they are
    items: [ {num: 1,   name: "x"} ]   # odd spaces

    expect: # what comes out
      # of the first node
      nodes:
        made:
          # the items
          - num: 2
            name: x
        # and of the second one

        text: 1   # too many
      result:   # the same

        - text: |
            x

            | a |
      # the end

  # after it
  - { name: Another, items: [{ num: 1, name: w }], expect: { nodes: { made: [{ num: 2, name: w }], text: 1 } } } # all on one line
  - name: 'Unchanged'
    items: { num: 1, name: z }
    expect: { result: 1 }
)");
}

TEST_CASE("places that wait for it are filled in") {
  const char* nodes = R"(- id: ask
  type: http_request
  with: { method: POST, url: "https://api.example.com/{{ $json.num }}", query: { p: 1 }, json: { num: "{{ $json.num }}" } }
- id: file
  type: write_file
  with: { path: out.txt, format: text, text: "{{ $json.a }}\nb\n" }
- id: skipped
  type: no_op
  after: file
)";
  CHECK(updated(R"(- name: Empty
  items: [{ num: 1 }]
  http: [{ request: POST https://api.example.com/*, response: { json: { a: x } } }]
  expect:
    nodes:
      ask:
      file: { fields: path, items: }
      skipped: { count: } # how many
    requests:
    files:
      out.txt:
)",
                nodes) == R"(cases:
  - name: Empty
    items: [{ num: 1 }]
    http: [{ request: POST https://api.example.com/*, response: { json: { a: x } } }]
    expect:
      nodes:
        ask:
          - a: x
        file: { fields: path, items: [{ path: out.txt }] }
        skipped: { count: 1 } # how many
      requests:
        - method: POST
          url: "https://api.example.com/1?p=1"
          json:
            num: 1
      files:
        out.txt: |
          x
          b
)");
}

TEST_CASE("a case without expectations gets its first ones") {
  CHECK(updated(R"(- name: Nothing yet
  items:
    - num: 1
      name: x

# a comment behind it
- name: Nothing here either
  items: { num: 2, name: w }
  expect:
- { name: On one line, items: { num: 3, name: z } }
)") == R"(cases:
  - name: Nothing yet
    items:
      - num: 1
        name: x
    expect:
      result:
        - text: |
            x

            | a |

  # a comment behind it
  - name: Nothing here either
    items: { num: 2, name: w }
    expect:
      result:
        - text: |
            w

            | a |
  - { expect: { result: [{ text: "z\n\n| a |\n" }] }, name: On one line, items: { num: 3, name: z } }
)");
}

TEST_CASE("how an execution ends is written as well") {
  const char* nodes = R"(- id: refuse
  type: stop_error
  with: { message: "No {{ $json.what }}" }
)";
  CHECK(updated(R"(- name: It fails now
  items: { what: more }
  expect:
    not_run: [refuse]
- name: Other words
  items: { what: less }
  expect: { error: { node: refuse, message: No more } }
- name: A status
  items: { what: '' }
  expect:
    status: success
)",
                nodes) == R"(cases:
  - name: It fails now
    items: { what: more }
    expect:
      not_run: []
      status: failed
      error:
        node: refuse
        code: stopped
        message: No more
  - name: Other words
    items: { what: less }
    expect: { error: { node: refuse, message: No less } }
  - name: A status
    items: { what: '' }
    expect:
      status: failed
      error:
        node: refuse
        code: stopped
        message: "No "
)");
}

TEST_CASE("a case with more than expectations to change keeps all of them") {
  Flows flows;
  const auto report = flows.run(kMaking, R"(- name: Unused recording
  items: [{ num: 1, name: x }]
  http: [{ request: GET https://api.example.com, response: {} }]
  expect: { nodes: { made: 7 } }
- name: Only expectations
  items: [{ num: 1, name: x }]
  expect: { nodes: { made: 7 } }
)",
                                true);
  CHECK_FALSE(report.cases[0].differences.empty());
  CHECK_FALSE(report.cases[0].updated);
  CHECK(report.cases[1].updated);
  CHECK(flows.text_of("flow.test.yaml") == R"(cases:
  - name: Unused recording
    items: [{ num: 1, name: x }]
    http: [{ request: GET https://api.example.com, response: {} }]
    expect: { nodes: { made: 7 } }
  - name: Only expectations
    items: [{ num: 1, name: x }]
    expect: { nodes: { made: 1 } }
)");
}

TEST_CASE("what cannot be changed alone is left as it is") {
  Flows flows;
  CHECK_THROWS_WITH(flows.run(kMaking, R"(- name: One
  items: &one [{ num: 1, name: x }]
  expect: { nodes: { made: &two [{ num: 5, name: x }] } }
- name: Two
  items: *one
  expect: { nodes: { made: *two } }
)",
                              true),
                    doctest::Contains("change it by hand"));
  CHECK(flows.text_of("flow.test.yaml").find("&two [{ num: 5") != std::string::npos);
}

TEST_CASE("a file with nothing to change is not written") {
  Flows flows;
  flows.run(kMaking, "- name: Good\n  items: { num: 1 }\n  expect: { result: 1 }\n");
  const std::string file = flows.file("flow.test.yaml", flows.text_of("flow.test.yaml"));
  const auto time = std::filesystem::file_time_type::clock::now() - std::chrono::hours(5);
  std::filesystem::last_write_time(file, time);
  check_passed(flows.run(true));
  CHECK(std::filesystem::last_write_time(file) == time);
}

}  // namespace engine::test
