#include "nodes/clickup/sandbox/sandbox.h"

#include <mutex>
#include <optional>
#include <thread>

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/call.h"
#include "nodes/clickup/sandbox/delivery/post_office.h"
#include "nodes/clickup/sandbox/fault.h"
#include "nodes/clickup/sandbox/rate_limiter.h"
#include "nodes/clickup/sandbox/seed/seed.h"

namespace engine::clickup::sandbox {
namespace {

/// "/api/v2/x" and "/v2/x" are the same.
std::string_view without_api(std::string_view path) {
  if (path.rfind("/api/", 0) == 0) path.remove_prefix(4);
  return path;
}

Answer error_answer(const Refusal& refusal, std::string_view path, Ms now, std::uint64_t trace) {
  if (path.rfind("/v3/", 0) != 0) {
    return reply(
        [&](Writer& w) {
          w.text("err", refusal.what());
          w.text("ECODE", refusal.code);
        },
        refusal.status);
  }
  return reply(
      [&](Writer& w) {
        w.integer("status", refusal.status);
        w.text("message", refusal.what());
        w.integer("trace_id", static_cast<std::int64_t>(trace >> 12U));
        w.integer("timestamp", now);
      },
      refusal.status);
}

/// The token as it was sent, and whether behind `Bearer`.
std::pair<std::string_view, bool> sent_token(const http::ServerRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.headers.find("Authorization");
  if (!header || header->empty()) return {"", false};
  if (header->rfind(kBearer, 0) == 0) return {header->substr(kBearer.size()), true};
  return {*header, false};
}

void write_body(Answer& answer, http::ServerResponse& response) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.headers.add(name, value);
  if (!answer.json.missing()) {
    response.body = print_json(answer.json);
    response.headers.set("Content-Type", kJsonType);
  } else if (!answer.content_type.empty()) {
    response.body = std::move(answer.text);
    response.headers.set("Content-Type", answer.content_type);
  }
}

}  // namespace

struct Sandbox::State {
  State(SandboxOptions given, const Clock& the_clock, Random& the_random)
      : options(std::move(given)),
        clock(the_clock),
        random(the_random),
        world(the_clock, the_random),
        limiter(options.rate_limit),
        router(make_router()) {
    for (const std::string& text : options.faults) faults.push_back(parse_fault(text));
  }

  const Token& caller(const http::ServerRequest& request) const;
  Answer dispatch(const http::ServerRequest& request, std::string_view path,
                  http::Headers& headers);
  const Fault* chance(const http::ServerRequest& request, std::string_view path);
  void pause(Milliseconds duration) const;

  SandboxOptions options;
  const Clock& clock;
  Random& random;
  mutable std::mutex mutex;
  World world;
  RateLimiter limiter;
  Router router;
  std::vector<Fault> faults;
  std::optional<PostOffice> office;  // last, so that its threads end before the world
};

const Token& Sandbox::State::caller(const http::ServerRequest& request) const {
  const auto [text, bearer] = sent_token(request);
  if (text.empty()) throw Refusal(401, "Authorization header required", "OAUTH_017");
  const auto found = world.tokens.find(text);
  if (found == world.tokens.end() || found->second.personal == bearer) {
    throw Refusal(401, "Token invalid", "OAUTH_025");
  }
  const User* user = world.users.find(std::to_string(found->second.user));
  if (found->second.revoked || user == nullptr || user->deleted) {
    throw Refusal(401, "Token not found", "OAUTH_019");
  }
  return found->second;
}

Answer Sandbox::State::dispatch(const http::ServerRequest& request, std::string_view path,
                                http::Headers& headers) {
  const std::lock_guard lock(mutex);
  try {
    if (!limiter.admit(std::string(sent_token(request).first), clock.now(), headers)) {
      throw Refusal(429, "Rate limit reached", "APP_002");
    }
    auto match = router.find(request.method, path);
    if (!match) throw Refusal(404, "Route not found", "APP_001");
    const Route& route = *match->route;
    const Token* token = route.open ? nullptr : &caller(request);
    Call call(world, request, std::move(*match), token);
    if (request.method != "GET") world.task_texts.forget();
    return route.handler(call);
  } catch (const Refusal& refusal) {
    return error_answer(refusal, path, to_ms(clock.now()), random.next());
  }
}

const Fault* Sandbox::State::chance(const http::ServerRequest& request, std::string_view path) {
  for (const Fault& fault : faults) {
    const double roll = static_cast<double>(random.next() >> 11U) * 0x1.0p-53;
    if (fault.matches(request.method, path) && roll < fault.probability) return &fault;
  }
  return nullptr;
}

void Sandbox::State::pause(Milliseconds duration) const {
  options.pause ? options.pause(duration) : std::this_thread::sleep_for(duration);
}

Sandbox::Sandbox(SandboxOptions options, const Clock& clock, Random& random)
    : state_(std::make_unique<State>(std::move(options), clock, random)) {
  plant_seed(state_->world, state_->options.seed);
  state_->world.base_url = state_->options.public_url;
  if (http::Client* client = state_->options.client) {
    state_->office.emplace(state_->world, state_->mutex, *client, state_->options.webhook_retry);
  }
  state_->world.events.listen([state = state_.get()](const Event& event) {
    if (state->office) state->office->post(event);
    if (state->options.on_event) state->options.on_event(event);
  });
}

Sandbox::~Sandbox() = default;

http::ServerResponse Sandbox::handle(const http::ServerRequest& request) {
  const std::string_view path = without_api(request.path);
  const Fault* fault = state_->chance(request, path);
  http::ServerResponse response;
  if (fault != nullptr && fault->kind == Fault::Kind::status) {
    Answer answer = error_answer({fault->status, "Fault on demand", "SANDBOX_FAULT"}, path,
                                 to_ms(state_->clock.now()), 0);
    write_body(answer, response);
    return response;
  }
  Answer answer = state_->dispatch(request, path, response.headers);
  write_body(answer, response);
  if (fault == nullptr) return response;
  if (fault->kind == Fault::Kind::latency) state_->pause(fault->latency);
  if (fault->kind == Fault::Kind::truncate) response.cut_after = response.body.size() / 2;
  if (fault->kind == Fault::Kind::garbage) {
    response.body = "<html><body>502 Bad Gateway";
    response.headers.set("Content-Type", "text/html");
  }
  return response;
}

std::vector<Event> Sandbox::events_since(std::uint64_t number) const {
  const std::lock_guard lock(state_->mutex);
  return state_->world.events.since(number);
}

void Sandbox::wait_until_delivered() {
  if (state_->office) state_->office->wait_until_idle();
}

bool Sandbox::routed(std::string_view method, std::string_view path) const {
  return state_->router.find(method, without_api(path)).has_value();
}

}  // namespace engine::clickup::sandbox
