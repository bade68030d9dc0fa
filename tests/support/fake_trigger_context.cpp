#include "tests/support/fake_trigger_context.h"

#include <stdexcept>

namespace engine::test {

FakeTriggerContext::FakeTriggerContext(const NodeType& type, const Value& with)
    : type_(type),
      with_(with),
      binaries_(folder_.path() / "binaries", random_),
      log_(stderr, LogLevel::off, LogFormat::text, fake_clock) {}

Value FakeTriggerContext::parameter(std::string_view name) const {
  const Parameter* description = find_parameter(type_.description.parameters, name);
  if (description == nullptr) {
    throw std::logic_error("there is no parameter " + std::string(name));
  }
  const Value given = with_[name];
  return given.missing() ? description->default_value : normalise(*description, given);
}

http::Response FakeTriggerContext::send(http::Request request, std::string_view /*slot*/) {
  const std::lock_guard lock(mutex_);
  requests.push_back(std::move(request));
  if (answer) return answer(requests.back());
  if (responses.empty()) throw std::logic_error("no answer is left for " + requests.back().url);
  http::Response response = std::move(responses.front());
  responses.pop_front();
  return response;
}

bool FakeTriggerContext::has_credential(std::string_view /*slot*/) const {
  return !credential.empty();
}

Value FakeTriggerContext::credential_field(std::string_view field, std::string_view slot) const {
  return credential_secret(field, slot);
}

Value FakeTriggerContext::credential_secret(std::string_view field,
                                            std::string_view /*slot*/) const {
  const auto found = credential.find(field);
  return found == credential.end() ? Value() : found->second;
}

std::string FakeTriggerContext::credential_key(std::string_view /*slot*/) const {
  return credential.empty() ? "" : "acme";
}

}  // namespace engine::test
