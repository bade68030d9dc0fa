// The behaviour of a declarative node.
#pragma once

#include "core/node/node.h"
#include "core/rest/call.h"
#include "core/rest/lookup_cache.h"
#include "core/rest/operation.h"

namespace engine::rest {

class RestNode final : public ItemNode {
 public:
  explicit RestNode(Operation operation,
                    std::shared_ptr<LookupCache> names = std::make_shared<LookupCache>());

  const Operation& operation() const { return operation_; }

 protected:
  Items run_item(NodeContext& context, std::size_t index) const override;

 private:
  Items run_call(NodeContext& context, Call call) const;

  Operation operation_;
  std::shared_ptr<LookupCache> names_;
};

/// The node type of an operation: description, behaviour, and its rules as a check at load.
/// Operations that share `names` share what they have looked up.
NodeType node_type(Operation operation,
                   std::shared_ptr<LookupCache> names = std::make_shared<LookupCache>());

}  // namespace engine::rest
