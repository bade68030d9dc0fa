#include "core/expression/jsc_library.h"

#include <dlfcn.h>

#include <string>

#include "core/base/error.h"

namespace engine::expression {
namespace {

[[noreturn]] void fail() {
  const char* reason = dlerror();
  throw Error(ErrorCause::user, "javascript_missing",
              std::string("JavaScript expressions need JavaScriptCore, which cannot be loaded (") +
                  (reason == nullptr ? "unknown reason" : reason) +
                  "). Install the package libjavascriptcoregtk-4.1-0.");
}

template <typename Function>
void bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail();
}

JscLibrary open() {
  // Never closed: its threads live as long as the process.
  void* library = dlopen("libjavascriptcoregtk-4.1.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) fail();
  // Time limits are noticed by polling. The other way is a signal handler, which crash handlers,
  // sanitizers and test frameworks replace. Only possible before the first context is made.
  decltype(&jsc_options_set_boolean) set_option = nullptr;
  bind(library, "jsc_options_set_boolean", set_option);
  set_option("usePollingTraps", 1);
  JscLibrary result;
#define ENGINE_JSC_BIND(name) bind(library, #name, result.name);
  ENGINE_JSC_FUNCTIONS(ENGINE_JSC_BIND)
#undef ENGINE_JSC_BIND
  return result;
}

}  // namespace

const JscLibrary& JscLibrary::load() {
  static const JscLibrary library = open();
  return library;
}

}  // namespace engine::expression
