#include "core/expression/runtime.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "core/base/error.h"
#include "core/expression/embedded.h"
#include "core/expression/failure.h"
#include "core/expression/host.h"
#include "core/expression/jsc_string.h"

namespace engine::expression {
namespace {

constexpr double kPollSeconds = 0.02;  // how late a cancellation may be noticed

std::chrono::nanoseconds thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace

// ---------------------------------------------------------------- watching

Runtime::Watch::Watch(Runtime& runtime, Host& host, const Cancellation& cancellation,
                      std::chrono::milliseconds limit)
    : runtime_(runtime),
      host_(host),
      cancellation_(cancellation),
      limit_(limit),
      started_(thread_time()) {
  runtime_.watch_ = this;
  arm();
}

void Runtime::Watch::arm() {
  runtime_.jsc_.JSContextGroupSetExecutionTimeLimit(runtime_.group_, kPollSeconds, &should_stop,
                                                    this);
}

Runtime::Watch::~Watch() {
  runtime_.jsc_.JSContextGroupClearExecutionTimeLimit(runtime_.group_);
  runtime_.watch_ = nullptr;
}

void Runtime::Watch::restart() {
  started_ = thread_time();
}

bool Runtime::Watch::should_stop(JSContextRef /*context*/, void* self) {
  auto& watch = *static_cast<Watch*>(self);
  watch.stopped_ =
      watch.cancellation_.requested() || thread_time() - watch.started_ >= watch.limit_;
  // The library's timer does not begin again by itself when the answer is to go on.
  if (!watch.stopped_) watch.arm();
  return watch.stopped_;
}

// ---------------------------------------------------------------- life

Runtime::Runtime() : jsc_(JscLibrary::load()) {
  group_ = jsc_.JSContextGroupCreate();
  context_ = jsc_.JSGlobalContextCreateInGroup(group_, nullptr);
  const JSValueRef host = make_host();
  const JSValueRef prelude = evaluate(kPrelude, "engine");
  JSValueRef exception = nullptr;
  JSObjectRef function = jsc_.JSValueToObject(context_, prelude, &exception);
  const JSValueRef api =
      jsc_.JSObjectCallAsFunction(context_, function, nullptr, 1, &host, &exception);
  if (api == nullptr) fail(exception);
  api_ = jsc_.JSValueToObject(context_, api, &exception);
  jsc_.JSValueProtect(context_, api_);
  // Sources made while running could hold `async`, see javascript/core.js.
  const JscString reason(jsc_, std::string_view("Code cannot be made from text here."));
  jsc_.JSGlobalContextSetEvalEnabled(context_, false, reason);
}

Runtime::~Runtime() {
  for (const auto& [source, function] : functions_) jsc_.JSValueUnprotect(context_, function);
  if (api_ != nullptr) jsc_.JSValueUnprotect(context_, api_);
  jsc_.JSGlobalContextRelease(context_);
  jsc_.JSContextGroupRelease(group_);
}

JSValueRef Runtime::make_host() {
  JSClassDefinition definition{};
  definition.className = "Host";
  definition.callAsFunction = &on_host_call;
  JSClassRef type = jsc_.JSClassCreate(&definition);
  JSObjectRef host = jsc_.JSObjectMake(context_, type, this);
  jsc_.JSClassRelease(type);
  return host;
}

JSValueRef Runtime::on_host_call(JSContextRef context, JSObjectRef function, JSObjectRef /*self*/,
                                 std::size_t count, const JSValueRef arguments[],
                                 JSValueRef* exception) {
  auto& runtime = *static_cast<Runtime*>(JscLibrary::load().JSObjectGetPrivate(function));
  try {
    if (runtime.watch_ == nullptr) return runtime.undefined();
    return runtime.watch_->host_.call(runtime, {arguments, count});
  } catch (const std::exception& error) {
    const JSValueRef message = runtime.text(error.what());
    *exception = runtime.jsc_.JSObjectMakeError(context, 1, &message, nullptr);
    return nullptr;
  }
}

// ---------------------------------------------------------------- sources

JSValueRef Runtime::evaluate(std::string_view source, const char* url) {
  const JscString text(jsc_, source);
  const JscString name(jsc_, std::string_view(url));
  JSValueRef exception = nullptr;
  const JSValueRef value = jsc_.JSEvaluateScript(context_, text, nullptr, name, 1, &exception);
  if (value == nullptr) fail(exception);
  return value;
}

JSValueRef Runtime::function(const std::string& source, const char* url) {
  const auto found = functions_.find(source);
  if (found != functions_.end()) return found->second;
  const JscString text(jsc_, source);
  const JscString name(jsc_, std::string_view(url));
  JSValueRef exception = nullptr;
  const JSValueRef value = jsc_.JSEvaluateScript(context_, text, nullptr, name, 1, &exception);
  if (value == nullptr) {
    throw Error(ErrorCause::user, "bad_javascript", property(exception, "message"));
  }
  jsc_.JSValueProtect(context_, value);
  functions_.emplace(source, value);
  return value;
}

std::optional<Runtime::SyntaxFault> Runtime::check_syntax(const std::string& source) {
  const JscString text(jsc_, source);
  JSValueRef exception = nullptr;
  if (jsc_.JSCheckScriptSyntax(context_, text, nullptr, 1, &exception)) return std::nullopt;
  SyntaxFault fault{property(exception, "message"), 0};
  const std::string line = property(exception, "line");
  if (!line.empty() && line.size() < 9 && line.find_first_not_of("0123456789") == std::string::npos)
    fault.line = std::stoi(line);
  return fault;
}

JSValueRef Runtime::library(std::string_view name) {
  for (const JavascriptPart& part : kParts) {
    if (part.name == name) return evaluate(part.text, part.name);
  }
  return undefined();
}

// ---------------------------------------------------------------- values

JSValueRef Runtime::text(std::string_view text) const {
  return jsc_.JSValueMakeString(context_, JscString(jsc_, text));
}

JSValueRef Runtime::number(double value) const {
  return jsc_.JSValueMakeNumber(context_, value);
}

JSValueRef Runtime::undefined() const {
  return jsc_.JSValueMakeUndefined(context_);
}

std::string Runtime::to_text(JSValueRef value) const {
  return JscString(jsc_, jsc_.JSValueToStringCopy(context_, value, nullptr)).str();
}

double Runtime::to_number(JSValueRef value) const {
  return jsc_.JSValueToNumber(context_, value, nullptr);
}

std::string Runtime::property(JSValueRef object, const char* name) const {
  if (object == nullptr || !jsc_.JSValueIsObject(context_, object)) return {};
  const JscString key(jsc_, std::string_view(name));
  const JSValueRef value = jsc_.JSObjectGetProperty(
      context_, jsc_.JSValueToObject(context_, object, nullptr), key, nullptr);
  return value == nullptr || jsc_.JSValueIsUndefined(context_, value) ? "" : to_text(value);
}

std::chrono::milliseconds Runtime::time_limit() const {
  return watch_->limit_;
}

std::size_t Runtime::current_item() const {
  const JscString key(jsc_, std::string_view("state"));
  const JSValueRef state = jsc_.JSObjectGetProperty(context_, api_, key, nullptr);
  const auto number = [&](const char* name) {
    return std::strtol(property(state, name).c_str(), nullptr, 10);
  };
  return static_cast<std::size_t>(std::max(0L, number("base") + std::max(0L, number("i"))));
}

// ---------------------------------------------------------------- calls

JSValueRef Runtime::call(const char* name, const std::vector<JSValueRef>& arguments) {
  const JscString key(jsc_, std::string_view(name));
  JSValueRef exception = nullptr;
  JSObjectRef function = jsc_.JSValueToObject(
      context_, jsc_.JSObjectGetProperty(context_, api_, key, &exception), &exception);
  const JSValueRef result = function == nullptr ? nullptr
                                                : jsc_.JSObjectCallAsFunction(
                                                      context_, function, nullptr, arguments.size(),
                                                      arguments.data(), &exception);
  if (result == nullptr) fail(exception);
  return result;
}

void Runtime::fail(JSValueRef exception) const {
  if (watch_ != nullptr && watch_->stopped_) {
    watch_->cancellation_.check();
    throw Error(ErrorCause::timeout, "expression_timeout",
                "JavaScript ran longer than " + std::to_string(watch_->limit_.count()) +
                    " ms and was stopped. Make it do less, or raise 'timeout'.");
  }
  const std::string message = property(exception, "message");
  throw Error(
      ErrorCause::user, "expression_failed",
      "JavaScript failed: " +
          (message.empty() ? "no reason is given."
                           : explain({property(exception, "name"), message, 0, 0, ""}, {})));
}

}  // namespace engine::expression
