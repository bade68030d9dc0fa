#include "core/process/alertness.h"

#include <thread>

namespace engine::process {
namespace {

constexpr std::chrono::microseconds kMoment{60};  // somewhat more than waking up takes
constexpr int kEnough = 2;                        // misses that say it is not worth it
constexpr int kAgain = 16;                        // waits until it is tried again

}  // namespace

Alertness::Alertness(bool several_processors) : possible_(several_processors) {}

bool Alertness::on_several_processors() {
  return std::thread::hardware_concurrency() > 1;
}

bool Alertness::begin() {
  awake_ = possible_ && (misses_ < kEnough || ++slept_ >= kAgain);
  if (awake_) until_ = std::chrono::steady_clock::now() + kMoment;
  return awake_;
}

void Alertness::end(bool came) {
  if (!awake_) return;
  slept_ = 0;
  misses_ = came ? 0 : misses_ + 1;
}

}  // namespace engine::process
