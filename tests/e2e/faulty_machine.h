// The machine that the engines of a place run on: its disk is slow, stands still or loses its
// power, and its clock jumps.
#pragma once

#include <chrono>
#include <filesystem>

#include "tests/e2e/place.h"

namespace engine::e2e {

/// For every engine of the place that is started from now on (tests/support/faulty_machine.c).
class FaultyMachine {
 public:
  explicit FaultyMachine(Place& place);

  /// What is synced from now on waits for release_disk().
  void hold_disk() const;
  /// Waits until something does.
  void wait_until_held() const;
  void release_disk() const;
  /// Every sync takes so much longer.
  void slow_disk(std::chrono::milliseconds delay) const;
  /// Of a database that nobody has open: what was not synced is gone.
  void cut_power() const;
  /// So much ahead of the real time, from this moment on.
  void set_clock(std::chrono::seconds ahead) const;

 private:
  const Place& place_;
  std::filesystem::path folder_;
};

}  // namespace engine::e2e
