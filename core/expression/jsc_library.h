// JavaScriptCore's C API, loaded when it is first needed.
// Source of facts: JavaScriptCore/JSContextRef.h and its neighbours (libjavascriptcoregtk-4.1-dev).
#pragma once

#include <JavaScriptCore/JavaScript.h>

// Exported by the library, declared in its private header JSContextRefPrivate.h.
extern "C" {
typedef bool (*JSShouldTerminateCallback)(JSContextRef ctx, void* context);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double seconds,
                                         JSShouldTerminateCallback callback, void* context);
void JSContextGroupClearExecutionTimeLimit(JSContextGroupRef group);
void JSGlobalContextSetEvalEnabled(JSGlobalContextRef context, bool enabled, JSStringRef message);
// Of jsc/JSCOptions.h, with GLib's gboolean written out.
int jsc_options_set_boolean(const char* option, int value);
}

#define ENGINE_JSC_FUNCTIONS(X)            \
  X(JSContextGroupCreate)                  \
  X(JSContextGroupRelease)                 \
  X(JSContextGroupSetExecutionTimeLimit)   \
  X(JSContextGroupClearExecutionTimeLimit) \
  X(JSGlobalContextCreateInGroup)          \
  X(JSGlobalContextRelease)                \
  X(JSGlobalContextSetEvalEnabled)         \
  X(JSEvaluateScript)                      \
  X(JSCheckScriptSyntax)                   \
  X(JSClassCreate)                         \
  X(JSClassRelease)                        \
  X(JSObjectMake)                          \
  X(JSObjectMakeError)                     \
  X(JSObjectGetPrivate)                    \
  X(JSObjectGetProperty)                   \
  X(JSObjectCallAsFunction)                \
  X(JSStringCreateWithCharacters)          \
  X(JSStringCreateWithUTF8CString)         \
  X(JSStringRelease)                       \
  X(JSStringGetLength)                     \
  X(JSStringGetCharactersPtr)              \
  X(JSStringGetMaximumUTF8CStringSize)     \
  X(JSStringGetUTF8CString)                \
  X(JSValueIsUndefined)                    \
  X(JSValueIsObject)                       \
  X(JSValueMakeNumber)                     \
  X(JSValueMakeString)                     \
  X(JSValueMakeUndefined)                  \
  X(JSValueProtect)                        \
  X(JSValueUnprotect)                      \
  X(JSValueToNumber)                       \
  X(JSValueToObject)                       \
  X(JSValueToStringCopy)

namespace engine::expression {

struct JscLibrary {
  /// Loaded once per process, at the first call. Throws Error{user, "javascript_missing"} when the
  /// library is not installed.
  static const JscLibrary& load();

// NOLINTNEXTLINE(bugprone-macro-parentheses): a name behind :: takes none
#define ENGINE_JSC_MEMBER(name) decltype(&::name) name = nullptr;
  ENGINE_JSC_FUNCTIONS(ENGINE_JSC_MEMBER)
#undef ENGINE_JSC_MEMBER
};

}  // namespace engine::expression
