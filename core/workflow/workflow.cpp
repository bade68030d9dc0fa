#include "core/workflow/workflow.h"

#include <algorithm>

namespace engine::workflow {

std::size_t WorkflowNode::error_output() const {
  if (on_error != OnError::output) return std::string::npos;
  const auto found =
      std::find_if(outputs.begin(), outputs.end(),
                   [](const OutputDescription& output) { return output.name == "error"; });
  return found == outputs.end() ? std::string::npos
                                : static_cast<std::size_t>(found - outputs.begin());
}

const WorkflowNode* Workflow::find(std::string_view id) const {
  const auto found = by_id.find(id);
  return found == by_id.end() ? nullptr : found->second;
}

}  // namespace engine::workflow
