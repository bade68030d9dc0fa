#include "core/rest/trigger_reader.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/rest/operation_reader.h"
#include "core/rest/parameter_reader.h"
#include "core/rest/path_template.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

class TriggerReader {
 public:
  TriggerReader(const Located& source, const std::string& file, TriggerSpec& spec,
                Diagnostics& diagnostics)
      : source_(source),
        file_(file),
        spec_(spec),
        diagnostics_(diagnostics),
        reader_(file, diagnostics) {}

  void read() {
    if (!reader_.check_keys(source_, "A trigger", key_names("trigger"))) return;
    spec_.version = static_cast<int>(reader_.integer(source_, "version", 1));
    spec_.title = reader_.required_text(source_, "title", "A trigger");
    spec_.text = reader_.text(source_, "text");
    spec_.examples = reader_.texts(source_, "examples");
    read_parameters();
    spec_.rules = read_rules(reader_, source_);
    if (const Located* webhook = source_.find("webhook")) read_webhook(*webhook);
    if (const Located* poll = source_.find("poll")) read_poll(*poll);
    if (!spec_.webhook && !spec_.poll) {
      reader_.fault(source_, "A trigger needs 'webhook' or 'poll'.");
    }
  }

 private:
  void read_parameters() {
    parameters_.kind = Kind::object;
    if (const Located* given = source_.find("parameters")) parameters_ = *given;
    for (LocatedMember& member : parameters_.members) {
      names_.push_back(member.key);
      if (member.value.find("send") == nullptr) add_text(member.value, "send", "none");
    }
    spec_.parameters = read_rest_parameters(reader_, parameters_);
  }

  static void add_text(Located& map, const std::string& key, const std::string& text) {
    Located value;
    value.kind = Kind::string;
    value.scalar = Value(text);
    value.line = map.line;
    value.column = map.column;
    set_member(map, key, value);
  }

  // A request of the trigger is an operation, with the trigger's parameters and `more` names.
  Operation read_call(const Located& at, const std::string& what, const std::string& object,
                      const std::vector<std::string>& more) {
    reader_.check_keys(at, "'" + what + "'", key_names(object));
    Located operation;
    operation.kind = Kind::object;
    operation.line = at.line;
    operation.column = at.column;
    add_text(operation, "title", what);
    for (const char* key : {"request", "paging", "response"}) {
      if (const Located* part = at.find(key)) set_member(operation, key, *part);
    }
    Located parameters = parameters_;
    for (const std::string& name : more) {
      if (parameters.find(name) != nullptr) continue;
      Located parameter;
      parameter.kind = Kind::object;
      add_text(parameter, "type", "any");
      add_text(parameter, "send", "none");
      set_member(parameters, name, parameter);
    }
    set_member(operation, "parameters", parameters);
    return read_operation(spec_.id, operation, file_, spec_.package, diagnostics_);
  }

  std::string templated(const Located& map, std::string_view key, std::string fallback = "") {
    std::string text = reader_.text(map, key, std::move(fallback));
    if (const Located* at = map.find(key)) check_template(*at, text);
    return text;
  }

  void check_template(const Located& at, const std::string& text) {
    constexpr const char* kPrefixes[] = {"body.", "header.", "query.",
                                         "part.", "item.",   "credential."};
    for (const std::string& name : template_names(text)) {
      const bool whole = name == "body" || name == "url" || name == "secret";
      const bool prefixed = std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                                        [&](const char* p) { return name.rfind(p, 0) == 0; });
      if (whole || prefixed || std::count(names_.begin(), names_.end(), name) > 0) continue;
      reader_.fault(at, "'{" + name +
                            "}' is no parameter, nothing that is kept, and none of {body.…}, "
                            "{header.…}, {query.…}, {item.…}, {credential.…}." +
                            did_you_mean(name, names_));
    }
  }

  Milliseconds duration(const Located& map, std::string_view key, const char* fallback) {
    const std::string text = reader_.text(map, key, fallback);
    const auto parsed = parse_duration(text);
    if (!parsed || parsed->count() < 1000) {
      reader_.fault(*map.find(key), "'" + text + "' is no duration of a second or more.");
      return std::chrono::minutes(5);
    }
    return *parsed;
  }

  void read_webhook(const Located& at) {
    WebhookSpec& webhook = spec_.webhook.emplace();
    if (!reader_.check_keys(at, "'webhook'", key_names("webhook"))) return;
    read_keep(at, webhook);
    read_calls(at, webhook);
    webhook.check_every = duration(at, "check_every", "10m");
    webhook.methods = reader_.texts(at, "methods");
    if (webhook.methods.empty()) webhook.methods = {"POST"};
    webhook.challenge = templated(at, "challenge");
    read_verify(at, webhook.verify);
    check_secret(at, webhook);
    webhook.event = templated(at, "event");
    webhook.wanted = reader_.text(at, "wanted");
    if (webhook.wanted.empty() != webhook.event.empty() ||
        (!webhook.wanted.empty() && !spec_.has_parameter(webhook.wanted))) {
      reader_.fault(at,
                    "'event' and 'wanted' belong together: what happened, and the parameter "
                    "that lists what is wanted.");
    }
    read_filter(at, webhook);
    webhook.items = reader_.selector(at, "items");
    webhook.dedupe = templated(at, "dedupe");
    webhook.answer = static_cast<int>(reader_.integer(at, "answer", 200));
    if (webhook.answer < 200 || webhook.answer > 299) {
      reader_.fault(at, "'answer' is a status from 200 to 299.");
    }
  }

  void read_keep(const Located& at, WebhookSpec& webhook) {
    for (const auto& [name, path] : reader_.text_map(at, "keep")) {
      auto parsed = parse_path(path);
      if (!parsed) reader_.fault(*at.find("keep"), "'" + path + "' is not a path.");
      webhook.keep.emplace_back(name, std::move(parsed).value_or(Path{}));
      names_.push_back(name);
    }
  }

  void read_calls(const Located& at, WebhookSpec& webhook) {
    std::vector<std::string> more{"url", "secret"};
    for (const auto& kept : webhook.keep) more.push_back(kept.first);
    if (const Located* call = at.find("subscribe")) {
      webhook.subscribe = read_call(*call, "subscribe", "webhook_call", more);
      const bool given = std::any_of(webhook.keep.begin(), webhook.keep.end(),
                                     [](const auto& kept) { return kept.first == "secret"; });
      const std::string request = print_json(to_value(*call));
      webhook.makes_secret = !given && request.find("{secret}") != std::string::npos;
    }
    if (const Located* call = at.find("unsubscribe")) {
      webhook.unsubscribe = read_call(*call, "unsubscribe", "webhook_call", more);
      // One that is gone already is no fault.
      webhook.unsubscribe->response.ignore_status = {404, 410};
    }
    if (const Located* call = at.find("find")) {
      webhook.find = read_call(*call, "find", "webhook_find", more);
      for (const auto& [path, text] : reader_.text_map(*call, "match")) {
        check_template(*call, text);
        webhook.match.emplace_back(parse_path(path).value_or(Path{}), text);
      }
      if (webhook.match.empty()) reader_.fault(*call, "'find' needs 'match'.");
    }
    if ((webhook.unsubscribe || webhook.find) && !webhook.subscribe) {
      reader_.fault(at, "'unsubscribe' and 'find' need 'subscribe'.");
    }
  }

  void read_verify(const Located& at, Verification& verify) {
    const Located* given = at.find("verify");
    if (given == nullptr) {
      reader_.fault(at,
                    "'webhook' needs 'verify', or 'verify: none' when the service shows nothing "
                    "that could be checked: then anybody can start the workflow.");
      return;
    }
    if (given->scalar.as_string() == "none") return;
    if (!reader_.check_keys(*given, "'verify'", key_names("verify"))) return;
    verify.header = reader_.text(*given, "header");
    verify.query = reader_.text(*given, "query");
    verify.secret = reader_.required_text(*given, "secret", "'verify'");
    check_template(*given, verify.secret);
    verify.signed_text = templated(*given, "signed", "{body}");
    verify.prefix = reader_.text(*given, "prefix");
    verify.part = reader_.text(*given, "part");
    verify.timestamp = templated(*given, "timestamp");
    verify.within = duration(*given, "within", "5m");
    read_kind(*given, verify);
    if (verify.secret.find('{') == std::string::npos) {
      reader_.fault(*given,
                    "A secret is not written into a package: take it from what is kept, "
                    "\"{secret}\", or from the credential, \"{credential.FIELD}\".");
    }
  }

  // Or nothing would ever be genuine.
  void check_secret(const Located& at, const WebhookSpec& webhook) {
    const bool kept = std::any_of(webhook.keep.begin(), webhook.keep.end(),
                                  [](const auto& one) { return one.first == "secret"; });
    if (kept || webhook.makes_secret) return;
    if (webhook.verify.secret.find("{secret}") == std::string::npos) return;
    reader_.fault(*at.find("verify"),
                  "There is no {secret}: 'keep' does not name it, and 'subscribe' does not send "
                  "one that the engine makes.");
  }

  void read_kind(const Located& at, Verification& verify) {
    verify.kind = Verification::Kind::token;
    if (at.find("hmac") != nullptr) {
      verify.kind = Verification::Kind::hmac;
      const auto hashes = words_of("verify", "hmac");
      const auto hash = reader_.one_of(at, reader_.text(at, "hmac"), "The hash", hashes);
      verify.hash = hashes[hash.value_or(0)];
    }
    if (at.find("encoding") != nullptr) {
      verify.base64 = reader_.one_of(at, reader_.text(at, "encoding"), "The encoding",
                                     words_of("verify", "encoding")) == 1U;
    }
    const bool hmac = verify.kind == Verification::Kind::hmac;
    if (verify.header.empty() && (hmac || verify.query.empty())) {
      reader_.fault(at, "'verify' needs 'header', the header with the signature or token.");
    }
  }

  void read_filter(const Located& at, WebhookSpec& webhook) {
    webhook.filter = reader_.text_map(at, "filter");
    for (const auto& [value, expected] : webhook.filter) {
      check_template(*at.find("filter"), value);
      check_template(*at.find("filter"), expected);
    }
  }

  void read_poll(const Located& at) {
    PollSpec& poll = spec_.poll.emplace();
    if (!reader_.check_keys(at, "'poll'", key_names("poll"))) return;
    Located call = at;
    std::erase_if(call.members, [](const LocatedMember& member) {
      return member.key != "request" && member.key != "paging" && member.key != "response";
    });
    poll.request = read_call(call, "poll", "operation", {"cursor"});
    poll.every = duration(at, "every", "5m");
    poll.cursor = reader_.path(at, "cursor");
    if (at.find("cursor_is") != nullptr) {
      const auto kind = reader_.one_of(at, reader_.text(at, "cursor_is"), "The cursor",
                                       words_of("poll", "cursor_is"));
      poll.cursor_kind = static_cast<PollSpec::CursorKind>(kind.value_or(0));
    }
    poll.dedupe = reader_.required_text(at, "dedupe", "'poll'");
    check_template(at, poll.dedupe);
  }

  const Located& source_;
  const std::string& file_;
  TriggerSpec& spec_;
  Diagnostics& diagnostics_;
  SourceReader reader_;
  Located parameters_;
  std::vector<std::string> names_;  // that templates may hold, beside those with a prefix
};

}  // namespace

bool TriggerSpec::has_parameter(std::string_view name) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const RestParameter& p) { return p.parameter.name == name; });
}

TriggerSpec read_trigger(const std::string& id, const Located& source, const std::string& file,
                         const std::shared_ptr<const Package>& package, Diagnostics& diagnostics) {
  TriggerSpec spec;
  spec.id = id;
  spec.package = package;
  TriggerReader(source, file, spec, diagnostics).read();
  return spec;
}

}  // namespace engine::rest
