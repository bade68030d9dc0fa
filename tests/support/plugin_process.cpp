// The process of a plugin for the tests, in the place of the engine's own program.
#include "core/plugin/native_child.h"

int main() {
  return engine::plugin::run_native_child();
}
