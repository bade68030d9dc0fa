// One JavaScript engine with its own global object: compiles functions and calls them under a
// limit.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/expression/jsc_library.h"

namespace engine::expression {

class Host;

/// Used by one thread at a time; which one may change. Errors of user code inside calls are results
/// of the prelude; what is thrown here ends the whole call.
class Runtime {
 public:
  Runtime();
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  struct SyntaxFault {
    std::string message;
    int line = 0;  ///< within `source`
  };
  std::optional<SyntaxFault> check_syntax(const std::string& source);

  /// The value of a source that is one function expression; kept for the next time. `url` is the
  /// name in stack traces. Throws Error{user, "bad_javascript"}.
  JSValueRef function(const std::string& source, const char* url);

  JSValueRef text(std::string_view text) const;
  JSValueRef number(double value) const;
  JSValueRef undefined() const;
  std::string to_text(JSValueRef value) const;  ///< lone surrogates become U+FFFD
  double to_number(JSValueRef value) const;

  /// The value of one of the embedded parts.
  JSValueRef library(std::string_view name);

  /// Calls a function of the prelude's api. Throws what the watch stopped it for, else
  /// Error{user, "expression_failed"}.
  JSValueRef call(const char* name, const std::vector<JSValueRef>& arguments);

  /// The item whose expression was evaluated last, also when it was stopped in the middle.
  std::size_t current_item() const;

  /// Of the watch; requires one.
  std::chrono::milliseconds time_limit() const;

  /// While it lives, JavaScript sees `host` and ends on cancellation, and after `limit` of the
  /// thread's processor time: a busy machine is no reason to stop an expression.
  class Watch {
   public:
    Watch(Runtime& runtime, Host& host, const Cancellation& cancellation,
          std::chrono::milliseconds limit);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Begins the time limit again.
    void restart();

   private:
    friend class Runtime;
    static bool should_stop(JSContextRef, void* self);
    void arm();

    Runtime& runtime_;
    Host& host_;
    const Cancellation& cancellation_;
    std::chrono::milliseconds limit_;
    std::chrono::nanoseconds started_;
    bool stopped_ = false;
  };

 private:
  static JSValueRef on_host_call(JSContextRef, JSObjectRef function, JSObjectRef, std::size_t count,
                                 const JSValueRef arguments[], JSValueRef* exception);
  JSValueRef evaluate(std::string_view source, const char* url);
  JSValueRef make_host();
  std::string property(JSValueRef object, const char* name) const;
  [[noreturn]] void fail(JSValueRef exception) const;

  const JscLibrary& jsc_;
  JSContextGroupRef group_ = nullptr;
  JSGlobalContextRef context_ = nullptr;
  JSObjectRef api_ = nullptr;
  std::map<std::string, JSValueRef> functions_;
  Watch* watch_ = nullptr;
};

}  // namespace engine::expression
