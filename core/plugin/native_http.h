// Requests and answers of plugins: JSON heads and raw bodies.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/message.h"
#include "core/http/server_message.h"
#include "core/plugin/native_call.h"
#include "core/value/value.h"

namespace engine {
class NodeContext;
}

namespace engine::plugin {

struct NativeRequest {
  http::Request request;
  std::string slot;
};

/// Reads engine_host::send's request. Throws Error{user, "plugin_bad_request"}.
NativeRequest read_request(std::string_view json, std::string_view body);

/// What a dry run makes of a request: none that writes, or that names what another one would have
/// made, is sent. Gives what stands in for the answer, after it was shown; nothing when the request
/// may be sent.
std::optional<NativeAnswer> rehearsed(NodeContext& context, const http::Request& request);

/// Headers of the same name are joined by ", ".
NativeAnswer answer_of(http::Response response);

/// {name in lower case: text}
Value headers_object(const http::Headers& headers);
/// [[name, text]…]
Value headers_list(const http::Headers& headers);

/// {"status", "headers", "body"} of a webhook's answer. Throws Error{upstream,
/// "plugin_bad_answer"}.
http::ServerResponse read_answer(View json);

/// Checks engine_host::signature_matches. `secret_of(slot, field)` gives a field of a credential.
/// Throws Error{user, "plugin_bad_request"}.
bool signature_matches(
    std::string_view request, std::string_view bytes,
    const std::function<Value(std::string_view slot, std::string_view field)>& secret_of);

}  // namespace engine::plugin
