// A workflow while it is read and checked: what the file says, with places, and step by step the
// compiled nodes. Private to core/workflow.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/workflow/workflow.h"

namespace engine::workflow {

/// One name under `after`.
struct AfterEntry {
  std::string input;      ///< as named in the file; empty when it was not
  std::size_t place = 0;  ///< among the elements of a list
  std::string node;
  std::string output;  ///< empty: the one there is
  Position position;
  Position input_position;
};

struct CredentialEntry {
  std::string slot;
  std::string name;
  Position position;
};

struct Draft {
  WorkflowNode node;  ///< moved into the graph at the end
  const Located* source = nullptr;
  Position id_position;
  std::string type;
  Position type_position;
  int version = 0;
  Position version_position;
  Located with;  ///< an empty map when the file has none
  bool with_unreadable = false;
  bool says_after = false;
  Position after_position;
  std::vector<AfterEntry> after;
  bool single_credential = false;  ///< `credential`, not `credentials`
  std::vector<CredentialEntry> credentials;
  bool says_do = false;
  Position do_position;
  std::vector<Draft> body;
  bool uncertain = false;  ///< its edges are not known for faults that are reported already

  bool is_trigger() const { return node.type != nullptr && node.type->kind == NodeKind::trigger; }
  bool is_loop() const {
    return node.type != nullptr &&
           (node.type->kind == NodeKind::loop || node.type->kind == NodeKind::repeat);
  }
};

/// The nodes of one level while they are checked.
struct Level {
  std::vector<Draft>* drafts = nullptr;
  Level* outer = nullptr;
  std::size_t owner = 0;           ///< the loop, among the drafts of `outer`
  std::vector<std::size_t> order;  ///< topological; nodes of cycles are left out

  struct Question {
    std::size_t source = 0;
    std::size_t target = 0;
    const expression::Reference* reference = nullptr;
    const Draft* asking = nullptr;
  };
  std::vector<Question> questions;  ///< is `source` upstream of `target`?
};

/// Where a node is.
struct Place {
  Level* level = nullptr;
  std::size_t index = 0;
};

/// What all checks share.
class Checks {
 public:
  Checks(const std::string& file_name, const CheckContext& check_context, Diagnostics& faults)
      : file(file_name), context(check_context), diagnostics(faults) {}

  const std::string& file;
  const CheckContext& context;
  Diagnostics& diagnostics;
  std::deque<Level> levels;  ///< the workflow first; a loop before what is inside of it
  std::unordered_map<std::string_view, Place> places;  ///< by id

  void fault(const Position& position, std::string code, std::string message) {
    diagnostics.add(position, std::move(code), std::move(message));
  }
  const Draft* find(std::string_view id) const;

  /// As engine::did_you_mean, but gives up after many faults: comparing every name with every other
  /// takes long in a large file that is wrong everywhere.
  std::string suggest(std::string_view name, const std::vector<std::string>& names);
  /// The ids of a level, or of the whole workflow.
  const std::vector<std::string>& ids(const Level* level);
  /// The ids of all node types.
  const std::vector<std::string>& types();

 private:
  std::size_t suggested_ = 0;
  std::map<const Level*, std::vector<std::string>> ids_;
  std::vector<std::string> types_;
};

// ---- the first pass: structure

/// Reads the top level, the settings and all nodes. Faults are reported, and reading goes on.
void read_workflow(const Located& root, Checks& checks, Workflow& workflow,
                   std::vector<Draft>& drafts);
void read_settings(const Located& source, Checks& checks, Settings& settings);
void read_inputs(const Located& source, Checks& checks, std::vector<Parameter>& inputs);
void read_nodes(const Located& list, Checks& checks, std::vector<Draft>& drafts);
void read_after(const Located& after, Checks& checks, Draft& draft);

// ---- the second pass: context

/// Whether a node has a script in a language, as code nodes do.
bool has_script(const Checks& checks);

/// Fills `levels` and `places`, and reports ids that are taken.
void index_nodes(Checks& checks, std::vector<Draft>& drafts);
void link_types(Checks& checks);        ///< node types, their outputs and inputs
void link_credentials(Checks& checks);  ///< slots, names and types of credentials
void link_parameters(Checks& checks);   ///< values against descriptions; templates
void link_edges(Checks& checks);
void check_cycles(Checks& checks);  ///< and sets the order of each level
void check_unused(Checks& checks);
void check_references(Checks& checks);  ///< expressions name nodes that are upstream
void check_scripts(Checks& checks, const std::string& text, const Settings& settings,
                   expression::Evaluator& evaluator);

/// Moves the checked nodes into the workflow.
void build_graph(std::vector<Draft>& drafts, Workflow& workflow);

// ---- reading of single values; a fallback when they do not fit, which was reported then

std::string text_of(const Located* value);
bool flag_of(const Located* value);
std::optional<std::int64_t> integer_of(const Located* value);
std::optional<Milliseconds> duration_of(const Located* value);

}  // namespace engine::workflow
