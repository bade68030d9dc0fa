// The process that runs scripts, for the tests and benchmarks of core/expression.
#include "core/expression/apart_scripts.h"

int main() {
  return engine::expression::serve_scripts();
}
