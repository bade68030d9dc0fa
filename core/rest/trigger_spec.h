// What the interpreter of declared triggers works from: one trigger of one package, as read from
// YAML. docs: core/rest/README.md describes the YAML.
//
// Texts with "{name}" are filled when a request is made or a delivery comes in: see
// trigger_values.h for the names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/rest/operation.h"

namespace engine::rest {

/// How a delivery shows that it is genuine.
struct Verification {
  enum class Kind { none, hmac, token };
  Kind kind = Kind::none;
  std::string hash;         ///< "sha256"
  std::string header;       ///< where the signature or token is; or
  std::string query;        ///< of a token
  std::string secret;       ///< text with names
  std::string signed_text;  ///< text with names
  bool base64 = false;
  std::string prefix;
  std::string part;       ///< of "t=1,v1=abc"; empty: the whole header
  std::string timestamp;  ///< text with names; empty: not checked
  Milliseconds within{};
};

struct WebhookSpec {
  std::optional<Operation> subscribe;  ///< nothing: people enter the address themselves
  std::optional<Operation> unsubscribe;
  std::optional<Operation> find;
  std::vector<std::pair<Path, std::string>> match;  ///< of a registration: place, text with names
  std::vector<std::pair<std::string, Path>> keep;   ///< name, place in a registration
  bool makes_secret = false;  ///< `secret` is sent to the service, not given by it
  Milliseconds check_every{};
  std::vector<std::string> methods;
  std::string challenge;
  Verification verify;
  std::string event;
  std::string wanted;  ///< a parameter
  std::vector<std::pair<std::string, std::string>> filter;
  Selector items;
  std::string dedupe;
  int answer = 200;
};

struct PollSpec {
  enum class CursorKind { time, time_ms, time_s, number, text };
  Operation request;
  Milliseconds every{};
  std::optional<Path> cursor;
  CursorKind cursor_kind = CursorKind::time;
  std::string dedupe;
};

struct TriggerSpec {
  std::string id;
  int version = 1;
  std::string title;
  std::string text;
  std::vector<RestParameter> parameters;
  std::vector<Rule> rules;
  std::vector<std::string> examples;
  std::optional<WebhookSpec> webhook;
  std::optional<PollSpec> poll;
  std::shared_ptr<const Package> package;

  bool has_parameter(std::string_view name) const;
};

}  // namespace engine::rest
