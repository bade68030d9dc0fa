#include "core/base/random.h"

#include <array>

namespace engine {

std::uint64_t Random::below(std::uint64_t limit) {
  if (limit == 0) return 0;
  // Values from the incomplete last stretch are drawn again; they would favour low results.
  const std::uint64_t usable = UINT64_MAX - UINT64_MAX % limit;
  std::uint64_t value = next();
  while (value >= usable) value = next();
  return value % limit;
}

SystemRandom::SystemRandom() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  generator_.seed(seed);
}

std::uint64_t SystemRandom::next() {
  const std::lock_guard lock(mutex_);
  return generator_();
}

}  // namespace engine
