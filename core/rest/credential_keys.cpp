// The keys of credential types.
#include <array>

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

using enum Takes;

constexpr auto kCredential = std::to_array<Key>({
    {"credential", text, "Its id.", "", true},
    {"title", text, "What people call it."},
    {"text", text, "Where the service gives out what it holds."},
    {"fields", object_map, "What it holds; secret unless they say otherwise.", "field", true},
    {"sign", text_or_objects, "How a request is signed, in steps; or none.", "sign_step", true},
    {"hosts", texts, "Where it may be sent: names, or \"{field}\"; anywhere without."},
    {"test", object, "The request that tells whether it works.", "credential_test"},
    {"oauth2", object, "How a token is got and renewed.", "oauth2"},
});

// A field is a parameter with this.
constexpr auto kField = std::to_array<Key>({
    {"clean", word, "What is dropped from a pasted value.", "token address"},
});

constexpr auto kSignStep = std::to_array<Key>({
    {"when", any_map, "Only with these values of fields."},
    {"header", object, "A header.", "sign_pair"},
    {"query", object, "A parameter of the query.", "sign_pair"},
    {"basic", object, "HTTP Basic.", "sign_basic"},
});

constexpr auto kSignPair = std::to_array<Key>({
    {"name", text, "\"{field}\" stands for a field.", "", true},
    {"value", text, "\"{field}\" stands for a field.", "", true},
});

constexpr auto kSignBasic = std::to_array<Key>({
    {"user", text, "\"{field}\" stands for a field.", "", true},
    {"password", text, "\"{field}\" stands for a field.", "", true},
});

constexpr auto kTest = std::to_array<Key>({
    {"base", text, "The field with the address.", "", true},
    {"call", text, "METHOD /path.", "", true},
    {"details", text, "A further call, for the summary."},
    {"summary", objects, "What a good answer tells people.", "summary_part"},
    {"account", text, "Path of the account's id in the answer."},
});

constexpr auto kSummaryPart = std::to_array<Key>({
    {"at", texts, "Paths; the first that finds something counts."},
    {"before", text, "Put before it."},
});

constexpr auto kOAuth2 = std::to_array<Key>({
    {"when", any_map, "Only with these values of fields."},
    {"grant", text, "authorization_code or client_credentials.", "", true},
    {"authorize_url", text_or_objects, "Where people allow it.", "oauth2_address"},
    {"token_url", text, "Where tokens are given out.", "", true},
    {"scope", text, "Scopes, with blanks between them."},
    {"pkce", flag, "The service knows PKCE (RFC 7636)."},
    {"client_auth", text, "Where client id and secret go: body or basic."},
    {"encoding", word, "Of the request for a token.", "form json"},
    {"refresh", flag, "Tokens end, and are renewed."},
    {"parameters", text_map, "Further parameters of the authorize URL."},
    {"omit", texts, "Standard parameters that the service refuses."},
    {"answer", object, "Where the answer has what it gives.", "oauth2_answer"},
    {"hints", text_map, "Sentences for errors of the service."},
});

constexpr auto kOAuth2Address = std::to_array<Key>({
    {"when", any_map, "Only with these values of fields."},
    {"url", text, "\"{field}\" stands for a field.", "", true},
});

constexpr auto kOAuth2Answer = std::to_array<Key>({
    {"access_token", text, "A path."},
    {"refresh_token", text, "A path."},
    {"expires_in", text, "A path."},
    {"error", text, "A path."},
    {"message", text, "A path."},
});

constexpr auto kCredentialObjects = std::to_array<KeyedObject>({
    {"credential", kCredential},
    {"field_only", kField},
    {"sign_step", kSignStep},
    {"sign_pair", kSignPair},
    {"sign_basic", kSignBasic},
    {"credential_test", kTest},
    {"summary_part", kSummaryPart},
    {"oauth2", kOAuth2},
    {"oauth2_address", kOAuth2Address},
    {"oauth2_answer", kOAuth2Answer},
});

}  // namespace

std::span<const KeyedObject> credential_objects() {
  return kCredentialObjects;
}

}  // namespace engine::rest
