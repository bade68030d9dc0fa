// Progress of a run on stderr: one live line per node on a terminal, plain lines elsewhere.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/execution/observer.h"
#include "core/workflow/workflow.h"

namespace engine::cli {

enum class ProgressStyle { live, plain, none };

/// Thread-safe. Runs of a node inside a loop are summed up in one line.
class Progress final : public execution::Observer {
 public:
  Progress(const workflow::Workflow& workflow, ProgressStyle style, bool colours,
           const Clock& clock);
  ~Progress() override;

  void run_started(const std::string& run, int attempt, std::size_t items) override;
  void run_progress(const std::string& run, std::size_t done, std::size_t total) override;
  void run_finished(const std::string& run, std::size_t items, Milliseconds took) override;
  void run_failed(const std::string& run, const Error& error,
                  std::optional<TimePoint> retry_at) override;
  void run_waiting(const std::string& run, TimePoint until) override;
  void would(const std::string& run, const std::string& what, const Value& details) override;

  /// Draws the last state and leaves the terminal alone.
  void finish();

 private:
  struct Line {
    std::string node;
    std::string state;  ///< "running", "done", "failed", "waiting", "retrying"
    std::size_t runs = 0;
    std::size_t items = 0;
    std::size_t done = 0;
    std::size_t total = 0;
    Milliseconds took{0};
    TimePoint since;
    std::string note;
  };
  Line& line(const std::string& run);
  void say(const std::string& text);
  void draw();
  std::string text_of(const Line& line) const;
  void loop();

  ProgressStyle style_;
  bool colours_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Line> lines_;  // in order of their first start
  std::map<std::string, std::size_t> by_node_;
  std::size_t drawn_ = 0;
  std::size_t name_width_ = 0;
  bool dirty_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace engine::cli
