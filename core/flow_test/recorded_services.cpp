#include "core/flow_test/recorded_services.h"

#include <algorithm>

#include "core/value/json.h"

namespace engine::flow_test {
namespace {

constexpr std::size_t kMostNear = 3;
constexpr std::size_t kLongestBody = 300;

std::string shown_body(const SeenRequest& request) {
  std::string body;
  if (!request.json.missing()) body = print_json(request.json);
  if (request.form) body = http::encode_query(*request.form);
  if (request.text) body = *request.text;
  if (body.empty()) return "";
  if (body.size() > kLongestBody) {
    std::size_t end = kLongestBody;
    while ((static_cast<unsigned char>(body[end]) & 0xc0U) == 0x80U) --end;  // whole characters
    body.resize(end);
    body += "…";
  }
  return " with the body " + body;
}

Error failure(const Exchange& exchange, const SeenRequest& request) {
  const std::string what = request.method + " " + request.url;
  if (exchange.fails == "timeout") {
    return Error(ErrorCause::timeout, "request_timeout", what + ": no answer came in time.");
  }
  return Error(ErrorCause::upstream, exchange.fails,
               what + (exchange.fails == "connection_failed" ? ": no connection could be made."
                                                             : ": the connection was lost."));
}

}  // namespace

RecordedServices::RecordedServices(const std::vector<Exchange>& exchanges, VirtualTime& time,
                                   Random& random, std::function<http::Client&()> network)
    : exchanges_(exchanges),
      time_(time),
      network_(std::move(network)),
      client_(time, random, options()),
      used_(exchanges.size(), 0) {}

http::ClientOptions RecordedServices::options() {
  http::ClientOptions result;
  result.wait = [this](Milliseconds time, const Cancellation& cancellation) {
    time_.pass_until(time_.now() + time);
    return !cancellation.requested();
  };
  result.answer = [this](const http::Request& request, const http::Url& url) {
    return answer(request, url);
  };
  return result;
}

http::Response RecordedServices::send(const http::Request& request,
                                      const Cancellation& cancellation) {
  if (network_) {
    const SeenRequest made = seen(request, http::parse_url(request.url));
    if (!recorded(made)) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(made);
      }
      return network_().send(request, cancellation);
    }
  }
  return client_.send(request, cancellation);
}

http::Response RecordedServices::answer(const http::Request& request, const http::Url& url) {
  const SeenRequest made = seen(request, url);
  const std::lock_guard lock(mutex_);
  requests_.push_back(made);
  const Exchange* exchange = take(made);
  if (exchange == nullptr) {
    refused_.push_back(not_recorded(made));
    throw refused_.back();
  }
  if (!exchange->fails.empty()) throw failure(*exchange, made);
  return exchange->response;
}

const Exchange* RecordedServices::take(const SeenRequest& request) {
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const Exchange& exchange = exchanges_[i];
    if (exchange.times && used_[i] >= *exchange.times) continue;
    if (!matches(exchange.request, request, Body::part)) continue;
    ++used_[i];
    return &exchange;
  }
  return nullptr;
}

bool RecordedServices::recorded(const SeenRequest& request) const {
  return std::any_of(exchanges_.begin(), exchanges_.end(), [&](const Exchange& exchange) {
    return matches(exchange.request, request, Body::part);
  });
}

Error RecordedServices::not_recorded(const SeenRequest& request) const {
  std::vector<std::pair<int, std::size_t>> near;
  std::string used_up;
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const RequestPattern& pattern = exchanges_[i].request;
    if (matches(pattern, request, Body::part)) {
      used_up = " The recording at " + to_string(pattern.position) + " was used already (" +
                std::to_string(used_[i]) + (used_[i] == 1 ? " time" : " times") +
                "); more requests need 'times'.";
    }
    if (const int score = nearness(pattern, request); score > 0) near.emplace_back(-score, i);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string message =
      "No recording answers " + request.line() + shown_body(request) + "." + used_up;
  if (used_up.empty() && !near.empty()) {
    message += " Near are:";
    for (std::size_t i = 0; i < std::min(near.size(), kMostNear); ++i) {
      const RequestPattern& pattern = exchanges_[near[i].second].request;
      Pairs query = pattern.query;
      message += (i > 0 ? ", " : " ") + pattern.method + " " + pattern.url +
                 (query.empty() ? "" : "?" + http::encode_query(query)) + " (" +
                 to_string(pattern.position) + ")";
    }
    message += ".";
  } else if (used_up.empty()) {
    message += " Add one below 'http' of the case.";
  }
  return {ErrorCause::user, "request_not_recorded", message};
}

std::vector<SeenRequest> RecordedServices::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<Diagnostic> RecordedServices::faults(const Position& fallback) const {
  const std::lock_guard lock(mutex_);
  std::vector<Diagnostic> faults;
  for (const Error& error : refused_) {
    const auto same = [&](const Diagnostic& fault) { return fault.message == error.message(); };
    if (std::none_of(faults.begin(), faults.end(), same)) {
      faults.push_back({fallback, error.code(), error.message()});
    }
  }
  for (std::size_t i = 0; i < exchanges_.size(); ++i) {
    const Exchange& exchange = exchanges_[i];
    if (!exchange.times || used_[i] == *exchange.times) continue;
    const std::string what = exchange.request.method + " " + exchange.request.url;
    faults.push_back(
        {exchange.request.position, "recording_not_used",
         used_[i] == 0
             ? "Nothing asked for " + what + ". Remove the recording, or say times: any."
             : "Only " + std::to_string(used_[i]) + " of " + std::to_string(*exchange.times) +
                   " requests for " + what + " were made."});
  }
  return faults;
}

}  // namespace engine::flow_test
