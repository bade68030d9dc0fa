// The keys of a test file, described like the parameters of a node: one description for the check
// of its structure and for the JSON Schema. Private to core/flow_test.
#pragma once

#include <vector>

#include "core/schema/parameter.h"

namespace engine::flow_test {

std::vector<Parameter> file_keys();
/// Of a request that is written as a map.
std::vector<Parameter> request_keys();
/// Of what is expected of a node, written as a map.
std::vector<Parameter> node_keys();
/// Of a file that is taken from elsewhere.
std::vector<Parameter> file_source_keys();

}  // namespace engine::flow_test
