// A file of flow tests, read and checked: flow.test.yaml beside flow.yaml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/time.h"
#include "core/flow_test/exchange.h"
#include "core/value/item.h"
#include "core/value/path.h"
#include "core/workflow/workflow.h"

namespace engine::flow_test {

/// A member of a map in the file whose value `--update` may write anew. A null value is a place
/// that waits to be filled in.
struct Slot {
  Path path;                              ///< from the top of the file
  const LocatedMember* member = nullptr;  ///< owned by the file
  bool flow = false;                      ///< the map is written between brackets

  const Located& value() const { return member->value; }
  bool open() const { return member->value.kind == Kind::null; }
};

/// A list of items, or how many there are.
struct ExpectedItems {
  Slot slot;
  std::vector<Path> fields;  ///< only these are compared; empty: whole items
};

struct ExpectedNode {
  std::string id;
  std::vector<std::pair<std::size_t, ExpectedItems>> outputs;  ///< by the output's index
};

struct ExpectedError {
  Slot slot;
  std::string node;  ///< empty parts are not compared
  std::string cause;
  std::string code;
  std::string message;  ///< a part of it is enough
};

struct Expectations {
  std::optional<Slot> status;
  std::optional<ExpectedError> error;
  std::optional<ExpectedItems> result;
  std::vector<ExpectedNode> nodes;
  std::optional<Slot> not_run;
  std::optional<Slot> requests;
  std::vector<RequestPattern> wanted_requests;
  std::optional<Slot> response;
  std::vector<std::pair<std::string, Slot>> files;  ///< by name
};

struct Case {
  std::string name;
  Position position;
  const Located* source = nullptr;  ///< owned by the file
  Path path;
  std::string trigger;  ///< a node's id; empty for a workflow without a trigger
  Items items;
  TimePoint clock;
  std::map<std::string, std::string> environment;
  Value variables;
  std::map<std::string, std::string> files;        ///< content by name
  std::map<std::string, Value> credentials;        ///< fields that are given, by name
  std::map<std::string, std::vector<Items>> pins;  ///< a list for each output, by node id
  std::vector<Exchange> exchanges;
  std::vector<Value> resume;  ///< what the resume URL is called with, one wait after the other
  bool network = false;
  Milliseconds timeout{};  ///< of real time
  bool expects = false;    ///< there is an `expect`
  Expectations expect;
};

struct TestFile {
  std::string file;  ///< as given by the user
  std::string text;
  std::string workflow_file;
  std::shared_ptr<const workflow::Workflow> workflow;  ///< null when it has faults
  std::unique_ptr<Located> root;
  std::vector<Case> cases;
};

/// Compiles the workflow of a file; null when it has faults, all of which it reports.
using Compile = std::function<std::shared_ptr<const workflow::Workflow>(const std::string& file,
                                                                        Diagnostics& diagnostics)>;

/// "dir/flow.yaml" for "dir/flow.test.yaml", and the other way round.
std::filesystem::path workflow_beside(const std::filesystem::path& test_file);
std::filesystem::path tests_beside(const std::filesystem::path& workflow_file);
bool is_test_file(const std::filesystem::path& file);

/// Reads the file, compiles its workflow, and checks one against the other. Good only when nothing
/// was added to `diagnostics`.
TestFile read_test_file(const std::string& text, const std::string& file, const Compile& compile,
                        Diagnostics& diagnostics);

/// JSON Schema of a test file, for editors.
Value test_file_schema();

}  // namespace engine::flow_test
