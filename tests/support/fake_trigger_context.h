// A trigger node without an engine: parameters are plain values, answers of services are scripted.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/node/node.h"
#include "tests/support/fake_context.h"

namespace engine::test {

/// Parameters are normalised and get their defaults, as the engine gives them. Everything public
/// may be set before a call and read after it.
class FakeTriggerContext final : public TriggerContext {
 public:
  FakeTriggerContext(const NodeType& type, const Value& with);

  std::string workflow_name = "Flow";
  std::string node_id = "trigger";
  std::string zone = "UTC";
  std::string public_url = "https://engine.example/hooks/Flow/trigger";
  Value stored;  ///< what state() gives; put there what a call gave
  /// Answers of the service: one per request, in order, or given by `answer` when that is set.
  std::deque<http::Response> responses;
  std::function<http::Response(const http::Request&)> answer;
  std::map<std::string, Value, std::less<>> credential;  ///< its fields; empty: none is named
  FakeClock fake_clock;
  Cancellation cancel;

  std::vector<http::Request> requests;

  std::string workflow() const override { return workflow_name; }
  std::string node() const override { return node_id; }
  Value parameter(std::string_view name) const override;
  std::string timezone() const override { return zone; }
  std::string url() const override { return public_url; }
  Value state() const override { return stored; }
  http::Response send(http::Request request, std::string_view slot) override;
  bool has_credential(std::string_view slot) const override;
  Value credential_field(std::string_view field, std::string_view slot) const override;
  Value credential_secret(std::string_view field, std::string_view slot) const override;
  std::string credential_key(std::string_view slot) const override;
  BinaryStore& binaries() override { return binaries_; }
  const Cancellation& cancellation() const override { return cancel; }
  const Clock& clock() const override { return fake_clock; }
  Random& random() override { return random_; }
  Logger& log() override { return log_; }

 private:
  const NodeType& type_;
  Value with_;
  std::mutex mutex_;
  TemporaryFolder folder_;
  FakeRandom random_;
  BinaryStore binaries_;
  Logger log_;
};

}  // namespace engine::test
