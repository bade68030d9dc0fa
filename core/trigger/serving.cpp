#include "core/trigger/serving.h"

#include <algorithm>
#include <condition_variable>

#include "core/base/process.h"
#include "core/execution/retention.h"

namespace engine::trigger {
namespace {

constexpr Milliseconds kTidyEvery{3'600'000};
constexpr Milliseconds kKeepKeys = std::chrono::hours(24 * 30);

std::string text_of(const Error& error) {
  return describe(error);
}

std::string stem_of(const std::string& file) {
  return std::filesystem::path(file).stem().string();
}

}  // namespace

Serving::Serving(execution::Executor& executor, const Registry& registry, Folder::Compile compile,
                 ServingOptions options)
    : executor_(executor),
      registry_(registry),
      options_(std::move(options)),
      site_{executor.services(), options_.public_url, Cancellation(),
            StateSeal(options_.state_secret)},
      dispatcher_(options_.queues,
                  [this](std::function<void()> work) { executor_.pool().submit(std::move(work)); }),
      starter_(executor, dispatcher_),
      tokens_(options_.resume_secret),
      front_(executor, starter_, tokens_, options_.front),
      clockwork_(std::make_shared<Clockwork>(executor, starter_, site_, registry_)),
      folder_(options_.places, std::move(compile)) {}

Serving::~Serving() {
  stop(Milliseconds(0));
}

void Serving::start() {
  reload();
  recover();
  watch_ = std::make_unique<FolderWatch>([this] { return folder_.folders(); }, [this] { reload(); },
                                         options_.scan);
  tidy_later();
  ready_ = true;
}

void Serving::tidy_later() {
  const TimePoint due = executor_.services().clock.now() + kTidyEvery;
  executor_.services().timers.at(due, [this] {
    executor_.pool().submit([this] {
      if (ready_) tidy();
    });
  });
}

// Removes what the files say need not be kept, and old dedupe keys.
void Serving::tidy() {
  const execution::Services& services = executor_.services();
  const TimePoint now = services.clock.now();
  try {
    services.store->prune_deliveries(now - kKeepKeys);
    for (const ServedView& view : workflows()) {
      if (!view.workflow) continue;
      if (const auto rules = execution::prune_rules(*view.workflow, now)) {
        services.store->prune(*rules);
      }
    }
    if (now - swept_ >= BinaryStore::kYoung) {
      swept_ = now;  // it reads the whole store, so not every time
      services.binaries.sweep(now - BinaryStore::kYoung,
                              [&] { return services.store->binary_references(); });
    }
  } catch (const Error& error) {
    services.log.warn("Old executions could not be removed.", {{"error", error.what()}});
  }
  tidy_later();
}

void Serving::stop(Milliseconds limit) {
  ready_ = false;
  watch_.reset();
  site_.stopping.cancel(CancelReason::cancelled);
  clockwork_->stop();
  const auto until = std::chrono::steady_clock::now() + limit;
  const auto left = [&] {
    return std::chrono::duration_cast<Milliseconds>(until - std::chrono::steady_clock::now());
  };
  starter_.wait_for_unstored(std::max(left(), Milliseconds(0)));
  std::size_t lost = starter_.unstored();
  for (const auto& execution : executor_.active()) {
    if (left().count() > 0 && !execution->waits()) execution->wait_for(left());
    const bool kept = execution->workflow().settings.durability != workflow::Durability::none;
    if (!kept && !execution->ended()) ++lost;
  }
  if (lost == 0) return;
  executor_.services().log.warn(
      "Executions that had not ended are lost: their workflows keep nothing (durability: none).",
      {{"executions", std::to_string(lost)}});
}

http::ServerResponse Serving::handle(const http::ServerRequest& request) {
  if (request.path.starts_with("/resume/")) return front_.resume(request);
  return front_.webhook(request);
}

Starter::Result Serving::run_now(const std::shared_ptr<const workflow::Workflow>& workflow,
                                 const std::string& trigger, Items items) {
  Activation asked;  // by somebody, not by what the trigger waits for
  asked.workflow = workflow->name;
  asked.node = trigger;
  const auto node = std::make_shared<TriggerNode>(site_, workflow, std::move(asked));
  Starts starts;
  starts.starts.push_back({std::move(items), ""});
  StartOptions options;
  options.mode = "api";
  return starter_.start(node, std::move(starts), std::move(options));
}

// ---------------------------------------------------------------- loading

std::shared_ptr<Serving::Served> Serving::make_served(
    const std::shared_ptr<const workflow::Workflow>& workflow) {
  auto served = std::make_shared<Served>();
  served->workflow = workflow;
  for (const workflow::WorkflowNode& node : workflow->graph.nodes) {
    if (node.type->kind != NodeKind::trigger || !node.type->trigger || node.disabled) continue;
    try {
      served->triggers.push_back(std::make_shared<TriggerNode>(
          site_, workflow, activation_of(*workflow, node, executor_.services())));
    } catch (const Error& error) {
      served->faults.push_back(text_of(error));
    }
  }
  return served;
}

// The routes of a workflow; a fault for each that another one has already.
void Serving::add_routes(Router& router, Served& served) {
  for (const auto& node : served.triggers) {
    const Trigger& trigger = node->trigger();
    const WebhookTrigger* hook = nullptr;
    if (const auto* own = std::get_if<std::shared_ptr<const WebhookTrigger>>(&trigger)) {
      hook = own->get();
    } else if (const auto* of_service =
                   std::get_if<std::shared_ptr<const ServiceWebhookTrigger>>(&trigger)) {
      hook = of_service->get();
    } else {
      continue;
    }
    try {
      const Route route = hook->route(*node);
      const std::string path = route.path.empty()
                                   ? "/hooks/" + http::percent_encode(node->workflow()) + "/" +
                                         http::percent_encode(node->node())
                                   : "/webhook/" + route.path;
      node->set_path(path);
      const TriggerNode* taken =
          router.add({split_path(path), route.methods, route.max_body_bytes, node});
      if (taken == nullptr) continue;
      served.faults.push_back("The path " + path + " of node '" + node->node() + "' in " +
                              served.workflow->file + " is that of node '" + taken->node() +
                              "' in " + taken->flow()->file +
                              " as well. Give one of them another path or another method.");
    } catch (const Error& error) {
      served.faults.push_back(text_of(error));
    }
  }
}

void Serving::reload() {
  const std::lock_guard reloading(reloading_);
  if (!folder_.refresh() && ready_) return;
  std::map<std::string, std::shared_ptr<Served>> before;
  {
    const std::lock_guard lock(mutex_);
    before = served_;
  }
  std::map<std::string, std::shared_ptr<Served>> served;
  std::map<std::string, std::vector<std::string>> faults;
  std::map<std::string, std::string> names;
  auto router = std::make_shared<Router>();
  bool complete = true;
  // Those that are served keep their names and paths against newcomers.
  std::vector<std::string> files;
  for (const auto& [file, entry] : folder_.entries()) {
    if (before.contains(file)) files.push_back(file);
  }
  for (const auto& [file, entry] : folder_.entries()) {
    if (!before.contains(file)) files.push_back(file);
  }
  for (const std::string& file : files) {
    const Folder::Entry& entry = folder_.entries().at(file);
    for (const Diagnostic& fault : entry.faults) faults[file].push_back(to_string(fault));
    if (!entry.workflow) {
      complete = false;
      continue;
    }
    const auto [name, fresh] = names.emplace(entry.workflow->name, file);
    if (!fresh) {
      faults[file].push_back("The name '" + entry.workflow->name + "' of " + file + " is that of " +
                             name->second + " as well. Give one of them another name.");
      continue;
    }
    const auto known = before.find(file);
    std::shared_ptr<Served> each =
        known != before.end() && known->second->workflow == entry.workflow
            ? known->second
            : make_served(entry.workflow);
    Router trial = *router;
    add_routes(trial, *each);
    if (!each->faults.empty()) {
      auto& own = faults[file];
      own.insert(own.end(), each->faults.begin(), each->faults.end());
      complete = false;
      names.erase(name);
      if (known == before.end() || known->second == each) continue;
      // The version before stays.
      trial = *router;
      known->second->faults.clear();
      add_routes(trial, *known->second);
      if (!known->second->faults.empty()) continue;
      each = known->second;
      names.emplace(each->workflow->name, file);
    }
    *router = std::move(trial);
    served.emplace(file, std::move(each));
  }
  std::vector<std::shared_ptr<TriggerNode>> nodes;
  for (const auto& [file, each] : served) {
    nodes.insert(nodes.end(), each->triggers.begin(), each->triggers.end());
  }
  for (const auto& [file, entry] : folder_.entries()) {
    if (entry.changed && faults.contains(file)) report(file, faults[file]);
    if (entry.changed && !faults.contains(file)) {
      executor_.services().log.info("A workflow is served.",
                                    {{"file", file}, {"workflow", entry.workflow->name}});
    }
  }
  {
    const std::lock_guard lock(mutex_);
    served_ = std::move(served);
    faults_ = std::move(faults);
  }
  // States first: a delivery on a new route meets what is known.
  clockwork_->keep(nodes, complete);
  front_.set_routes(std::move(router));
}

void Serving::report(const std::string& file, const std::vector<std::string>& faults) {
  for (const std::string& fault : faults) {
    executor_.services().log.error("A workflow file is not served as it is now.",
                                   {{"file", file}, {"fault", fault}});
  }
}

// ---------------------------------------------------------------- what was left behind

// Those that run go on at once, in the order they were begun; those that wait, when they are due.
void Serving::recover() {
  store::Store& store = *executor_.services().store;
  std::size_t count = 0;
  store::ExecutionFilter filter;
  filter.limit = 1'000'000;
  for (const store::Status status : {store::Status::waiting, store::Status::running}) {
    filter.status = status;
    std::vector<store::Execution> left = store.list_executions(filter);
    std::reverse(left.begin(), left.end());
    for (const store::Execution& record : left) {
      // A run on the command line is gone on with there.
      if (record.mode == "cli" || record.mode == "test") continue;
      if (record.owner != 0 && process_alive(record.owner)) continue;
      ++count;
      recover_one(record);
    }
  }
  if (count > 0) {
    executor_.services().log.info("Going on with executions that were left.",
                                  {{"executions", std::to_string(count)}});
  }
}

void Serving::recover_one(const store::Execution& record) {
  try {
    starter_.recover(record);
  } catch (const Error& error) {
    executor_.services().log.error("An execution cannot go on.",
                                   {{"execution", record.id}, {"error", error.what()}});
  }
}

// ---------------------------------------------------------------- views

std::vector<ServedView> Serving::workflows() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, ServedView> views;
  for (const auto& [file, faults] : faults_) views[file].faults = faults;
  for (const auto& [file, served] : served_) {
    ServedView& view = views[file];
    view.workflow = served->workflow;
    for (const auto& node : served->triggers) {
      view.triggers.push_back({node->node(), node->activation().type->description.id,
                               node->path().empty() ? "" : node->url(), clockwork_->fault(*node)});
    }
  }
  std::vector<ServedView> all;
  for (auto& [file, view] : views) {
    view.file = file;
    all.push_back(std::move(view));
  }
  return all;
}

std::shared_ptr<const workflow::Workflow> Serving::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [file, served] : served_) {
    if (served->workflow->name == name || file == name || stem_of(file) == name ||
        std::filesystem::path(file).filename() == name) {
      return served->workflow;
    }
  }
  return nullptr;
}

std::shared_ptr<const workflow::Workflow> Serving::with_text(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [file, served] : served_) {
    if (served->workflow->text == text) return served->workflow;
  }
  return nullptr;
}

}  // namespace engine::trigger
