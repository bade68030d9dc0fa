#include "core/trigger/dispatcher.h"

#include <algorithm>

namespace engine::trigger {

using workflow::WhenFull;

bool Dispatcher::fits(const Pass& pass) const {
  if (running_ >= options_.most_running) return false;
  return std::all_of(pass.limits.begin(), pass.limits.end(), [&](const Limit& limit) {
    const auto group = groups_.find(limit.group);
    return group == groups_.end() || group->second.size() < limit.most;
  });
}

void Dispatcher::take(const Pass& pass) {
  ++running_;
  for (const Limit& limit : pass.limits) groups_[limit.group].push_back(pass.execution);
}

Dispatcher::Decision Dispatcher::admit(const Pass& pass, bool may_skip) {
  const std::lock_guard lock(mutex_);
  Decision decision;
  for (const Limit& limit : pass.limits) {
    const auto group = groups_.find(limit.group);
    if (group == groups_.end() || group->second.size() < limit.most || !may_skip) continue;
    if (limit.when_full == WhenFull::skip) return {Verdict::skip, {}};
    if (limit.when_full == WhenFull::cancel_oldest)
      decision.cancel.push_back(group->second.front());
  }
  Lane* lane = nullptr;
  if (const auto found = lanes_.find(pass.workflow); found != lanes_.end()) lane = &found->second;
  const bool first = lane == nullptr || (lane->jobs.empty() && lane->promised == 0);
  const bool own_queue = !pass.limits.empty();  // one key that is full does not hold up another
  if ((first || own_queue) && (fits(pass) || !decision.cancel.empty())) {
    take(pass);
    return decision;
  }
  decision.cancel.clear();
  const std::size_t waiting = lane == nullptr ? 0 : lane->jobs.size() + lane->promised;
  if (may_skip &&
      (queued_ >= options_.most_queued || waiting >= options_.most_queued_per_workflow)) {
    return {Verdict::refuse, {}};
  }
  ++lanes_[pass.workflow].promised;
  ++queued_;
  decision.verdict = Verdict::queue;
  return decision;
}

void Dispatcher::hold(const Pass& pass) {
  const std::lock_guard lock(mutex_);
  for (const Limit& limit : pass.limits) groups_[limit.group].push_back(pass.execution);
}

void Dispatcher::enqueue(Pass pass, std::function<void()> run) {
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[pass.workflow];
  --lane.promised;
  lane.jobs.push_back({std::move(pass), std::move(run)});
  give_turns();
}

void Dispatcher::withdraw(const Pass& pass) {
  const std::lock_guard lock(mutex_);
  const auto lane = lanes_.find(pass.workflow);
  --lane->second.promised;
  --queued_;
  if (lane->second.jobs.empty() && lane->second.promised == 0) lanes_.erase(lane);
}

void Dispatcher::finished(const Pass& pass) {
  const std::lock_guard lock(mutex_);
  --running_;
  for (const Limit& limit : pass.limits) {
    const auto group = groups_.find(limit.group);
    if (group == groups_.end()) continue;
    const auto place = std::find(group->second.begin(), group->second.end(), pass.execution);
    if (place != group->second.end()) group->second.erase(place);
    if (group->second.empty()) groups_.erase(group);
  }
  give_turns();
}

void Dispatcher::waits(bool waiting) {
  const std::lock_guard lock(mutex_);
  if (!waiting) {
    ++running_;
    return;
  }
  --running_;
  give_turns();
}

bool Dispatcher::remove(const std::string& execution) {
  const std::lock_guard lock(mutex_);
  for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
    auto& jobs = lane->second.jobs;
    const auto job = std::find_if(jobs.begin(), jobs.end(), [&](const Job& each) {
      return each.pass.execution == execution;
    });
    if (job == jobs.end()) continue;
    jobs.erase(job);
    --queued_;
    if (jobs.empty() && lane->second.promised == 0) lanes_.erase(lane);
    return true;
  }
  return false;
}

// One job of each workflow in turn, as long as there is room. Requires the mutex.
void Dispatcher::give_turns() {
  std::size_t idle_lanes = 0;
  while (!lanes_.empty() && running_ < options_.most_running && idle_lanes < lanes_.size()) {
    auto lane = lanes_.upper_bound(last_turn_);
    if (lane == lanes_.end()) lane = lanes_.begin();
    last_turn_ = lane->first;
    auto& jobs = lane->second.jobs;
    const auto job =
        std::find_if(jobs.begin(), jobs.end(), [&](const Job& each) { return fits(each.pass); });
    if (job == jobs.end()) {
      ++idle_lanes;
      continue;
    }
    idle_lanes = 0;
    take(job->pass);
    --queued_;
    std::function<void()> run = std::move(job->run);
    jobs.erase(job);
    if (jobs.empty() && lane->second.promised == 0) lanes_.erase(lane);
    submit_(std::move(run));
  }
}

Dispatcher::Load Dispatcher::load() const {
  const std::lock_guard lock(mutex_);
  return {running_, queued_};
}

}  // namespace engine::trigger
