#include "core/http/pooled_client.h"

#include <algorithm>

#include "core/http/client_errors.h"
#include "core/http/exchange.h"
#include "core/http/redirect.h"

namespace engine::http {
namespace {

constexpr int kMostRefusedTries = 10;

bool is_repeatable(const Request& request) {
  if (request.repeatable) return *request.repeatable;
  static constexpr std::string_view kIdempotent[] = {"GET",   "HEAD", "OPTIONS",
                                                     "TRACE", "PUT",  "DELETE"};
  return std::find(std::begin(kIdempotent), std::end(kIdempotent), request.method) !=
         std::end(kIdempotent);
}

bool is_passing_failure(int status) {
  return status == 502 || status == 503 || status == 504;
}

// Connections are shared only where the same rules opened them.
std::string place_of(const Request& request, const Url& url, const Proxy* proxy) {
  std::string place = url.origin() + (request.private_addresses ? "" : " public");
  if (proxy != nullptr) place += " via " + proxy->host + ":" + std::to_string(proxy->port);
  return place;
}

// What refuses after a redirect is not what may already have done the work.
bool was_redirected(const Request& request, const Response& response) {
  return response.url != shown_url(request);
}

Error refused_again_and_again(const Request& request, Milliseconds pause) {
  Error error(ErrorCause::rate_limited, "rate_limited",
              request.method + " " + parse_url(request.url).origin() + " was answered 429 " +
                  std::to_string(kMostRefusedTries) +
                  " times, each time after the pause that the service asked for. Try again "
                  "later, or send fewer requests.");
  error.retry_after = pause;
  error.http_status = 429;
  return error;
}

SteadyTime after(Milliseconds time) {
  constexpr Milliseconds kLongest = std::chrono::hours(24 * 365);
  return std::chrono::steady_clock::now() + std::clamp(time, Milliseconds(0), kLongest);
}

Milliseconds pause_of(const RateFacts& facts) {
  constexpr Milliseconds kShortest{1000};
  return std::max(facts.wait().value_or(kShortest), kShortest);
}

}  // namespace

PooledClient::PooledClient(const Clock& clock, Random& random, ClientOptions options)
    : clock_(clock),
      random_(random),
      options_(std::move(options)),
      connector_(options_.proxies),
      pacer_(clock, random, options_.longest_pause, options_.wait) {}

Response PooledClient::send(const Request& request, const Cancellation& cancellation) {
  check_request(request);
  parse_url(request.url);  // before anything waits for its turn
  for (int refusals = 1;; ++refusals) {
    Response response = send_repeating(request, cancellation);
    if (response.status != 429 || (!is_repeatable(request) && was_redirected(request, response))) {
      return response;
    }
    const Milliseconds pause = pause_of(rate_facts(response, clock_.now()));
    if (pause > options_.longest_pause) throw too_long_a_pause(pause, response.status);
    if (refusals == kMostRefusedTries) throw refused_again_and_again(request, pause);
    // A paced request waits in its line, where those behind it wait too.
    if (request.pace_key.empty()) {
      const auto jitter = static_cast<std::int64_t>(random_.below(250));
      options_.wait(pause + Milliseconds(jitter), cancellation);
      cancellation.check();
    }
  }
}

Response PooledClient::send_repeating(const Request& request, const Cancellation& cancellation) {
  for (int attempt = 1;; ++attempt) {
    cancellation.check();
    bool safe = is_repeatable(request);
    std::optional<Milliseconds> asked;
    try {
      Response response = send_paced(request, cancellation, safe);
      if (!is_passing_failure(response.status) || !safe || attempt >= request.attempts) {
        return response;
      }
      asked = rate_facts(response, clock_.now()).retry_after;
      if (asked && *asked > options_.longest_pause) return response;
    } catch (const Error& error) {
      const bool passing = error.code() == "connection_failed" || error.code() == "connection_lost";
      if (!passing || !safe || attempt >= request.attempts) throw;
    }
    wait_before_retry(attempt, asked, cancellation);
  }
}

Response PooledClient::send_paced(const Request& request, const Cancellation& cancellation,
                                  bool& safe) {
  if (request.pace_key.empty()) return send_following(request, cancellation, safe);
  Pacer::Pass pass = pacer_.start(request.pace_key, cancellation);
  Response response = send_following(request, cancellation, safe);
  pass.answered(rate_facts(response, clock_.now()));
  return response;
}

Response PooledClient::send_following(const Request& request, const Cancellation& cancellation,
                                      bool& safe) {
  const Wakeup wakeup;
  const Cancellation::Handle handle = cancellation.on_cancel([&wakeup] { wakeup.wake(); });
  const WireLimits limits{after(request.timeout), wakeup.fd()};
  Request current = request;
  for (int redirects = 0;; ++redirects) {
    const Url url = parse_url(current.url);
    ExchangeProgress progress;
    Response response;
    try {
      response = send_once(current, url, limits, progress);
    } catch (const WireError&) {
      cancellation.check();
      throw;
    } catch (const Error&) {
      // What was asked for certainly never left only as long as nothing has answered.
      safe = progress.consumed ? false : safe || (redirects == 0 && !progress.sent);
      throw;
    }
    if (progress.consumed) safe = false;
    response.url = shown_url(current);
    if (request.max_redirects == 0 || !is_redirect(response)) return response;
    if (redirects == request.max_redirects) {
      throw Error(ErrorCause::upstream, "bad_answer",
                  request.method + " " + url.origin() + ": more than " + std::to_string(redirects) +
                      " redirects, one after the other.");
    }
    current = redirected(current, url, response);
  }
}

Response PooledClient::send_once(const Request& request, const Url& url, const WireLimits& limits,
                                 ExchangeProgress& progress) {
  if (options_.answer) return answered(request, url, progress);
  const Proxy* proxy = connector_.proxy_for(url);
  const std::string place = place_of(request, url, proxy);
  for (;;) {
    progress = {};
    std::unique_ptr<Connection> connection = pool_.take(place);
    const bool fresh = !connection;
    Phase phase = Phase::connecting;
    try {
      if (fresh) {
        const auto connected_by = after(request.connect_timeout);
        connection = connector_.open(request, url,
                                     {std::min(limits.deadline, connected_by), limits.wake_fd});
      }
      phase = Phase::exchanging;
      Response response = exchange_messages(*connection, request, url, proxy, limits, progress);
      if (progress.reusable) pool_.put(place, std::move(connection));
      return response;
    } catch (const WireError& error) {
      if (error.fault() == WireFault::woken) throw;
      const bool gone = error.fault() == WireFault::lost || error.fault() == WireFault::closed;
      // The server closed an idle connection while the request was on its way.
      if (gone && !fresh && !progress.answered && is_repeatable(request)) continue;
      throw client_error(error, phase, request, url);
    }
  }
}

Response PooledClient::answered(const Request& request, const Url& url,
                                ExchangeProgress& progress) const {
  progress.sent = true;
  Response response = options_.answer(request, url);
  if (request.sink && response.ok()) {
    progress.consumed = true;
    request.sink(response.body);
    response.body.clear();
  }
  return response;
}

void PooledClient::wait_before_retry(int attempt, const std::optional<Milliseconds>& asked,
                                     const Cancellation& cancellation) {
  const int doublings = std::min(attempt - 1, 20);
  const Milliseconds most =
      std::min(options_.first_delay * (std::int64_t{1} << doublings), options_.longest_delay);
  const auto jitter =
      random_.below(static_cast<std::uint64_t>(std::max<std::int64_t>(most.count(), 0)) + 1);
  const Milliseconds delay =
      asked.value_or(Milliseconds(0)) + Milliseconds(static_cast<std::int64_t>(jitter));
  options_.wait(delay, cancellation);
  cancellation.check();
}

}  // namespace engine::http
