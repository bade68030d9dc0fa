// The process of a plugin: loads one library and carries out its functions.
#pragma once

namespace engine::plugin {

/// The only argument of a process that is to become one.
inline constexpr const char* kNativeChildArgument = "--plugin-process";

/// Until the engine wants no more; gives the exit code. To be called first thing in main.
int run_native_child();

}  // namespace engine::plugin
