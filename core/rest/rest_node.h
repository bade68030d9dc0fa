// The behaviour of a declarative node.
#pragma once

#include "core/node/node.h"
#include "core/rest/operation.h"

namespace engine::rest {

class RestNode final : public ItemNode {
 public:
  explicit RestNode(Operation operation);

  const Operation& operation() const { return operation_; }

 protected:
  Items run_item(NodeContext& context, std::size_t index) const override;

 private:
  Operation operation_;
};

/// The node type of an operation: description, behaviour, and its rules as a check at load.
NodeType node_type(Operation operation);

}  // namespace engine::rest
