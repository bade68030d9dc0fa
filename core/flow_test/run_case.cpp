#include "core/flow_test/run_case.h"

#include <chrono>
#include <mutex>
#include <random>

#include "core/execution/executor.h"
#include "core/execution/fit_inputs.h"
#include "core/flow_test/case_folder.h"
#include "core/flow_test/recorded_services.h"
#include "core/flow_test/stand_in_credentials.h"
#include "core/flow_test/virtual_time.h"
#include "core/store/memory_store.h"

namespace engine::flow_test {
namespace {

using std::chrono::steady_clock;

// The same numbers in every run.
class SeededRandom final : public Random {
 public:
  std::uint64_t next() override {
    const std::lock_guard lock(mutex_);
    return generator_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_{20'260'101};
};

std::string status_of(execution::Outcome outcome) {
  return outcome == execution::Outcome::success ? "success" : "failed";
}

void add_run(const execution::State& state, const execution::NodeState& node, GivenNode& given) {
  given.ran = given.ran ||
              (node.phase != execution::Phase::pending && node.phase != execution::Phase::skipped &&
               node.phase != execution::Phase::queued);
  if (!node.run) return;
  const auto& outputs = state.runs[*node.run].outputs;
  if (given.outputs.size() < outputs.size()) given.outputs.resize(outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    given.outputs[i].insert(given.outputs[i].end(), outputs[i]->begin(), outputs[i]->end());
  }
}

std::map<std::string, GivenNode> given_nodes(const workflow::Workflow& workflow,
                                             const execution::State& state) {
  std::map<std::string, GivenNode> nodes;
  for (const workflow::WorkflowNode* node : workflow.by_ordinal) nodes[node->id];
  for (const execution::Scope& scope : state.scopes) {
    for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
      add_run(state, scope.nodes[i], nodes[scope.graph->nodes[i].id]);
    }
  }
  return nodes;
}

/// Everything that one case runs in.
class World {
 public:
  World(const TestFile& file, const Case& test, const Surroundings& surroundings)
      : file_(file),
        test_(test),
        surroundings_(surroundings),
        time_(test.clock),
        folder_(test.files),
        binaries_(folder_.binaries(), random_),
        credentials_(store_, surroundings.credential_types, time_, test.credentials),
        recorded_(test.exchanges, time_, random_,
                  test.network ? surroundings.http : std::function<http::Client&()>()),
        executor_(services(), 1) {}

  CaseOutcome run() {
    CaseOutcome outcome;
    if (!test_.network) credentials_.add_for(*file_.workflow);
    execution_ = executor_.start(launch(), started());
    drive(outcome);
    executor_.wait_for_background();
    tell(outcome);
    return outcome;
  }

 private:
  execution::Services services() {
    execution::Services services{
        time_, random_, surroundings_.log, time_, binaries_, {}, {}, &store_, {}, {}, {}, {},
        {},    0};
    services.http = [this]() -> http::Client& { return recorded_; };
    services.vault = [this]() -> Vault& {
      return test_.network ? surroundings_.vault() : credentials_.vault();
    };
    if (test_.network) services.tokens = surroundings_.tokens;
    services.scripts = surroundings_.scripts;
    services.files = folder_.files();
    services.workflows = [this](const std::string& name, const std::string& from) {
      auto workflow = surroundings_.workflows(name, from);
      if (!test_.network) credentials_.add_for(*workflow);
      return workflow;
    };
    services.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = test_.environment.find(name);
      if (found == test_.environment.end()) return std::nullopt;
      return found->second;
    };
    services.variables = test_.variables;
    services.resume_url = [](const std::string& execution, std::size_t resumes) {
      return "https://engine.test/resume/" + execution + "." + std::to_string(resumes);
    };
    services.in_turn = true;
    // What one case has looked up is not there in the next.
    services.cache_scope = "test:" + file_.file + ":" + test_.name + ":";
    return services;
  }

  execution::Launch launch() {
    execution::Launch launch;
    launch.workflow = file_.workflow;
    launch.mode = "test";
    launch.hooks.respond = [this](http::ServerResponse response) {
      const std::lock_guard lock(mutex_);
      if (response_) return false;
      response_ = std::move(response);
      return true;
    };
    return launch;
  }

  execution::Started started() const {
    execution::Started started;
    started.trigger = test_.trigger;
    started.items = execution::takes_inputs(*file_.workflow, test_.trigger)
                        ? execution::fit_inputs(*file_.workflow, test_.items)
                        : test_.items;
    started.pins = test_.pins;
    return started;
  }

  // Lets time pass when nothing else is left to do.
  void drive(CaseOutcome& outcome) {
    const auto until = steady_clock::now() + test_.timeout;
    std::size_t resumed = 0;
    while (true) {
      const auto left = std::chrono::duration_cast<Milliseconds>(until - steady_clock::now());
      if (left.count() <= 0 || !executor_.pool().wait_until_quiet(left)) {
        outcome.faults.push_back({test_.position, "case_timeout",
                                  "The case took longer than " + format_duration(test_.timeout) +
                                      ". Give it more with 'timeout', or find out what hangs."});
        outcome.status = "stopped";
        return stop();
      }
      if (executor_.active().empty()) return;
      if (resumed < test_.resume.size() && find_resumable(execution_->state())) {
        execution_->wake(execution_->state().resumes, test_.resume[resumed++]);
      } else if (!time_.fire_next()) {
        outcome.status = execution_->ended() ? "" : "waiting";
        return stop();
      }
    }
  }

  void stop() {
    execution_->cancel(CancelReason::cancelled);
    execution_->wait();
    executor_.cancel_background();
  }

  void tell(CaseOutcome& outcome) {
    const execution::State& state = execution_->state();
    if (outcome.status.empty()) {
      outcome.status = status_of(execution_->outcome());
      if (execution_->error()) outcome.error = without_folder(*execution_->error());
    }
    outcome.result = without_folder(execution_->result());
    outcome.nodes = given_nodes(*file_.workflow, state);
    for (auto& [id, node] : outcome.nodes) {
      for (Items& items : node.outputs) items = without_folder(std::move(items));
    }
    outcome.requests = recorded_.requests();
    outcome.response = std::move(response_);
    outcome.files = folder_.changed();
    for (Diagnostic& fault : recorded_.faults(test_.position)) {
      outcome.faults.push_back(std::move(fault));
    }
  }

  Items without_folder(Items items) const {
    for (Item& item : items) item.json = folder_.without_folder(item.json);
    return items;
  }

  Error without_folder(const Error& error) const {
    Error result(error.cause(), error.code(), folder_.without_folder(error.message()));
    result.where = error.where;
    return result;
  }

  const TestFile& file_;
  const Case& test_;
  const Surroundings& surroundings_;
  VirtualTime time_;
  SeededRandom random_;
  CaseFolder folder_;
  BinaryStore binaries_;
  store::MemoryStore store_;
  StandInCredentials credentials_;
  RecordedServices recorded_;
  std::mutex mutex_;
  std::optional<http::ServerResponse> response_;
  std::shared_ptr<execution::ActiveExecution> execution_;
  execution::Executor executor_;  // last: its threads use the rest
};

}  // namespace

CaseOutcome run_case(const TestFile& file, const Case& test, const Surroundings& surroundings) {
  const auto begin = steady_clock::now();
  CaseOutcome outcome;
  try {
    outcome = World(file, test, surroundings).run();
  } catch (const Error& error) {
    outcome.status = "failed";
    outcome.faults.push_back({test.position, error.code(), describe(error)});
  } catch (const std::exception& exception) {
    outcome.status = "failed";
    outcome.faults.push_back({test.position, "unexpected_exception", exception.what()});
  }
  outcome.took = std::chrono::duration_cast<Milliseconds>(steady_clock::now() - begin);
  return outcome;
}

}  // namespace engine::flow_test
