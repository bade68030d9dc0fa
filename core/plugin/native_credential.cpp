#include "core/plugin/native_http.h"
#include "core/plugin/native_types.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

// Signing is a computation: nothing of the engine belongs to it but the time.
class SignCall final : public NativeCall {
 public:
  SignCall(const Clock& clock, std::string body) : clock_(clock), body_(std::move(body)) {}

  std::string_view facts() const override { return R"({"kind":"sign"})"; }
  std::string_view body() const override { return body_; }
  std::int32_t cancelled() const override { return 0; }
  std::int64_t now_ms() override { return to_ms(clock_.now()); }
  // A line could hold what is signed with.
  void log(std::int32_t /*level*/, std::string_view /*message*/) override {}

 private:
  const Clock& clock_;
  std::string body_;
};

std::string body_text(const http::Body& body, const std::string& id) {
  std::string text;
  for (const http::BodyPart& part : body.parts) {
    const auto* bytes = std::get_if<std::string>(&part);
    if (bytes == nullptr) {
      throw Error(
          ErrorCause::user, "body_not_signed",
          "A request whose body is a file cannot be signed with a credential of the type '" + id +
              "'.");
    }
    text += *bytes;
  }
  return text;
}

void sign(const NativeMember& member, const std::string& id, const Clock& clock,
          const Value& fields, http::Request& request) {
  const Value argument =
      Value::object({{"fields", fields},
                     {"request", Value::object({{"method", request.method},
                                                {"url", request.url},
                                                {"headers", headers_list(request.headers)}})}});
  SignCall call(clock, body_text(request.body, id));
  Value answer;
  try {
    answer = parse_json(member.invoke(NativeFunction::sign, call, print_json(argument)));
  } catch (const Error& error) {
    // What was signed with may be quoted in its message.
    throw Error(ErrorCause::credential, "plugin_not_signed",
                "The plugin of the credential type '" + id + "' could not sign a request (" +
                    error.code() + ").");
  }
  for (const auto& [name, value] : answer["headers"].members()) {
    request.headers.set(name, to_text(value));
    request.secret_headers.emplace_back(name);
  }
  std::vector<std::pair<std::string, std::string>> query;
  for (const auto& [name, value] : answer["query"].members()) {
    query.emplace_back(name, to_text(value));
    request.secret_query.emplace_back(name);
  }
  if (query.empty()) return;
  request.url +=
      (request.url.find('?') == std::string::npos ? "?" : "&") + http::encode_query(query);
}

}  // namespace

CredentialType native_credential_type(const NativeMember& member, CredentialType declared,
                                      const Clock& clock) {
  if (!member.type().runs) return declared;
  declared.sign = [member, id = declared.id, &clock, before = std::move(declared.sign)](
                      const Value& fields, http::Request& request) {
    if (before) before(fields, request);
    sign(member, id, clock, fields, request);
  };
  return declared;
}

}  // namespace engine::plugin
