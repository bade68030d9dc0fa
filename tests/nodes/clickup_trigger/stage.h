// A trigger and the sandbox, each calling the other without a network.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/clickup/trigger.h"
#include "tests/nodes/clickup_sandbox/support.h"
#include "tests/support/fake_trigger_context.h"

namespace engine::clickup::test {

/// A served workflow: what the engine would do with the trigger.
class Served {
 public:
  Served(sandbox::test::Desk& desk, const std::string& url, const char* with)
      : type_(trigger()), context(type_, parse_json(with)) {
    context.public_url = url;
    context.credential = {{"api_url", "http://sandbox.example/api"}};
    context.answer = [&desk, this](const http::Request& request) {
      asked.push_back(request.method + " " + request.url.substr(26));
      return ask(desk, request);
    };
  }

  const ServiceWebhookTrigger& hook() {
    if (!chosen_) chosen_ = type_.trigger(context);
    return *std::get<std::shared_ptr<const ServiceWebhookTrigger>>(*chosen_);
  }
  /// As a new process has it: only what is stored is left.
  void restart() { chosen_.reset(); }
  void activate() { context.stored = hook().activate(context); }
  void deactivate() {
    hook().deactivate(context);
    context.stored = {};
  }
  void catch_up() { accept(hook().catch_up(context)); }
  void poll() {
    const Trigger chosen = type_.trigger(context);
    accept(std::get<std::shared_ptr<const PollTrigger>>(chosen)->poll(context));
  }
  int receive(const http::ServerRequest& request) {
    const Received received = hook().receive(context, {request, {}});
    accept(received.starts);
    return received.answer.status;
  }

  /// "event task" of every start so far, in order of arrival; forgets them.
  std::vector<std::string> started() {
    std::vector<std::string> texts;
    for (const Item& item : items_) {
      const View json = item.json.view();
      texts.push_back(to_text(json["event"]) + " " + to_text(json["task_id"]));
    }
    items_.clear();
    return texts;
  }
  const std::vector<Item>& items() const { return items_; }
  std::string id() { return to_text(context.stored["id"]); }
  const NodeType& type() const { return type_; }

  std::vector<std::string> asked;  ///< "GET /v2/…"

 private:
  static http::Response ask(sandbox::test::Desk& desk, const http::Request& request) {
    const std::string target = request.url.substr(std::string("http://sandbox.example/api").size());
    std::string body;
    for (const http::BodyPart& part : request.body.parts) body += std::get<std::string>(part);
    const sandbox::test::Reply reply = desk.ask(request.method, target, body);
    http::Response response;
    response.status = reply.status;
    response.body = reply.body;
    return response;
  }

  void accept(const Starts& starts) {
    if (starts.state) context.stored = *starts.state;
    for (const Start& start : starts.starts) {
      if (!start.dedupe_key.empty() && !known_.insert(start.dedupe_key).second) continue;
      items_.insert(items_.end(), start.items.begin(), start.items.end());
    }
  }

  NodeType type_;
  std::optional<Trigger> chosen_;
  std::set<std::string> known_;
  std::vector<Item> items_;

 public:
  engine::test::FakeTriggerContext context;
};

/// Brings deliveries to who serves their address; 502 when nobody does.
class Switchboard final : public http::Client {
 public:
  http::Response send(const http::Request& request, const Cancellation& cancellation) override {
    cancellation.check();
    const std::lock_guard lock(mutex_);
    http::ServerRequest delivery;
    delivery.method = request.method;
    delivery.headers = request.headers;
    delivery.body = std::get<std::string>(request.body.parts.front());
    http::Response response;
    const auto found = served.find(request.url);
    response.status = found == served.end() ? 502 : found->second->receive(delivery);
    statuses.push_back(response.status);
    return response;
  }

  std::map<std::string, Served*> served;
  std::vector<int> statuses;

 private:
  std::mutex mutex_;
};

constexpr const char* kUrl = "https://me.example/hooks/Flow/trigger";

/// One sandbox and any number of served workflows.
class Stage {
 public:
  Stage() : desk(options(board)) {}

  static sandbox::SandboxOptions options(Switchboard& board) {
    sandbox::SandboxOptions given = sandbox::test::Desk::small();
    given.client = &board;
    given.webhook_retry = Milliseconds(0);
    return given;
  }

  /// Makes it reachable.
  void open(Served& served) { board.served[served.context.public_url] = &served; }
  void close(Served& served) { board.served.erase(served.context.public_url); }
  void settle() { desk.sandbox.wait_until_delivered(); }
  void pass(std::int64_t ms) { desk.clock.ms += ms; }
  void tell_time(Served& served) { served.context.fake_clock.time = desk.clock.now(); }

  Value hooks() { return desk.get("/v2/team/1/webhook")["webhooks"]; }
  std::string hook_ids() { return sandbox::test::joined(hooks(), "id"); }

  Switchboard board;
  sandbox::test::Desk desk;
};

}  // namespace engine::clickup::test
