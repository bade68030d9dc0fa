// Packages written down in a test.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "core/rest/compiler/yaml_source.h"
#include "core/rest/packed.h"
#include "core/rest/rest_node.h"
#include "core/value/json.h"
#include "tests/core/rest/fake_context.h"

namespace engine::test {

inline constexpr const char* kPackage = R"(
name: demo
title: Demo
base_url: https://api.demo.test/api/
base_url_field: api_url
credential: demo
errors:
  message: [err, error.message]
  code: [ECODE]
  hints:
    - { codes: [E_ID], status: 401, cause: user, text: Check the id. }
    - { status: [500, 503], text: Try later. }
ids:
  task:
    prefixes: ["CU-", "#"]
    keep_prefix_with: custom
    links:
      - { path: "/t/{team}/{id}", contains: "-", set: { custom: true } }
      - { path: "/t/*/{id}" }
      - { path: "/t/{id}" }
parameters:
  task: { type: string, required: true, id: task, text: Id of the task. }
groups:
  custom:
    custom: { type: boolean, send: query }
    team: { type: string, send: query }
)";

/// The operation `run` made of these lines (indented by four), read as the engine reads packages.
inline rest::Operation operation(const std::string& lines) {
  Diagnostics diagnostics;
  const std::string resource = "resource: x\noperations:\n  run:\n    title: Run\n" + lines;
  const auto compiled = rest::compile_package(
      {"package.yaml", rest::read_yaml_text(kPackage, "package.yaml", diagnostics)},
      {{"x.yaml", rest::read_yaml_text(resource, "x.yaml", diagnostics)}}, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.sorted()) FAIL(to_string(diagnostic));
  const auto package = rest::unpack(rest::PackedPackage{compiled.id, compiled.source, {}});
  const auto& first = compiled.operations.at(0);
  return rest::unpack(rest::PackedOperation{first.id, first.version, first.title, first.source},
                      package);
}

/// The faults of such an operation, one a line.
inline std::string faults(const std::string& lines, const std::string& package = kPackage) {
  Diagnostics diagnostics;
  const std::string resource = "resource: x\noperations:\n  run:\n    title: Run\n" + lines;
  rest::compile_package(
      {"package.yaml", rest::read_yaml_text(package, "package.yaml", diagnostics)},
      {{"x.yaml", rest::read_yaml_text(resource, "x.yaml", diagnostics)}}, diagnostics);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) text += to_string(diagnostic) + "\n";
  return text;
}

/// One operation with what it was given; answers {} unless told otherwise.
struct Trial {
  rest::RestNode node;
  FakeContext context;

  Trial(const std::string& lines, const std::string& with_json)
      : node(operation(lines)), context(rest::describe(node.operation()), parse_json(with_json)) {}

  Items run() {
    if (context.answers.empty()) context.answers.push_back(answer("{}"));
    return test::run(node, context);
  }
  std::string url(std::size_t index = 0) const { return context.requests.at(index).url; }
  std::string body(std::size_t index = 0) const { return body_text(context.requests.at(index)); }
};

/// The error of a call, for checks of its parts.
template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCause::bug, "no_error", "nothing was thrown"};
}

}  // namespace engine::test
