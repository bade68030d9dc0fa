#include "core/credential/probe.h"

#include "core/base/error.h"

namespace engine {
namespace {

// On one line and short, whatever the service sent.
std::string beginning_of(const std::string& body) {
  constexpr std::size_t kLongest = 200;
  std::size_t end = std::min(body.size(), kLongest);
  while (end > 0 && end < body.size() && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  std::string text = body.substr(0, end);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return end < body.size() ? text + "…" : text;
}

http::Response ask(const Vault& vault, http::Client& http, const Credential& credential,
                   http::Request request, const Cancellation& cancellation) {
  vault.sign(credential, request);
  return http.send(request, cancellation);
}

Error refusal(const std::string& name, const http::Response& answer) {
  Error error(ErrorCause::credential, "credential_refused",
              "The service refused the credential '" + name + "' with status " +
                  std::to_string(answer.status) + ": " + beginning_of(answer.body));
  error.http_status = answer.status;
  return error;
}

}  // namespace

Probe probe_credential(const Vault& vault, http::Client& http, const Credential& credential,
                       const Cancellation& cancellation) {
  const CredentialType& type = *credential.type;
  Probe probe;
  if (!type.test) return probe;
  const http::Response answer =
      ask(vault, http, credential, type.test(credential.fields), cancellation);
  if (!answer.ok()) throw refusal(credential.name, answer);
  if (type.test_account) probe.account = type.test_account(answer);
  if (!type.test_summary) return probe;
  probe.user = probe.summary = type.test_summary(answer);
  if (!type.test_details) return probe;
  const http::Response details =
      ask(vault, http, credential, type.test_details(credential.fields), cancellation);
  const std::string more = details.ok() ? type.test_summary(details) : "";
  if (!more.empty()) probe.summary += (probe.summary.empty() ? "" : ", ") + more;
  return probe;
}

}  // namespace engine
