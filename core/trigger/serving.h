// Everything that a server does with its workflows: loads them, activates their triggers, takes
// deliveries, keeps time, and goes on with what a process before it has left behind.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/trigger/clockwork.h"
#include "core/trigger/folder.h"
#include "core/trigger/folder_watch.h"
#include "core/trigger/webhook_front.h"

namespace engine::trigger {

struct ServingOptions {
  std::vector<std::filesystem::path> places;
  std::string public_url;     ///< empty: none
  std::string resume_secret;  ///< that resume URLs are signed with
  std::string state_secret;   ///< 32 bytes, that the states of triggers are sealed with
  DispatcherOptions queues;
  FrontOptions front;
  std::chrono::milliseconds scan{5000};
};

/// A workflow as it is served, for people and the API.
struct ServedView {
  std::string file;
  std::shared_ptr<const workflow::Workflow> workflow;  ///< null: no version was ever good
  std::vector<std::string> faults;                     ///< why the newest version is not served
  struct TriggerView {
    std::string node;
    std::string type;
    std::string url;    ///< empty: it has none
    std::string fault;  ///< why it is not active; empty: it is
  };
  std::vector<TriggerView> triggers;
};

/// Thread-safe.
class Serving {
 public:
  Serving(execution::Executor& executor, const Registry& registry, Folder::Compile compile,
          ServingOptions options);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  /// Loads, activates, and goes on with what was left; returns when deliveries can be taken.
  void start();
  /// No new executions; waits for those that run, at most `limit`. What is left goes on at the next
  /// start. The HTTP server is stopped before.
  void stop(Milliseconds limit);

  /// /webhook/…, /hooks/…, /resume/….
  http::ServerResponse handle(const http::ServerRequest& request);

  /// Starts a workflow now, at this trigger of it; its limits hold as they do for deliveries.
  Starter::Result run_now(const std::shared_ptr<const workflow::Workflow>& workflow,
                          const std::string& trigger, Items items);

  std::vector<ServedView> workflows() const;
  /// By its name, its file, or the name of its file; null when it is not served.
  std::shared_ptr<const workflow::Workflow> find(const std::string& name) const;
  /// A version that is served, with this very text; null when there is none.
  std::shared_ptr<const workflow::Workflow> with_text(const std::string& text) const;
  bool ready() const { return ready_; }
  /// Deliveries whose signature, credential or address was wrong.
  std::uint64_t refused() const { return front_.refused(); }
  Starter& starter() { return starter_; }
  Dispatcher& dispatcher() { return dispatcher_; }
  execution::Executor& executor() { return executor_; }

 private:
  struct Served {
    std::shared_ptr<const workflow::Workflow> workflow;
    std::vector<std::shared_ptr<TriggerNode>> triggers;
    std::vector<std::string> faults;
  };
  void reload();
  std::shared_ptr<Served> make_served(const std::shared_ptr<const workflow::Workflow>& workflow);
  void add_routes(Router& router, Served& served);
  void report(const std::string& file, const std::vector<std::string>& faults);
  void recover();
  void tidy_later();
  void tidy();
  void recover_one(const store::Execution& record);

  execution::Executor& executor_;
  const Registry& registry_;
  const ServingOptions options_;
  Site site_;
  Dispatcher dispatcher_;
  Starter starter_;
  ResumeTokens tokens_;
  WebhookFront front_;
  std::shared_ptr<Clockwork> clockwork_;
  Folder folder_;  // reload() only
  std::mutex reloading_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Served>> served_;  // by file
  std::map<std::string, std::vector<std::string>> faults_;
  std::unique_ptr<FolderWatch> watch_;
  std::atomic<bool> ready_{false};
  TimePoint swept_{};  // tidy() only
};

}  // namespace engine::trigger
