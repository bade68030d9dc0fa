// What the functions of a plugin are given: items, parameters, and what the engine does for them.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge.h"

namespace engine::sdk {

/// An input item: the index of its input, and its own there.
using Origin = engine_origin;

struct Item {
  Json json;                      ///< an object
  Json binary{};                  ///< missing, or {name: what write_binary gave}
  std::vector<Origin> origins{};  ///< which input items it was made from
};
using Items = std::vector<Item>;

struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> query{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  std::int64_t timeout_ms = 60'000;
  int attempts = 3;  ///< tries in all, only where repeating is safe

  /// Sends JSON.
  Request& json(const Json& value) {
    headers.emplace_back("Content-Type", "application/json");
    body = value.print();
    return *this;
  }
};

struct Response {
  int status = 0;
  Json headers;  ///< {name in lower case: text}
  std::string body;
  bool ok() const { return status >= 200 && status < 300; }
  Json json() const { return Json::parse(body); }
};

/// The part that all calls share. Everything may be called from any thread, until the function that
/// was given the context returns. Functions throw Error.
class CallContext {
 public:
  CallContext(const engine_host& host, engine_call* call)
      : host_(host), call_(call), facts_(Json::parse(detail::view_of(host.facts(call)))) {}
  virtual ~CallContext() = default;
  CallContext(const CallContext&) = delete;
  CallContext& operator=(const CallContext&) = delete;

  std::string timezone() const { return std::string(facts_["timezone"].as_string()); }
  /// Milliseconds since 1970. Tests of workflows fix it.
  std::int64_t now_ms() const { return host_.now_ms(call_); }
  /// Nothing: there is no limit.
  std::optional<std::int64_t> time_left_ms() const {
    const std::int64_t left = host_.time_left_ms(call_);
    return left < 0 ? std::nullopt : std::optional(left);
  }

  bool cancelled() const { return host_.cancelled(call_) != ENGINE_RUNS; }
  /// Throws Error{cancelled} or Error{timeout} once the run is to stop.
  void check_cancelled() const {
    const std::int32_t reason = host_.cancelled(call_);
    if (reason == ENGINE_RUNS) return;
    if (reason == ENGINE_TIMED_OUT) throw Error(ErrorCause::timeout, "timeout", "Time is up.");
    throw Error(ErrorCause::cancelled, "cancelled", "The run was cancelled.");
  }

  /// Signs with the credential of the slot, when the node has one there, and sends. An answer of
  /// any status is returned; the secret is never seen here.
  Response send(const Request& request, std::string_view slot = "") const {
    Json query = Json::object();
    for (const auto& [name, value] : request.query) query.set(name, value);
    Json headers = Json::object();
    for (const auto& [name, value] : request.headers) headers.set(name, value);
    const std::string head = Json::object({{"method", request.method},
                                           {"url", request.url},
                                           {"query", query},
                                           {"headers", headers},
                                           {"slot", slot},
                                           {"timeout_ms", request.timeout_ms},
                                           {"attempts", request.attempts}})
                                 .print();
    detail::Owned answer;
    detail::Owned body;
    detail::require(host_.send(call_, detail::borrow(head), detail::borrow(request.body),
                               &answer.owned, &body.owned),
                    answer);
    const Json read = Json::parse(answer.text());
    return {static_cast<int>(read["status"].as_integer()), read["headers"],
            std::string(body.text())};
  }

  bool has_credential(std::string_view slot = "") const {
    for (const Json& name : facts_["credentials"].elements()) {
      if (name.as_string() == slot) return true;
    }
    return false;
  }
  /// A field of the credential that is not secret; missing when there is none.
  Json credential_field(std::string_view field, std::string_view slot = "") const {
    detail::Owned json;
    detail::require(
        host_.credential_field(call_, detail::borrow(slot), detail::borrow(field), &json.owned),
        json);
    return json.text().empty() ? Json() : Json::parse(json.text());
  }

  /// All bytes of a member of Item::binary.
  std::string read_binary(const Json& binary) const {
    const std::string reference = binary.print();
    std::string bytes;
    while (true) {
      detail::Owned piece;
      detail::require(host_.binary_read(call_, detail::borrow(reference), bytes.size(),
                                        std::size_t{4} << 20U, &piece.owned),
                      piece);
      if (piece.text().empty()) return bytes;
      bytes += piece.text();
    }
  }
  /// A member for Item::binary.
  Json write_binary(std::string_view bytes, std::string_view mime_type,
                    std::string_view file_name) const {
    detail::Owned begun;
    std::uint64_t writer = 0;
    detail::require(host_.binary_begin(call_, &writer, &begun.owned), begun);
    constexpr std::size_t kPiece = std::size_t{4} << 20U;
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      detail::Owned written;
      detail::require(host_.binary_write(call_, writer, detail::borrow(bytes.substr(at, kPiece)),
                                         &written.owned),
                      written);
    }
    detail::Owned json;
    detail::require(host_.binary_finish(call_, writer, detail::borrow(mime_type),
                                        detail::borrow(file_name), &json.owned),
                    json);
    return Json::parse(json.text());
  }

  void log_debug(std::string_view message) const { log(ENGINE_LOG_DEBUG, message); }
  void log_info(std::string_view message) const { log(ENGINE_LOG_INFO, message); }
  void log_warn(std::string_view message) const { log(ENGINE_LOG_WARN, message); }
  void log_error(std::string_view message) const { log(ENGINE_LOG_ERROR, message); }

 protected:
  const engine_host& host() const { return host_; }
  engine_call* call() const { return call_; }
  const Json& facts() const { return facts_; }

  Json parameter_of(std::string_view name, std::size_t item) const {
    engine_borrowed json{};
    detail::Owned error;
    detail::require(host_.parameter(call_, detail::borrow(name), item, &json, &error.owned), error);
    return json.size == 0 ? Json() : Json::parse(detail::view_of(json));
  }

 private:
  void log(std::int32_t level, std::string_view message) const {
    host_.log(call_, level, detail::borrow(message));
  }

  const engine_host& host_;
  engine_call* call_;
  Json facts_;
};

/// A node run.
class NodeContext final : public CallContext {
 public:
  using CallContext::CallContext;

  std::size_t input_count() const { return host().input_count(call()); }
  std::size_t item_count(std::size_t input = 0) const { return host().item_count(call(), input); }
  /// Read on first use; valid until the call ends.
  const Items& input(std::size_t index = 0) const {
    const std::lock_guard lock(mutex_);
    const auto found = inputs_.find(index);
    if (found != inputs_.end()) return found->second;
    Items items;
    const std::size_t count = item_count(index);
    items.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view binary = detail::view_of(host().item_binary_json(call(), index, i));
      items.push_back({Json::unread(detail::view_of(host().item_json(call(), index, i))),
                       binary.empty() ? Json() : Json::unread(binary),
                       {}});
    }
    return inputs_.emplace(index, std::move(items)).first->second;
  }

  /// The value for an item of the first input: checked, defaults filled in; missing when not given.
  Json parameter(std::string_view name, std::size_t item = 0) const {
    return parameter_of(name, item);
  }
  /// A `late` parameter; members of `extra` are further names in it, and begin with `$`.
  Json evaluate(std::string_view name, std::size_t item, const Json& extra) const {
    const std::string names = extra.print();
    detail::Owned json;
    detail::require(
        host().evaluate(call(), detail::borrow(name), item, detail::borrow(names), &json.owned),
        json);
    return json.text().empty() ? Json() : Json::parse(json.text());
  }

  /// Small values of this node, kept between executions; missing when nothing was stored.
  Json stored(std::string_view key) const {
    detail::Owned json;
    detail::require(host().stored(call(), detail::borrow(key), &json.owned), json);
    return json.text().empty() ? Json() : Json::parse(json.text());
  }
  void store(std::string_view key, const Json& value) const {
    const std::string text = value.print();
    detail::Owned error;
    detail::require(host().store(call(), detail::borrow(key), detail::borrow(text), &error.owned),
                    error);
  }

  /// Shown live; `total` 0 when unknown.
  void progress(std::size_t done, std::size_t total) const { host().progress(call(), done, total); }
  /// How many items may be in flight.
  std::size_t concurrency() const {
    return static_cast<std::size_t>(facts()["concurrency"].as_integer(1));
  }
  /// Nothing outside may change. Requests are looked after by `send`.
  bool dry_run() const { return facts()["dry_run"].as_bool(); }
  /// A failing item must not stop the others.
  bool keeps_going() const { return facts()["keeps_going"].as_bool(); }

  /// For what makes its items one by one; NodeResult is given by the SDK.
  void give(const Item& item, std::size_t output = 0) const {
    std::string json;
    std::string binary;
    const std::string_view binary_text =
        item.binary.missing() ? std::string_view() : item.binary.text(binary);
    const engine_item given{sizeof(engine_item),
                            static_cast<std::uint32_t>(output),
                            detail::borrow(item.json.text(json)),
                            detail::borrow(binary_text),
                            item.origins.data(),
                            item.origins.size()};
    detail::Owned error;
    detail::require(host().give(call(), &given, &error.owned), error);
  }
  void fail_item(std::size_t item, const Error& error) const {
    const std::string document = detail::document(error);
    detail::Owned refused;
    detail::require(host().fail_item(call(), item, detail::borrow(document), &refused.owned),
                    refused);
  }
  void leave_item(std::size_t item) const {
    detail::Owned refused;
    detail::require(host().leave_item(call(), item, &refused.owned), refused);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::map<std::size_t, Items> inputs_;
};

/// One trigger node of one served workflow.
class TriggerContext final : public CallContext {
 public:
  using CallContext::CallContext;

  std::string workflow() const { return std::string(facts()["workflow"].as_string()); }
  std::string node() const { return std::string(facts()["node"].as_string()); }
  /// Where the outside reaches this trigger; empty when the server has no public URL.
  std::string url() const { return std::string(facts()["url"].as_string()); }
  /// What was stored last for this trigger; missing at first.
  Json state() const { return facts()["state"]; }
  Json parameter(std::string_view name) const { return parameter_of(name, 0); }

  struct Signature {
    std::string algorithm = "sha256";
    std::string encoding = "hex";  ///< or "base64"
    std::string signature;         ///< as it came in
    std::string key{};             ///< of the registration; or
    std::string field{};           ///< a field of the credential
    std::string slot{};
  };
  /// Whether an HMAC of `bytes` is right, in constant time.
  bool signature_matches(const Signature& what, std::string_view bytes) const {
    Json request = Json::object({{"algorithm", what.algorithm},
                                 {"encoding", what.encoding},
                                 {"signature", what.signature}});
    if (what.field.empty()) {
      request.set("key", what.key);
    } else {
      request.set("field", what.field).set("slot", what.slot);
    }
    const std::string text = request.print();
    detail::Owned answer;
    detail::require(host().signature_matches(call(), detail::borrow(text), detail::borrow(bytes),
                                             &answer.owned),
                    answer);
    return answer.text() == "true";
  }
};

}  // namespace engine::sdk
