// A sandbox with a clock that stands still, and short ways to ask it.
#pragma once

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

#include "core/http/message.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/sandbox.h"

namespace engine::clickup::sandbox::test {

class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return from_ms(ms); }
  std::int64_t ms = 1'790'000'000'000;
};

class FixedRandom final : public Random {
 public:
  std::uint64_t next() override { return generator_(); }

 private:
  std::mt19937_64 generator_{7};
};

struct Reply {
  int status = 0;
  Value json;  ///< missing when the body is empty or no JSON
  std::string body;
  http::Headers headers;

  Value operator[](const char* key) const { return json[key]; }
  std::string text(const char* key) const { return std::string(json[key].as_string()); }
  std::string code() const { return text("ECODE"); }
};

/// One workspace with a list of three statuses and two tasks.
constexpr std::string_view kSmallSeed = R"({"workspaces": [{
  "id": "1", "name": "Small", "plan": "Business",
  "users": [
    {"id": 11, "username": "Owner One", "email": "one@x.example", "role": 1, "token": "pk_one"},
    {"id": 12, "username": "Member Two", "email": "two@x.example", "role": 3, "token": "pk_two"}],
  "spaces": [{"id": "2", "name": "Space", "tags": ["bug", "docs"],
    "statuses": [{"status": "to do", "type": "open"}, {"status": "doing", "type": "custom"},
                 {"status": "shut", "type": "closed"}],
    "fields": [
      {"id": "f-number", "name": "Size", "type": "number"},
      {"id": "f-text", "name": "Note", "type": "short_text"},
      {"id": "f-drop", "name": "Level", "type": "drop_down", "type_config": {"options": [
        {"id": "o-low", "name": "Low", "orderindex": 0},
        {"id": "o-high", "name": "High", "orderindex": 1}]}},
      {"id": "f-labels", "name": "Areas", "type": "labels", "type_config": {"options": [
        {"id": "l-web", "label": "Web"}, {"id": "l-api", "label": "API"}]}},
      {"id": "f-users", "name": "Reviewer", "type": "users"},
      {"id": "f-check", "name": "Checked", "type": "checkbox"},
      {"id": "f-date", "name": "Seen", "type": "date"},
      {"id": "f-rating", "name": "Stars", "type": "emoji", "type_config": {"count": 5}},
      {"id": "f-progress", "name": "Done", "type": "manual_progress",
       "type_config": {"start": 0, "end": 200}},
      {"id": "f-formula", "name": "Sum", "type": "formula"}],
    "folders": [{"id": "3", "name": "Folder", "lists": [{"id": "4", "name": "List", "tasks": [
      {"id": "aaa1", "name": "First", "status": "to do", "tags": ["bug"], "assignees": [11],
       "created": "-10d", "updated": "-3d", "due_date": "2d", "fields": {"f-number": 3},
       "comments": [{"text": "Hello", "user": 12, "date": "-4d"}]},
      {"id": "aaa2", "name": "Second", "status": "doing", "priority": 2, "created": "-5d"}]}]}],
    "lists": [{"id": "5", "name": "Loose"}]}]},
  {"id": "9", "name": "Elsewhere",
   "users": [{"id": 12, "username": "Member Two", "email": "two@x.example", "role": 1}],
   "spaces": [{"id": "92", "name": "Theirs", "lists": [{"id": "94", "name": "Hidden", "tasks": [
     {"id": "zzz1", "name": "Secret"}]}]}]}]})";

class Desk {
 public:
  explicit Desk(SandboxOptions options = small())
      : token(options.seed.empty() ? kDefaultToken : "pk_one"),
        sandbox(std::move(options), clock, random) {}

  static SandboxOptions small() {
    SandboxOptions options;
    options.seed = kSmallSeed;
    return options;
  }

  /// `target` with its query, e.g. "/v2/list/4/task?page=0".
  Reply ask(const std::string& method, const std::string& target, const std::string& body = "") {
    http::ServerRequest request;
    request.method = method;
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = read_query(target.substr(mark + 1));
    if (!token.empty()) request.headers.add("Authorization", token);
    request.headers.add("Host", "127.0.0.1:8790");
    if (!body.empty()) request.headers.add("Content-Type", content_type);
    request.body = body;
    return read(sandbox.handle(request));
  }
  Reply get(const std::string& target) { return ask("GET", target); }
  Reply post(const std::string& target, const std::string& body = "") {
    return ask("POST", target, body);
  }
  Reply put(const std::string& target, const std::string& body = "") {
    return ask("PUT", target, body);
  }
  Reply patch(const std::string& target, const std::string& body = "") {
    return ask("PATCH", target, body);
  }
  Reply del(const std::string& target, const std::string& body = "") {
    return ask("DELETE", target, body);
  }

  static Reply read(const http::ServerResponse& response) {
    Reply reply;
    reply.status = response.status;
    reply.headers = response.headers;
    reply.body = response.body;
    const auto type = response.headers.find("Content-Type");
    const bool json = type && type->find("json") != std::string_view::npos;
    if (json && !response.cut_after) reply.json = parse_json(response.body, "the answer");
    return reply;
  }

  FakeClock clock;
  FixedRandom random;
  std::string token;
  std::string content_type = "application/json";
  Sandbox sandbox;

 private:
  static std::vector<std::pair<std::string, std::string>> read_query(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> query;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('&', begin), text.size());
      const std::string part = text.substr(begin, end - begin);
      const std::size_t equals = std::min(part.find('='), part.size());
      const std::string value = equals < part.size() ? part.substr(equals + 1) : "";
      query.emplace_back(http::percent_decode(part.substr(0, equals), true),
                         http::percent_decode(value, true));
      begin = end + 1;
    }
    return query;
  }
};

/// The values of a member of each element, joined: "a b".
inline std::string joined(const Value& elements, const char* key) {
  std::string text;
  for (const View one : elements.elements()) {
    text += (text.empty() ? "" : " ") + to_text(one[key]);
  }
  return text;
}

}  // namespace engine::clickup::sandbox::test
