#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/workflow/draft.h"
#include "core/workflow/yaml.h"

namespace engine::workflow {

std::shared_ptr<const Workflow> compile_workflow(const std::string& text, const std::string& file,
                                                 const CheckContext& context,
                                                 Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  Located root;
  // What stands in a file that was read to its end is checked although it has faults.
  if (!read_yaml(text, file, root, diagnostics) && root.kind != Kind::object) return nullptr;
  auto workflow = std::make_shared<Workflow>();
  workflow->file = file;
  workflow->text = text;
  Checks checks(file, context, diagnostics);
  std::vector<Draft> drafts;
  read_workflow(root, checks, *workflow, drafts);
  index_nodes(checks, drafts);
  if (context.registry == nullptr) return nullptr;
  link_types(checks);
  link_credentials(checks);
  link_parameters(checks);
  link_edges(checks);
  check_cycles(checks);
  check_unused(checks);
  check_references(checks);
  if (context.script_found && has_script(checks)) context.script_found();
  workflow->evaluator = std::make_shared<expression::Evaluator>(
      expression::EvaluatorOptions{workflow->settings.expression_timeout, {}});
  workflow->hash = to_hex(sha256_of(text));
  if (!context.known_good || !context.known_good(workflow->hash)) {
    expression::Evaluator& checker =
        context.script_checker ? *context.script_checker : *workflow->evaluator;
    check_scripts(checks, text, workflow->settings, checker);
  }
  if (diagnostics.size() != before || diagnostics.full()) return nullptr;
  build_graph(drafts, *workflow);
  return workflow;
}

}  // namespace engine::workflow
