#include "tests/core/execution/world.h"

namespace engine::test {

ClockTimers::~ClockTimers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

execution::Timers::Id ClockTimers::at(TimePoint due, std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  const Id id = next_++;
  queue_.emplace(std::pair(due, id), std::move(callback));
  changed_.notify_all();
  return id;
}

void ClockTimers::cancel(Id id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [&](const auto& entry) { return entry.first.second == id; });
}

void ClockTimers::await(Milliseconds after) {
  std::unique_lock lock(mutex_);
  const TimePoint due = clock_.now() + after;
  changed_.wait(lock, [&] {
    for (const auto& [key, callback] : queue_) {
      if (key.first == due) return true;
    }
    return false;
  });
}

void ClockTimers::jump(Milliseconds after) {
  await(after);
  const std::lock_guard lock(mutex_);
  clock_.set(clock_.now() + after);
  changed_.notify_all();
}

void ClockTimers::set(TimePoint now) {
  const std::lock_guard lock(mutex_);
  clock_.set(now);
  changed_.notify_all();
}

void ClockTimers::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] {
      return stopping_ || (!queue_.empty() && queue_.begin()->first.first <= clock_.now());
    });
    if (stopping_) return;
    auto entry = queue_.extract(queue_.begin());
    lock.unlock();
    entry.mapped()();
    lock.lock();
  }
}

World::World(std::shared_ptr<store::Store> kept)
    : log(stderr, LogLevel::off, LogFormat::text, clock),
      store(std::move(kept)),
      binaries(std::filesystem::temp_directory_path() / "engine-no-binaries", random),
      timers(clock),
      executor(services(), 8) {
  add_flow_types(registry);
}

execution::Services World::services() {
  execution::Services services{clock, random, log, timers, binaries,        {}, {}, store.get(),
                               {},    {},     {},  {},     Value::object(), 1};
  services.environment = [](const std::string&) { return std::nullopt; };
  services.compile = [this](const std::string& text, const std::string&) {
    return compile_flow(registry, text);
  };
  services.workflows = [this](const std::string& name, const std::string&) {
    return compile_flow(registry, texts.at(name));
  };
  return services;
}

std::shared_ptr<execution::ActiveExecution> World::start(const std::string& nodes,
                                                         const std::string& items,
                                                         const std::string& settings) {
  execution::Launch launch;
  launch.workflow = compile_flow(registry, workflow_text(nodes, settings));
  return executor.start(std::move(launch), {"", numbers(items), true, "", {}});
}

std::vector<store::Event> World::events(const std::string& id) {
  std::vector<store::Event> found;
  store->read_events(id, [&](store::Event&& event) { found.push_back(std::move(event)); });
  return found;
}

std::string World::kinds(const std::string& id) {
  std::string text;
  for (const store::Event& event : events(id)) text += (text.empty() ? "" : " ") + event.kind;
  return text;
}

}  // namespace engine::test
