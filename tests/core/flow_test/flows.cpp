#include "tests/core/flow_test/flows.h"

#include <stdlib.h>

#include <fstream>
#include <iterator>

#include "nodes/register_nodes.h"

namespace engine::test {
namespace {

Parameter field(const std::string& name, bool secret) {
  Parameter parameter;
  parameter.name = name;
  parameter.required = true;
  parameter.secret = secret;
  return parameter;
}

CredentialType signed_with(const std::string& id, const std::vector<Parameter>& fields) {
  CredentialType type;
  type.id = id;
  type.title = id;
  type.fields = fields;
  type.sign = [](const Value& values, http::Request& request) {
    request.headers.set("Authorization",
                        "Bearer " + std::string(values.view()["token"].as_string()));
    request.secret_headers.emplace_back("Authorization");
  };
  type.hosts = [](const Value&) { return std::vector<std::string>(); };
  return type;
}

std::string indented(const std::string& lines, const std::string& by) {
  std::string result;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    if (end > at) result += by + lines.substr(at, end - at);
    result += '\n';
    at = end + 1;
  }
  return result;
}

}  // namespace

Flows::Flows() : log_(stderr, LogLevel::off, LogFormat::text, clock_) {
  std::string name = (std::filesystem::temp_directory_path() / "engine_flows_XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  register_core_nodes(registry);
  credential_types.add(signed_with("bearer", {field("token", true)}));
  credential_types.add(signed_with("api", {field("token", true), field("api_url", false)}));
}

Flows::~Flows() {
  std::filesystem::remove_all(folder_);
}

std::string Flows::file(const std::string& name, const std::string& text) const {
  const std::filesystem::path path = folder_ / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string Flows::text_of(const std::string& name) const {
  std::ifstream stream(folder_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::shared_ptr<const workflow::Workflow> Flows::compile(const std::string& name,
                                                         Diagnostics& diagnostics) const {
  workflow::CheckContext context;
  context.registry = &registry;
  std::ifstream stream(name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return workflow::compile_workflow(text, name, context, diagnostics);
}

flow_test::FileReport Flows::run(const std::string& nodes, const std::string& cases, bool update) {
  file("flow.yaml",
       "name: Flow\nnodes:\n  - id: start\n    type: manual\n" + indented(nodes, "  "));
  file("flow.test.yaml", "cases:\n" + indented(cases, "  "));
  return run(update);
}

flow_test::FileReport Flows::run(bool update) {
  Diagnostics diagnostics;
  const std::string tests = (folder_ / "flow.test.yaml").string();
  const flow_test::TestFile read = flow_test::read_test_file(
      text_of("flow.test.yaml"), tests,
      [this](const std::string& name, Diagnostics& faults) { return compile(name, faults); },
      diagnostics);
  if (!diagnostics.empty()) return {tests, read.workflow_file, diagnostics.sorted(), {}};
  flow_test::Surroundings surroundings{credential_types, log_, {}, {}, network, {}, {}};
  surroundings.workflows = [this](const std::string& name, const std::string&) {
    Diagnostics faults;
    auto called = compile((folder_ / name).string(), faults);
    REQUIRE(faults.empty());
    return called;
  };
  return flow_test::run_file(read, surroundings, update);
}

std::string told(const flow_test::FileReport& report) {
  std::string all;
  const auto add = [&](const Position& position, const std::string& message) {
    if (position.file == report.file) {
      all += std::to_string(position.line) + ":" + std::to_string(position.column) + " ";
    }
    all += message + "\n";
  };
  for (const Diagnostic& fault : report.faults) add(fault.position, fault.message);
  for (const flow_test::CaseReport& each : report.cases) {
    for (const flow_test::Difference& difference : each.differences) {
      add(difference.position, difference.message);
    }
  }
  const std::string folder = std::filesystem::path(report.file).parent_path().string() + "/";
  for (std::size_t at = all.find(folder); at != std::string::npos; at = all.find(folder)) {
    all.erase(at, folder.size());
  }
  return all;
}

void check_passed(const flow_test::FileReport& report) {
  CHECK(told(report) == "");
  CHECK(report.cases.size() > 0);
}

}  // namespace engine::test
