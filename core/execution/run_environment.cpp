#include "core/execution/run_environment.h"

#include "core/execution/lineage.h"

namespace engine::execution {

// Outputs by node id: looked up once, so that all items of a batch see the same run.
struct RunEnvironment::Cache {
  std::mutex mutex;
  struct Found {
    std::optional<RunIndex> run;
    ItemsPtr items;
  };
  std::map<std::string, Found, std::less<>> found;
};

namespace {

ItemsPtr joined(const std::vector<ItemsPtr>& outputs) {
  if (outputs.size() == 1) return outputs[0];
  Items all;
  for (const ItemsPtr& items : outputs) all.insert(all.end(), items->begin(), items->end());
  return std::make_shared<const Items>(std::move(all));
}

}  // namespace

RunEnvironment::RunEnvironment(const workflow::Workflow& workflow, const Services& services,
                               RunView view, WithState with_state)
    : workflow_(workflow),
      services_(services),
      view_(std::move(view)),
      with_state_(std::move(with_state)),
      now_(services.clock.now()),
      cache_(std::make_shared<Cache>()) {}

RunEnvironment RunEnvironment::with(const Value& extra) const {
  RunEnvironment copy = *this;
  copy.extra_ = extra;
  return copy;
}

const Items* RunEnvironment::output_of(std::string_view id) const {
  const std::lock_guard lock(cache_->mutex);
  auto entry = cache_->found.find(id);
  if (entry == cache_->found.end()) {
    Cache::Found found;
    with_state_([&](const State& state) {
      found.run = visible_run(state, view_.scope, id);
      if (found.run) found.items = joined(state.runs[*found.run].outputs);
    });
    entry = cache_->found.emplace(std::string(id), std::move(found)).first;
  }
  return entry->second.items.get();
}

expression::Link RunEnvironment::linked(std::string_view id, std::size_t item) const {
  if (output_of(id) == nullptr) {
    return {-1, "node '" + std::string(id) + "' has not run (a branch that was not taken?)"};
  }
  const std::optional<RunIndex> run = [&] {
    const std::lock_guard lock(cache_->mutex);
    return cache_->found.find(id)->second.run;
  }();
  if (item < view_.places.size()) item = view_.places[item];
  expression::Link link;
  with_state_([&](const State& state) { link = trace(state, view_.inputs, item, *run); });
  return link;
}

Value RunEnvironment::execution_global() const {
  const std::string resume_url =
      services_.resume_url ? services_.resume_url(view_.execution_id, view_.resumes) : "";
  return Value::object({{"id", view_.execution_id},
                        {"mode", view_.mode},
                        {"resumeUrl", resume_url.empty() ? Value() : Value(resume_url)}});
}

Value RunEnvironment::env_global() const {
  ValueBuilder builder;
  builder.begin_object();
  for (const std::string& name : workflow_.settings.env) {
    const auto value = services_.environment(name);
    if (!value) continue;
    builder.key(name);
    builder.string(*value);
  }
  builder.end_object();
  return builder.finish();
}

Value RunEnvironment::global(std::string_view name) const {
  if (extra_.is_object()) {
    Value value = extra_[name];
    if (!value.missing()) return value;
  }
  if (name == "$execution") return execution_global();
  if (name == "$workflow") {
    return Value::object({{"name", workflow_.name}, {"id", workflow_.name}, {"active", true}});
  }
  if (name == "$env") return env_global();
  if (name == "$vars") return services_.variables;
  if (name == "$runIndex") return static_cast<std::int64_t>(view_.round);
  return {};
}

}  // namespace engine::execution
