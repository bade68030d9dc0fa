#include "core/trigger/webhook_front.h"

#include <condition_variable>

#include "core/base/nearest.h"
#include "core/value/json.h"

namespace engine::trigger {
namespace {

// Where a request waits for what its execution says.
class AnswerBox {
 public:
  bool put(http::ServerResponse answer) {
    const std::lock_guard lock(mutex_);
    if (answer_ || closed_) return false;
    answer_ = std::move(answer);
    changed_.notify_all();
    return true;
  }
  // Nothing when the time is up; nobody answers after that.
  std::optional<http::ServerResponse> take(Milliseconds limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return answer_.has_value(); });
    closed_ = true;
    return std::move(answer_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<http::ServerResponse> answer_;
  bool closed_ = false;
};

http::ServerResponse failed_answer(const execution::ActiveExecution& execution) {
  http::ServerResponse answer;
  answer.status = 500;
  answer.headers.set("Content-Type", "application/json");
  answer.body =
      print_json(Value::object({{"error", "The workflow failed."}, {"execution", execution.id()}}));
  return answer;
}

std::string decoded_tail(std::string_view path, std::string_view prefix) {
  return http::percent_decode(path.substr(std::min(path.size(), prefix.size())));
}

Value texts(const std::vector<std::pair<std::string, std::string>>& pairs) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : pairs) {
    builder.key(name);
    builder.string(value);
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace

http::ServerResponse plain_error(int status, std::string_view message) {
  http::ServerResponse answer;
  answer.status = status;
  answer.headers.set("Content-Type", "application/json");
  answer.body = print_json(Value::object({{"error", message}}));
  return answer;
}

WebhookFront::WebhookFront(execution::Executor& executor, Starter& starter,
                           const ResumeTokens& tokens, FrontOptions options)
    : executor_(executor),
      starter_(starter),
      tokens_(tokens),
      options_(options),
      routes_(std::make_shared<const Router>()) {}

void WebhookFront::set_routes(std::shared_ptr<const Router> routes) {
  const std::lock_guard lock(mutex_);
  routes_ = std::move(routes);
}

std::shared_ptr<const Router> WebhookFront::routes() const {
  const std::lock_guard lock(mutex_);
  return routes_;
}

http::ServerResponse WebhookFront::webhook(const http::ServerRequest& request) {
  const std::shared_ptr<const Router> routes = this->routes();
  Router::Match match = routes->find(request.method, request.path);
  if (match.entry == nullptr && !match.allowed.empty()) {
    http::ServerResponse answer = plain_error(405, "This webhook does not take this method.");
    std::string allowed;
    for (const std::string& method : match.allowed) {
      allowed += (allowed.empty() ? "" : ", ") + method;
    }
    answer.headers.set("Allow", allowed);
    return answer;
  }
  if (match.entry == nullptr) return plain_error(404, "There is nothing here.");
  if (request.body.size() > match.entry->max_body_bytes) {
    return plain_error(413, "The body is too large.");
  }
  return deliver(*match.entry, {request, std::move(match.params)});
}

http::ServerResponse WebhookFront::deliver(const RouteEntry& entry, const Delivery& delivery) {
  const TriggerNode& node = *entry.node;
  try {
    const auto& trigger = node.trigger();
    const WebhookTrigger* hook = nullptr;
    if (const auto* own = std::get_if<std::shared_ptr<const WebhookTrigger>>(&trigger)) {
      hook = own->get();
    } else {
      hook = std::get<std::shared_ptr<const ServiceWebhookTrigger>>(trigger).get();
    }
    std::unique_lock<std::mutex> changing;
    Received received = entry.node->read_for_change(
        changing, [&] { return hook->receive(*entry.node, delivery); },
        [](const Received& read) { return read.starts.state.has_value(); });
    return start(entry, std::move(received), std::move(changing));
  } catch (const Error& error) {
    executor_.services().log.error(
        "A delivery was not accepted.",
        {{"workflow", node.workflow()}, {"node", node.node()}, {"error", error.what()}});
    if (error.cause() != ErrorCause::storage) return plain_error(500, "Something went wrong.");
    http::ServerResponse answer = plain_error(503, "It cannot be stored now. Try again later.");
    answer.headers.set("Retry-After", "5");
    return answer;
  }
}

http::ServerResponse WebhookFront::start(const RouteEntry& entry, Received received,
                                         std::unique_lock<std::mutex> changing) {
  if (received.starts.starts.empty() && !received.starts.state) {
    if (received.answer.status == 401 || received.answer.status == 403) ++refused_;
    return std::move(received.answer);
  }
  StartOptions options;
  options.mode = "webhook";
  std::shared_ptr<AnswerBox> box;
  if (received.when != AnswerWhen::received) {
    box = std::make_shared<AnswerBox>();
    options.respond = [box](http::ServerResponse answer) { return box->put(std::move(answer)); };
    options.on_end = [box, when = received.when,
                      answer_with = received.answer_with](const execution::ActiveExecution& ended) {
      if (ended.outcome() != execution::Outcome::success) {
        box->put(failed_answer(ended));
      } else if (when == AnswerWhen::last_node && answer_with) {
        box->put(answer_with(ended.result()));
      } else {
        box->put({});  // the way to a `respond` node was not taken
      }
    };
  }
  const Starter::Result result =
      starter_.start(entry.node, std::move(received.starts), std::move(options));
  if (changing.owns_lock()) changing.unlock();
  if (result.refused) {
    http::ServerResponse answer = plain_error(503, "There is too much to do. Try again later.");
    answer.headers.set("Retry-After", "1");
    return answer;
  }
  if (!box || !result.started) return std::move(received.answer);
  if (auto answer = box->take(options_.answer_limit)) return std::move(*answer);
  return plain_error(504, "The workflow goes on, but it has not answered in time.");
}

http::ServerResponse WebhookFront::resume(const http::ServerRequest& request) {
  const auto claim = tokens_.verify(decoded_tail(request.path, "/resume/"));
  if (!claim) return plain_error(404, "There is nothing here.");
  if (request.method != "GET" && request.method != "POST") {
    http::ServerResponse answer = plain_error(405, "Use GET or POST.");
    answer.headers.set("Allow", "GET, POST");
    return answer;
  }
  Value body(request.body);
  const auto type = request.headers.find("Content-Type");
  if (type && type->find("json") != std::string_view::npos) {
    try {
      body = parse_json(request.body, "the body");
    } catch (const Error&) {
      return plain_error(400, "The body is not JSON.");
    }
  }
  const Value with =
      Value::object({{"method", request.method}, {"query", texts(request.query)}, {"body", body}});
  if (!wake(*claim, with)) {
    return plain_error(410, "It does not wait any more: it was resumed, or has ended.");
  }
  http::ServerResponse answer;
  answer.headers.set("Content-Type", "application/json");
  answer.body = R"({"resumed":true})";
  return answer;
}

bool WebhookFront::wake(const ResumeTokens::Claim& claim, const Value& with) {
  if (const auto running = executor_.find(claim.execution)) {
    return running->wake(claim.resumes, with);
  }
  // It waits in the store since the last start of the server.
  const auto record = executor_.services().store->find_execution(claim.execution);
  if (!record || record->finished) return false;
  try {
    return starter_.take_up(*record)->wake(claim.resumes, with);
  } catch (const Error& error) {
    if (error.code() != "execution_running") throw;
    const auto running = executor_.find(claim.execution);
    return running && running->wake(claim.resumes, with);
  }
}

}  // namespace engine::trigger
