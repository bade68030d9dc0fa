// The keys of a workflow file, described like the parameters of a node: one description for the
// structure check and for the JSON Schema. Private to core/workflow.
#pragma once

#include <vector>

#include "core/schema/parameter.h"

namespace engine::workflow {

std::vector<Parameter> workflow_keys();
std::vector<Parameter> node_keys();
/// Of one entry under `inputs`.
std::vector<Parameter> input_keys();

}  // namespace engine::workflow
