#include "core/execution/node_runner.h"

#include <algorithm>
#include <numeric>

#include "core/execution/advance.h"
#include "core/execution/retry.h"

namespace engine::execution {
namespace {

using workflow::OnError;

Items selected(const Items& items, const std::vector<std::uint32_t>& indices) {
  Items result;
  result.reserve(indices.size());
  for (const std::uint32_t index : indices) result.push_back(items[index]);
  return result;
}

std::size_t first_origin(const Item& item) {
  return item.origin.size() == 0 ? SIZE_MAX : item.origin[0].item;
}

/// Collects what attempts give, in terms of the node's whole input.
class Collected {
 public:
  Collected(const Attempt& attempt, std::size_t items) : attempt_(attempt) {
    if (attempt.partial) {
      outputs_ = attempt.partial->outputs;
      rest_ = attempt.partial->rest;
    } else {
      rest_.resize(items);
      std::iota(rest_.begin(), rest_.end(), 0U);
    }
  }

  /// Input items of this attempt, as indices into input 0 of the node.
  const std::vector<std::uint32_t>& rest() const { return rest_; }

  void add(std::vector<Items> outputs) {
    if (attempt_.partial) {
      for (Items& items : outputs) translate(items);
    }
    if (outputs_.size() < outputs.size()) outputs_.resize(outputs.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs_[i].empty()) {
        outputs_[i] = std::move(outputs[i]);
      } else {
        outputs_[i].insert(outputs_[i].end(), outputs[i].begin(), outputs[i].end());
      }
    }
  }

  /// An item goes out on `continue` or `output`.
  void add_error(std::size_t port, std::uint32_t item, const Error& error) {
    if (outputs_.size() <= port) outputs_.resize(port + 1);
    const Items& input = *attempt_.inputs[0].items;
    Item failed =
        with_error(item < input.size() ? input[item] : Item{Value::object(), {}, {}}, error);
    failed.origin = item < input.size() ? Origin::of(item) : Origin();
    outputs_[port].push_back(std::move(failed));
    sort_ = true;
  }

  std::vector<Items> take() {
    if (attempt_.partial || sort_) {
      for (Items& items : outputs_) {
        std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
          return first_origin(a) < first_origin(b);
        });
      }
    }
    return std::move(outputs_);
  }

 private:
  void translate(Items& items) const {
    for (Item& item : items) {
      std::vector<Origin::Source> sources;
      for (std::size_t i = 0; i < item.origin.size(); ++i) {
        Origin::Source source = item.origin[i];
        if (source.input == 0 && source.item < rest_.size()) source.item = rest_[source.item];
        sources.push_back(source);
      }
      item.origin = Origin::of(std::move(sources));
    }
  }

  const Attempt& attempt_;
  std::vector<Items> outputs_;
  std::vector<std::uint32_t> rest_;
  bool sort_ = false;
};

class Runner {
 public:
  Runner(const workflow::Workflow& workflow, const Services& services, const Attempt& attempt,
         const RunEnvironment::WithState& with_state)
      : workflow_(workflow),
        services_(services),
        attempt_(attempt),
        node_(*attempt.node),
        inputs_(attempt.inputs),
        collected_(attempt, attempt.inputs[0].items->size()),
        environment_(workflow, services, view_of(attempt, inputs_, collected_), with_state),
        started_(services.clock.now()) {}

  AttemptResult run() {
    RunContext context(workflow_, node_, services_, inputs_, environment_, attempt_.cancellation,
                       attempt_.options);
    NodeResult result;
    try {
      attempt_.cancellation.check();
      result = node_.type->node->run(context);
    } catch (const Error& error) {
      return {failed_whole(error), {}};
    } catch (const std::bad_alloc&) {
      return {failed_whole(Error(ErrorCause::upstream, "out_of_memory",
                                 "There was not enough memory for this node's items.")),
              {}};
    } catch (const std::exception& exception) {
      return {failed_whole(Error(
                  ErrorCause::bug, "unexpected_exception",
                  std::string("The node failed in a way it should not: ") + exception.what())),
              {}};
    }
    return {finished(std::move(result)), context.take_memory()};
  }

  Event failed_whole(const Error& error) {
    Error where = located(error, std::nullopt);
    if (error.where.item) where.where.item = original(*error.where.item);
    const bool retry = retries(where);
    if (!retry && node_.on_error != OnError::stop && where.cause() != ErrorCause::cancelled) {
      const auto& rest = collected_.rest();
      for (const std::uint32_t item : rest) collected_.add_error(error_port(), item, where);
      if (rest.empty()) collected_.add_error(error_port(), 0, where);
      return RunFinished{attempt_.key, attempt_.number, started_, collected_.take(), std::nullopt};
    }
    return failed(where, retry, attempt_.partial);
  }

 private:
  // Narrows the first input to the items that are still to be done.
  static RunView view_of(const Attempt& attempt, std::vector<RunInput>& inputs,
                         const Collected& collected) {
    RunView view = attempt.view;
    if (attempt.partial) {
      inputs[0].items =
          std::make_shared<const Items>(selected(*attempt.inputs[0].items, collected.rest()));
      view.places = collected.rest();
    }
    view.inputs = inputs;
    return view;
  }

  Event finished(NodeResult result) {
    collected_.add(std::move(result.outputs));
    if (result.failed.empty()) {
      return RunFinished{attempt_.key,      attempt_.number, started_,
                         collected_.take(), result.ready_at, result.resumable};
    }
    // Who is stopped has not failed: nothing of it becomes an error item.
    const bool stops = node_.on_error == OnError::stop ||
                       attempt_.cancellation.reason() == CancelReason::cancelled;
    const Error first = located(result.failed.at(0).error, original(result.failed[0].item));
    std::vector<std::uint32_t> rest;
    bool retry = false;
    for (const ItemFailure& failure : result.failed) {
      const std::uint32_t item = original(failure.item);
      const Error error = located(failure.error, item);
      if (retries(error)) {
        rest.push_back(item);
        retry = true;
      } else if (stops) {
        rest.push_back(item);
      } else {
        collected_.add_error(error_port(), item, error);
      }
    }
    if (!stops && !retry) {
      // Its time was up before it came to these.
      for (const std::size_t item : result.untried) {
        collected_.add_error(error_port(), original(item), located(first, original(item)));
      }
      return RunFinished{attempt_.key,      attempt_.number, started_,
                         collected_.take(), std::nullopt,    false};
    }
    for (const std::size_t item : result.untried) rest.push_back(original(item));
    std::sort(rest.begin(), rest.end());
    return failed(first, retry, Partial{collected_.take(), std::move(rest)});
  }

  Event failed(const Error& error, bool retry, std::optional<Partial> partial) {
    std::optional<TimePoint> retry_at;
    if (retry) {
      retry_at = services_.clock.now() +
                 retry_delay(node_.retry, attempt_.number, error, services_.random);
    }
    return RunFailed{attempt_.key, attempt_.number, started_, error, retry_at, std::move(partial)};
  }

  bool retries(const Error& error) {
    if (attempt_.number >= node_.retry.attempts || error.cause() == ErrorCause::cancelled ||
        error.cause() == ErrorCause::bug ||
        (attempt_.cancellation.requested() &&
         attempt_.cancellation.reason() == CancelReason::cancelled)) {
      return false;
    }
    if (!node_.retry.on.given()) return can_pass(error);
    try {
      // A condition is asked also after the run itself ran out of time.
      return workflow_.evaluator
          ->evaluate_one(node_.retry.on,
                         environment_.with(Value::object({{"$error", error_json(error)}})),
                         error.where.item.value_or(0), Cancellation())
          .truthy();
    } catch (const Error& failure) {
      services_.log.warn("The condition 'retry.on' failed; not retrying.",
                         {{"node", node_.id}, {"error", failure.what()}});
      return false;
    }
  }

  std::uint32_t original(std::size_t item) const {
    return item < collected_.rest().size() ? collected_.rest()[item]
                                           : static_cast<std::uint32_t>(item);
  }

  std::size_t error_port() const {
    return node_.on_error == OnError::output ? node_.error_output() : 0;
  }

  Error located(Error error, std::optional<std::size_t> item) const {
    error.where.workflow = workflow_.name;
    error.where.node = node_.id;
    if (item) error.where.item = item;
    if (!error.where.position.known()) error.where.position = node_.position;
    return error;
  }

  const workflow::Workflow& workflow_;
  const Services& services_;
  const Attempt& attempt_;
  const workflow::WorkflowNode& node_;
  std::vector<RunInput> inputs_;
  Collected collected_;
  RunEnvironment environment_;
  TimePoint started_;
};

}  // namespace

AttemptResult run_attempt(const workflow::Workflow& workflow, const Services& services,
                          const Attempt& attempt, const RunEnvironment::WithState& with_state) {
  return Runner(workflow, services, attempt, with_state).run();
}

Event fail_attempt(const workflow::Workflow& workflow, const Services& services,
                   const Attempt& attempt, const RunEnvironment::WithState& with_state,
                   const Error& error) {
  return Runner(workflow, services, attempt, with_state).failed_whole(error);
}

}  // namespace engine::execution
