// Node types as documentation: what `engine nodes show` prints.
#pragma once

#include <string>

#include "core/node/node.h"

namespace engine::cli {

/// For a terminal, 80 columns wide.
std::string node_as_text(const NodeType& type);

/// A section of a document.
std::string node_as_markdown(const NodeType& type);

/// YAML of a node of this type: its first example, or one made from its required parameters.
std::string node_example(const NodeType& type);

}  // namespace engine::cli
