// Runs a program as a kernel without filters of system calls would: test_without_filters PROGRAM …
#include <unistd.h>

#include "tests/support/no_filters.h"

int main(int count, char** arguments) {
  if (count < 2 || !engine::test::be_without_filters()) return 125;
  execv(arguments[1], arguments + 1);
  return 127;
}
