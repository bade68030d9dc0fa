#include "core/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/cli/report.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

constexpr Milliseconds kRedraw{100};

std::string node_of(const std::string& run) {
  return run.substr(run.rfind('/') + 1);
}

std::string count(std::size_t number, const char* word) {
  return std::to_string(number) + ' ' + word + (number == 1 ? "" : "s");
}

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

const char* colour_of(const std::string& state) {
  if (state == "done") return "\033[32m";
  if (state == "failed") return "\033[31m";
  if (state == "retrying" || state == "waiting") return "\033[33m";
  return "\033[36m";
}

}  // namespace

Progress::Progress(const workflow::Workflow& workflow, ProgressStyle style, bool colours,
                   const Clock& clock)
    : style_(style), colours_(colours), clock_(clock) {
  for (const workflow::WorkflowNode* node : workflow.by_ordinal) {
    name_width_ = std::max(name_width_, node->id.size());
  }
  if (style_ == ProgressStyle::live) thread_ = std::thread([this] { loop(); });
}

Progress::~Progress() {
  finish();
}

void Progress::finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Redraws while something runs, so that times go on; the last picture stays.
void Progress::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, kRedraw);
    draw();
  }
  draw();
}

Progress::Line& Progress::line(const std::string& run) {
  const std::string node = node_of(run);
  const auto [entry, fresh] = by_node_.emplace(node, lines_.size());
  if (fresh) {
    lines_.emplace_back();
    lines_.back().node = node;
  }
  dirty_ = true;
  return lines_[entry->second];
}

void Progress::say(const std::string& text) {
  if (style_ == ProgressStyle::plain) std::fprintf(stderr, "%s\n", text.c_str());
}

std::string Progress::text_of(const Line& line) const {
  std::string text = (colours_ ? colour_of(line.state) : "") + line.state;
  text.append(9 - std::min<std::size_t>(8, line.state.size()), ' ');
  if (colours_) text += "\033[0m";
  text +=
      line.node + std::string(name_width_ + 2 - std::min(name_width_ + 1, line.node.size()), ' ');
  std::string rest;
  if (line.state == "running" && line.total > 0) {
    rest += std::to_string(line.done) + "/" + std::to_string(line.total) + "  ";
  } else if (line.state != "running") {
    rest += count(line.items, "item") + "  ";
  }
  if (line.runs > 1) rest += count(line.runs, "run") + "  ";
  rest += format_duration(line.state == "running" ? line.took + (clock_.now() - line.since)
                                                  : line.took);
  if (!line.note.empty()) rest += "  " + line.note;
  return text +
         shortened(rest, terminal_width() - std::min(terminal_width() - 20, name_width_ + 12));
}

void Progress::draw() {
  const bool running = std::any_of(lines_.begin(), lines_.end(),
                                   [](const Line& line) { return line.state == "running"; });
  if (!dirty_ && !running) return;
  dirty_ = false;
  std::string picture;
  if (drawn_ > 0) picture += "\033[" + std::to_string(drawn_) + "A";
  for (const Line& line : lines_) picture += "\033[2K" + text_of(line) + '\n';
  drawn_ = lines_.size();
  std::fwrite(picture.data(), 1, picture.size(), stderr);
  std::fflush(stderr);
}

void Progress::run_started(const std::string& run, int attempt, std::size_t items) {
  if (style_ == ProgressStyle::none) return;
  const std::lock_guard lock(mutex_);
  Line& entry = line(run);
  entry.state = "running";
  entry.since = clock_.now();
  entry.done = 0;
  entry.total = items > 1 ? items : 0;
  entry.note = attempt > 1 ? "attempt " + std::to_string(attempt) : "";
}

void Progress::run_progress(const std::string& run, std::size_t done, std::size_t total) {
  if (style_ != ProgressStyle::live) return;
  const std::lock_guard lock(mutex_);
  Line& entry = line(run);
  entry.done = done;
  entry.total = total > 1 ? total : 0;
}

void Progress::run_finished(const std::string& run, std::size_t items, Milliseconds took) {
  if (style_ == ProgressStyle::none) return;
  const std::lock_guard lock(mutex_);
  Line& entry = line(run);
  entry.state = "done";
  ++entry.runs;
  entry.items += items;
  entry.took += took;
  say("done     " + run + ": " + count(items, "item") + ", " + format_duration(took));
}

void Progress::run_failed(const std::string& run, const Error& error,
                          std::optional<TimePoint> retry_at) {
  if (style_ == ProgressStyle::none) return;
  const std::lock_guard lock(mutex_);
  Line& entry = line(run);
  entry.state = retry_at ? "retrying" : "failed";
  entry.note = error.message();
  if (retry_at) {
    const Milliseconds delay = std::max(Milliseconds(0), *retry_at - clock_.now());
    say("retrying " + run + " in " + format_duration(delay) + ": " + error.message());
  } else {
    say("failed   " + run);
  }
}

void Progress::run_waiting(const std::string& run, TimePoint until) {
  if (style_ == ProgressStyle::none) return;
  const std::lock_guard lock(mutex_);
  Line& entry = line(run);
  entry.state = "waiting";
  entry.note = until == TimePoint::max() ? "for a call of its resume URL, which engine serve takes"
                                         : "until " + format_time(until);
  say("waiting  " + run + " " + entry.note);
}

void Progress::would(const std::string& run, const std::string& what, const Value& details) {
  const std::lock_guard lock(mutex_);
  std::string text = "would    " + run + ": " + what;
  if (details.given()) text += "\n" + print_json_pretty(details);
  drawn_ = 0;  // the live lines go on below it
  std::fprintf(stderr, "%s\n", text.c_str());
}

}  // namespace engine::cli
