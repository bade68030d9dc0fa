#include "core/api/metrics.h"

#include <algorithm>
#include <cstdio>

namespace engine::api {
namespace {

constexpr std::array<double, 8> kBounds{0.005, 0.025, 0.1, 0.5, 1, 5, 30, 300};
constexpr std::size_t kMostWorkflows = 10'000;  // names come from files, but files come and go

std::string_view status_of(const execution::ActiveExecution& execution) {
  switch (execution.outcome()) {
    case execution::Outcome::success: return "success";
    case execution::Outcome::cancelled: return "cancelled";
    default: break;
  }
  const auto& error = execution.error();
  return error && error->cause() == ErrorCause::crashed ? "crashed" : "failed";
}

std::string label(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  out.append(name).append(" ").append(type).append("\n");
}

}  // namespace

void Metrics::ended(const execution::ActiveExecution& execution, TimePoint now) {
  const std::string& workflow = execution.workflow().name;
  const double seconds =
      static_cast<double>(std::max<std::int64_t>(0, (now - execution.created()).count())) / 1000;
  const std::lock_guard lock(mutex_);
  if (durations_.size() >= kMostWorkflows && !durations_.contains(workflow)) return;
  ++ended_[{workflow, std::string(status_of(execution))}];
  Durations& durations = durations_[workflow];
  ++durations.count;
  durations.seconds += seconds;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds <= kBounds[i]) ++durations.buckets[i];
  }
}

void Metrics::answered(int status) {
  const auto hundreds = static_cast<std::size_t>(status / 100);
  if (hundreds < answers_.size()) ++answers_[hundreds];
}

void Metrics::waited(Milliseconds time) {
  ++waits_;
  waited_ms_ += time.count();
}

std::string Metrics::text(const Observed& observed) const {
  const trigger::Dispatcher::Load& load = observed.load;
  const store::CommitCounts& commits = observed.commits;
  std::string out;
  head(out, "engine_executions_running", "gauge", "Executions at work.");
  out += "engine_executions_running " + std::to_string(load.running) + "\n";
  head(out, "engine_executions_queued", "gauge", "Executions that wait for their turn.");
  out += "engine_executions_queued " + std::to_string(load.queued) + "\n";
  head(out, "engine_deliveries_refused_total", "counter",
       "Deliveries whose signature, credential or address was wrong.");
  out += "engine_deliveries_refused_total " + std::to_string(observed.refused) + "\n";
  head(out, "engine_commit_seconds", "summary", "Commits of the database.");
  out += "engine_commit_seconds_sum " + number(commits.seconds) + "\n";
  out += "engine_commit_seconds_count " + std::to_string(commits.commits) + "\n";
  head(out, "engine_committed_writes_total", "counter", "Writes that went into commits.");
  out += "engine_committed_writes_total " + std::to_string(commits.writes) + "\n";
  head(out, "engine_service_wait_seconds", "summary",
       "Waits of requests for the pace of a service, or to be repeated.");
  out += "engine_service_wait_seconds_sum " +
         number(static_cast<double>(waited_ms_.load()) / 1000) + "\n";
  out += "engine_service_wait_seconds_count " + std::to_string(waits_.load()) + "\n";
  head(out, "engine_http_answers_total", "counter", "Requests answered, by class of status.");
  for (std::size_t i = 1; i < answers_.size(); ++i) {
    out += "engine_http_answers_total{class=\"" + std::to_string(i) + "xx\"} " +
           std::to_string(answers_[i].load()) + "\n";
  }
  const std::lock_guard lock(mutex_);
  head(out, "engine_executions_total", "counter", "Executions that have ended.");
  for (const auto& [key, count] : ended_) {
    out += "engine_executions_total{workflow=\"" + label(key.first) + "\",status=\"" + key.second +
           "\"} " + std::to_string(count) + "\n";
  }
  head(out, "engine_execution_seconds", "histogram", "From the start of an execution to its end.");
  for (const auto& [workflow, durations] : durations_) {
    const std::string name = "{workflow=\"" + label(workflow) + "\"";
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      out += "engine_execution_seconds_bucket" + name + ",le=\"" + number(kBounds[i]) + "\"} " +
             std::to_string(durations.buckets[i]) + "\n";
    }
    out += "engine_execution_seconds_bucket" + name + ",le=\"+Inf\"} " +
           std::to_string(durations.count) + "\n";
    out += "engine_execution_seconds_sum" + name + "} " + number(durations.seconds) + "\n";
    out += "engine_execution_seconds_count" + name + "} " + std::to_string(durations.count) + "\n";
  }
  return out;
}

}  // namespace engine::api
