// The behaviour of a node type.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/node/context.h"
#include "core/node/description.h"
#include "core/node/trigger.h"
#include "core/value/item.h"

namespace engine {

/// An item of the first input that could not be worked on.
struct ItemFailure {
  std::size_t item = 0;
  Error error;
};

struct NodeResult {
  std::vector<Items> outputs;         ///< by output index; shorter is fine, the rest is empty
  std::vector<ItemFailure> failed;    ///< what the others gave is kept: a retry repeats only these
  std::vector<std::size_t> untried;   ///< items left when the first failure stopped the rest
  std::optional<TimePoint> ready_at;  ///< the outputs count from then on (`wait`),
  bool resumable = false;             ///< or from when the resume URL is called
};

/// Stateless and shared by all runs: everything of a run comes with the context. Thread-safe.
class Node {
 public:
  virtual ~Node() = default;
  virtual NodeResult run(NodeContext& context) const = 0;
};

/// Base of nodes that map each item to items. Runs items `concurrency` at a time, keeps their
/// order, sets origins, sorts errors to their items, reports progress, honours cancellation. Unless
/// the node keeps going, the first failure leaves the rest untried; what is done is not lost.
class ItemNode : public Node {
 public:
  NodeResult run(NodeContext& context) const final;

 protected:
  /// The items made from input item `index`; origins are filled in where they are not set.
  virtual Items run_item(NodeContext& context, std::size_t index) const = 0;
};

enum class NodeKind { action, trigger, loop, repeat };

struct NodeType {
  Description description;
  NodeKind kind = NodeKind::action;
  /// Null for loops, which the engine runs. A trigger may have one: it is run over the delivered
  /// items when they are durable and acknowledged, as the first node run of the execution, and what
  /// it gives is what the trigger gives (to fetch what a delivery only names, or to drop items).
  /// Credentials, retries and errors are those of the node; null gives the items as they came.
  std::shared_ptr<const Node> node;

  /// What starts executions of a trigger; it may depend on the parameters (`mode: poll`). Null: it
  /// is only started by others.
  std::function<Trigger(const TriggerContext& context)> trigger;

  /// With dynamic_outputs: the outputs that these parameters make.
  std::function<std::vector<OutputDescription>(const Located& with)> outputs_of;

  /// Optional: faults that the parameter descriptions cannot express, found at load.
  std::function<void(const Located& with, const std::string& file, Diagnostics&)> check;
};

/// Calls `work(i)` for 0..count-1, at most `parallel` at a time, on threads of its own when
/// parallel is more than 1. The first exception stops the rest and is thrown.
void for_each_parallel(std::size_t count, std::size_t parallel, const Cancellation& cancellation,
                       const std::function<void(std::size_t)>& work);

}  // namespace engine
