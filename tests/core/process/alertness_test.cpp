#include "core/process/alertness.h"

#include <doctest/doctest.h>

using namespace engine::process;

namespace {

// Whether a wait, which ends like this, begins awake.
bool awake(Alertness& alertness, bool came) {
  const bool result = alertness.begin();
  alertness.end(came);
  return result;
}

}  // namespace

TEST_CASE("who is answered at once stays awake") {
  Alertness alertness(true);
  for (int i = 0; i < 100; ++i) CHECK(awake(alertness, true));
}

TEST_CASE("who waited twice for nothing sleeps at once, and tries again from time to time") {
  Alertness alertness(true);
  CHECK(awake(alertness, false));
  CHECK(awake(alertness, false));
  int tried = 0;
  for (int i = 0; i < 160; ++i) tried += awake(alertness, false) ? 1 : 0;
  CHECK(tried == 10);
  for (int i = 0; i < 16 && !awake(alertness, true); ++i) {
  }
  CHECK(awake(alertness, true));
}

TEST_CASE("nobody stays awake for long") {
  Alertness alertness(true);
  CHECK(alertness.begin());
  while (alertness.stays_awake()) {
  }
  alertness.end(false);
  CHECK_FALSE(alertness.stays_awake());
}

TEST_CASE("with one processor nobody stays awake") {
  Alertness alertness(false);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(awake(alertness, true));
}
