#include <openssl/evp.h>

#include <array>

#include "core/workflow/draft.h"
#include "core/workflow/yaml.h"

namespace engine::workflow {
namespace {

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCause::bug, "hash_failed", "OpenSSL could not compute a SHA-256.");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kHex[digest[i] >> 4U];
    hex += kHex[digest[i] & 15U];
  }
  return hex;
}

}  // namespace

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
  workflow->evaluator = std::make_shared<expression::Evaluator>();
  workflow->hash = sha256(text);
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
