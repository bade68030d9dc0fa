// Randomness as a port, so that jitter and ids are repeatable in tests.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>

namespace engine {

/// Port. Implementations are thread-safe. Not for secrets: those come from the crypto library.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;

  /// Evenly from 0 (inclusive) to `limit` (exclusive); 0 when `limit` is 0.
  std::uint64_t below(std::uint64_t limit);
};

class SystemRandom final : public Random {
 public:
  SystemRandom();
  std::uint64_t next() override;

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_;
};

}  // namespace engine
