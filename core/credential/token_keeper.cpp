#include "core/credential/token_keeper.h"

#include "core/base/error.h"

namespace engine {
namespace {

constexpr Milliseconds kAhead{60'000};
constexpr Milliseconds kYoung{30'000};
// Longer than the token endpoint may take to answer.
constexpr Milliseconds kLease{45'000};
constexpr Milliseconds kLook{100};

std::optional<OAuth2Settings> renewable(const Credential& credential) {
  if (!credential.type->oauth2) return std::nullopt;
  auto settings = credential.type->oauth2(credential.fields);
  if (!settings || !settings->renewable()) return std::nullopt;
  const bool possible = settings->grant == OAuth2Settings::Grant::client_credentials ||
                        credential.fields[kRefreshToken].given();
  return possible ? settings : std::nullopt;
}

// Not known to end: never.
TimePoint expiry_of(const Credential& credential) {
  return parse_time(credential.fields[kExpiresAt].as_string()).value_or(TimePoint::max());
}

bool same_token(const Credential& a, const Credential& b) {
  return a.fields[kAccessToken].equals(b.fields[kAccessToken]);
}

Error not_renewed(const Credential& credential, const Error& reason) {
  Error error(ErrorCause::credential, "token_not_renewed",
              "The token of the credential '" + credential.name + "' could not be renewed. " +
                  reason.message() + " Connect it again: `engine credentials connect " +
                  credential.name + "`.");
  error.http_status = reason.http_status;
  return error;
}

Value with_or_without(const Value& fields, const CredentialType& type, const char* name,
                      const Value& value) {
  if (find_parameter(type.fields, name) == nullptr) return fields;
  return value.missing() ? without_path(fields, {name}) : with_path(fields, {name}, value);
}

}  // namespace

Value with_token(const Value& fields, const CredentialType& type, const OAuth2Token& token) {
  Value result = with_path(fields, {kAccessToken}, Value(token.access_token));
  result = with_or_without(result, type, kRefreshToken,
                           token.refresh_token.empty() ? Value() : Value(token.refresh_token));
  return with_or_without(result, type, kExpiresAt,
                         token.expires ? Value(format_time(*token.expires)) : Value());
}

TokenKeeper::TokenKeeper(Vault& vault, store::Store& store, std::function<http::Client&()> http,
                         const Clock& clock, TokenKeeperOptions options)
    : vault_(vault),
      store_(store),
      http_(std::move(http)),
      clock_(clock),
      options_(std::move(options)) {}

bool TokenKeeper::renew_if_due(Credential& credential, const Cancellation& cancellation) {
  const bool none = !credential.fields[kAccessToken].given();
  const TimePoint ends = none ? TimePoint{} : expiry_of(credential);
  if (clock_.now() < ends - kAhead || !renewable(credential)) return false;
  try {
    return renew(credential, cancellation);
  } catch (const Error& error) {
    const bool passing =
        error.cause() == ErrorCause::upstream || error.cause() == ErrorCause::timeout;
    if (clock_.now() < ends && passing && !cancellation.requested()) return false;
    throw;
  }
}

bool TokenKeeper::renew_refused(Credential& credential, const Cancellation& cancellation) {
  if (!renewable(credential)) return false;
  Credential newest = vault_.open(credential.name);
  if (same_token(newest, credential)) {
    if (clock_.now() < newest.updated + kYoung) return false;
    return renew(credential, cancellation);
  }
  credential = std::move(newest);
  return true;
}

bool TokenKeeper::take_lease(const std::string& name) {
  const store::Lease lease = store_.credential_lease(name);
  const TimePoint now = clock_.now();
  const bool taken = lease.owner != 0 && now < lease.until && options_.alive(lease.owner);
  return !taken && store_.swap_lease(name, lease, {options_.owner, now + kLease});
}

void TokenKeeper::give_lease_back(const std::string& name) {
  const store::Lease lease = store_.credential_lease(name);
  if (lease.owner == options_.owner) store_.swap_lease(name, lease, {});
}

// Not to be cancelled: the service may have rotated the refresh token when the answer is dropped.
// It ends by the request's own limit of time.
OAuth2Token TokenKeeper::fetch(const Credential& credential, const OAuth2Settings& settings) {
  const TokenEndpoint endpoint(http_(), clock_);
  const Cancellation cancellation;
  if (settings.grant == OAuth2Settings::Grant::client_credentials) {
    return endpoint.client_credentials(settings, cancellation);
  }
  return endpoint.refresh(settings, std::string(credential.fields[kRefreshToken].as_string()),
                          cancellation);
}

// The record may have been written meanwhile: re-encrypted, then the token is stored all the same;
// or connected anew, then that counts.
void TokenKeeper::store_token(Credential& credential, const OAuth2Token& token,
                              const Value& used_refresh) {
  constexpr int kMostTries = 10;
  for (int attempt = 1;; ++attempt) {
    Credential newest = vault_.open(credential.name);
    if (!same_token(newest, credential) || !newest.fields[kRefreshToken].equals(used_refresh)) {
      credential = std::move(newest);
      return;
    }
    newest.fields = with_token(newest.fields, *newest.type, token);
    try {
      vault_.replace(newest);
    } catch (const Error& error) {
      if (error.code() != "credential_changed" || attempt == kMostTries) throw;
      continue;
    }
    credential = vault_.open(credential.name);
    return;
  }
}

bool TokenKeeper::renew(Credential& credential, const Cancellation& cancellation) {
  const auto turn = flights_.enter(credential.name, cancellation);
  while (true) {
    Credential newest = vault_.open(credential.name);
    if (!same_token(newest, credential)) {
      credential = std::move(newest);
      return true;
    }
    if (take_lease(credential.name)) break;
    if (!options_.wait(kLook, cancellation)) cancellation.check();
  }
  struct Lease {
    TokenKeeper& keeper;
    const std::string name;
    // A lease that cannot be given back ends by itself.
    ~Lease() {
      try {
        keeper.give_lease_back(name);
      } catch (const Error&) {  // NOLINT(bugprone-empty-catch)
      }
    }
  } const lease{*this, credential.name};
  // Between the look and the lease somebody may have been through with it.
  Credential newest = vault_.open(credential.name);
  const bool changed = !same_token(newest, credential);
  credential = std::move(newest);
  if (changed) return true;
  const auto settings = renewable(credential);
  if (!settings) return false;
  try {
    store_token(credential, fetch(credential, *settings), credential.fields[kRefreshToken]);
  } catch (const Error& error) {
    if (error.code() == "oauth2_refused" || error.code() == "oauth2_bad_answer") {
      throw not_renewed(credential, error);
    }
    throw;
  }
  return true;
}

}  // namespace engine
