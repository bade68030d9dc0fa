// kill -9 at random points under load: every acknowledged delivery ends in exactly one execution,
// and every finished node run ran once.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/e2e/load.h"

namespace engine::e2e {
namespace {

// `./dev soak` asks for more.
int wanted_kills() {
  const char* text = std::getenv("ENGINE_KILLS");
  return text == nullptr ? 200 : std::atoi(text);
}

}  // namespace

TEST_CASE("kill -9 at random points under load loses nothing and repeats nothing") {
  const Place place;
  Witness witness;
  write_flows(place, witness);
  Callers callers;
  std::mt19937 random(4711);
  std::uniform_int_distribution<int> time(5, 250);
  for (int kill = 0; kill < wanted_kills(); ++kill) {
    Served server(place, ".", {"--allow-private"});
    callers.run(server, std::chrono::milliseconds(time(random)), [&] { server.kill(); });
  }
  Served last(place, ".", {"--allow-private"});
  wait_until_idle(place);
  CHECK(last.stop().code == 0);
  MESSAGE(callers.acknowledged().size()
          << " deliveries acknowledged, " << wanted_kills() << " kills");
  CHECK(callers.acknowledged().size() > 100);
  check_history(place, callers.acknowledged());
  check_witness(witness);
}

}  // namespace engine::e2e
