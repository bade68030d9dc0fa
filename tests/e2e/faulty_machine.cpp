#include "tests/e2e/faulty_machine.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>

#include "places.h"
#include "tests/e2e/served.h"

namespace engine::e2e {

namespace fs = std::filesystem;

FaultyMachine::FaultyMachine(Place& place) : place_(place), folder_(place.folder() / "machine") {
  fs::create_directories(folder_ / "durable");
  set_clock(std::chrono::seconds(0));
  place.environment["LD_PRELOAD"] = ENGINE_FAULTY_MACHINE;
  place.environment["FAULTY_MACHINE"] = folder_.string();
}

void FaultyMachine::hold_disk() const {
  std::ofstream(folder_ / "hold").close();
}

void FaultyMachine::wait_until_held() const {
  wait_until([&] { return fs::exists(folder_ / "held"); });
}

void FaultyMachine::release_disk() const {
  fs::remove(folder_ / "hold");
}

void FaultyMachine::slow_disk(std::chrono::milliseconds delay) const {
  std::ofstream(folder_ / "delay") << delay.count();
}

void FaultyMachine::cut_power() const {
  for (const char* end : {"", "-wal"}) {
    const std::string file = place_.database().string() + end;
    const fs::path durable = folder_ / "durable" / fs::path(file).filename();
    fs::remove(file);
    if (fs::exists(durable)) fs::copy_file(durable, file);
  }
  fs::remove(place_.database().string() + "-shm");
}

// In place: it is mapped by those that run.
void FaultyMachine::set_clock(std::chrono::seconds ahead) const {
  const fs::path file = folder_ / "clock";
  if (!fs::exists(file)) std::ofstream(file).close();
  const std::int64_t seconds = ahead.count();
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
}

}  // namespace engine::e2e
