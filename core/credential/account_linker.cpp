#include "core/credential/account_linker.h"

#include "core/base/error.h"
#include "core/credential/token_keeper.h"

namespace engine {
namespace {

// "Ada Okafor" as "ada-okafor": what may stand in the name of a credential.
std::string slug(const std::string& text) {
  constexpr std::size_t kLongest = 40;
  std::string result;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      result += upper ? static_cast<char>(c | 0x20) : c;
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
    if (result.size() == kLongest) break;
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result.empty() ? "account" : result;
}

}  // namespace

OAuth2Settings LinkTarget::settings() const {
  auto settings = type->oauth2 ? type->oauth2(fields) : std::nullopt;
  if (settings) {
    const bool secret_needed = !settings->pkce && settings->client_secret.empty();
    if (!settings->client_id.empty() && !secret_needed) return *settings;
    throw Error(ErrorCause::user, "bad_parameter",
                "The client id and the client secret of the app are needed: --field client_id=… "
                "--field client_secret=-, or a profile that has them: --profile NAME.");
  }
  throw Error(ErrorCause::user, "no_oauth2",
              "A credential of the type '" + type->id +
                  "' with these fields is not connected; its secret is entered with `engine "
                  "credentials add`.");
}

LinkedAccount AccountLinker::with_code(const LinkTarget& target, const Authorization& authorization,
                                       const std::string& code, const Cancellation& cancellation) {
  const TokenEndpoint endpoint(http_, clock_);
  return finish(target, endpoint.exchange(target.settings(), authorization, code, cancellation),
                cancellation);
}

LinkedAccount AccountLinker::with_client_credentials(const LinkTarget& target,
                                                     const Cancellation& cancellation) {
  const TokenEndpoint endpoint(http_, clock_);
  return finish(target, endpoint.client_credentials(target.settings(), cancellation), cancellation);
}

std::string AccountLinker::name_for(const LinkTarget& target, const Probe& probe) const {
  if (!target.name.empty()) return target.name;
  for (const CredentialSummary& known : vault_.list()) {
    if (probe.account.empty() || known.profile != target.profile) continue;
    if (vault_.open(known.name).fields[kAccount].as_string() == probe.account) return known.name;
  }
  constexpr std::size_t kLongestProfile = 50;  // a name has at most 100 characters
  const std::string wanted = target.profile.substr(0, kLongestProfile) + "-" + slug(probe.user);
  std::string name = wanted;
  for (int i = 2; vault_.exists(name); ++i) name = wanted + "-" + std::to_string(i);
  return name;
}

LinkedAccount AccountLinker::finish(const LinkTarget& target, const OAuth2Token& token,
                                    const Cancellation& cancellation) {
  Credential credential;
  credential.name = target.name.empty() ? target.profile : target.name;
  credential.type = target.type;
  credential.profile = target.profile;
  credential.fields = with_token(target.fields, *target.type, token);
  const Probe probe = probe_credential(vault_, http_, credential, cancellation);
  if (!probe.account.empty() && find_parameter(target.type->fields, kAccount) != nullptr) {
    credential.fields = with_path(credential.fields, {kAccount}, Value(probe.account));
  }
  cancellation.check();
  credential.name = name_for(target, probe);
  if (vault_.exists(credential.name)) {
    credential.revision = vault_.open(credential.name).revision;
    vault_.replace(credential);
  } else {
    vault_.add(credential.name, target.type->id, credential.fields, target.profile);
  }
  return {credential.name, probe.summary};
}

}  // namespace engine
