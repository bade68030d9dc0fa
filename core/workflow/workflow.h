// A compiled workflow: checked, with its edges resolved. Immutable; shared by all its executions.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/expression/evaluator.h"
#include "core/expression/template.h"
#include "core/node/registry.h"
#include "core/schema/parameter.h"

namespace engine::workflow {

enum class OnError { stop, continue_, output };
enum class Backoff { fixed, exponential };
enum class Durability { node, execution, none };
enum class OnCrash { resume, fail };
enum class WhenFull { queue, skip, cancel_oldest };

struct RetryPolicy {
  int attempts = 1;  ///< tries in all
  Milliseconds delay{1000};
  Backoff backoff = Backoff::exponential;
  Milliseconds max_delay{60'000};
  expression::Template on;  ///< over $error; not given: every error that can pass by itself
};

/// Items of `output` of `node` flow into `input` of the node that has the edge.
struct Edge {
  std::size_t node = 0;  ///< index into Graph::nodes of the same graph
  std::size_t output = 0;
  std::size_t input = 0;
};

struct Graph;

struct NodeParameter {
  const Parameter* description = nullptr;  ///< owned by the node type
  expression::Template value;              ///< not given: the default counts
};

struct WorkflowNode {
  std::string id;
  const NodeType* type = nullptr;
  std::vector<OutputDescription> outputs;  ///< of this node; `error` is last when on_error: output
  std::vector<std::string> inputs;         ///< names
  std::vector<Edge> edges;                 ///< in the order written
  std::vector<NodeParameter> parameters;   ///< one per described parameter
  std::vector<std::pair<std::string, std::string>> credentials;  ///< slot ("" for the one), name
  RetryPolicy retry;
  std::optional<Milliseconds> timeout;
  OnError on_error = OnError::stop;
  bool always_output = false;
  bool once = false;
  bool disabled = false;
  std::size_t concurrency = 1;
  std::optional<Items> pin;
  std::unique_ptr<Graph> body;  ///< of loops
  std::size_t ordinal = 0;      ///< unique in the workflow, loops included
  Position position;

  std::size_t error_output() const;  ///< index of `error`; npos without on_error: output
};

/// The nodes of one level: of the workflow, or of a loop's `do`.
struct Graph {
  std::vector<WorkflowNode> nodes;              ///< in the order written
  std::vector<std::vector<std::size_t>> after;  ///< by node: the nodes that it feeds, ascending
  std::vector<std::size_t> last;                ///< nodes that feed nothing: they give the result
  /// Nodes without edges that are no triggers. In a loop's body they receive the items of the
  /// round, in a workflow without a trigger those that it was started with.
  std::vector<std::size_t> first;
};

struct Settings {
  std::string timezone = "UTC";
  std::optional<Milliseconds> timeout;
  Milliseconds expression_timeout{1000};
  bool sequential = false;
  Durability durability = Durability::node;
  OnCrash on_crash = OnCrash::resume;
  std::string error_workflow;
  std::vector<std::string> env;
  std::optional<std::size_t> concurrency_limit;
  expression::Template concurrency_key;
  WhenFull when_full = WhenFull::queue;
  std::optional<Milliseconds> keep_success;
  std::optional<Milliseconds> keep_error;
  std::optional<std::size_t> keep_max;
};

struct Workflow {
  std::string name;
  std::string description;
  std::string file;  ///< as given by the user
  std::string text;
  std::string hash;  ///< SHA-256 of the text, hex
  Settings settings;
  std::vector<Parameter> inputs;  ///< of a sub-workflow
  Graph graph;
  std::vector<const WorkflowNode*> by_ordinal;
  std::unordered_map<std::string_view, const WorkflowNode*> by_id;  ///< loops included
  std::shared_ptr<expression::Evaluator> evaluator;

  /// Loops included; null when there is none.
  const WorkflowNode* find(std::string_view id) const;
};

/// What checks need to know of the world. Absent parts are not checked.
struct CheckContext {
  const Registry* registry = nullptr;
  /// The type of a credential, or empty when there is none of that name.
  std::function<std::string(std::string_view name)> credential_type;
  std::function<std::vector<std::string>()> credential_names;
  /// Why a credential must not be used for a node type (its profile does not allow the operation),
  /// as a full sentence; empty when it may.
  std::function<std::string(std::string_view name, std::string_view node_type)> credential_refusal;
  /// Why a workflow that is named in the file `from` cannot be found, as full sentences; empty when
  /// it can.
  std::function<std::string(const std::string& name, const std::string& from)> missing_workflow{};
  /// Reads the scripts of many files with one JavaScript engine; null: each with its own.
  std::shared_ptr<expression::Evaluator> script_checker{};
  /// Whether a text (by its hash) was found good before, so that its scripts need no reading; may
  /// be empty.
  std::function<bool(const std::string& hash)> known_good{};
  /// Told early that the file has a script; may be empty.
  std::function<void()> script_found{};
};

/// Reads, checks and compiles. Null when there are faults, all of which are in `diagnostics`, and
/// without a registry, when only the structure can be checked. `registry` must outlive the result.
std::shared_ptr<const Workflow> compile_workflow(const std::string& text, const std::string& file,
                                                 const CheckContext& context,
                                                 Diagnostics& diagnostics);

/// JSON Schema of the workflow file, every node type included.
Value workflow_schema(const Registry& registry);

}  // namespace engine::workflow
