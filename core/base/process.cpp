#include "core/base/process.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace engine {
namespace {

constexpr unsigned kPidBits = 22;  // the largest process id of Linux has 22 bits

// Start time in clock ticks since boot: field 22 of /proc/PID/stat, see proc(5). 0 when not
// running.
std::int64_t start_time(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return 0;
  const std::size_t name_end = line.rfind(')');  // the name may hold anything, brackets too
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return 0;
  std::string field;
  for (int i = 4; i < 22; ++i) fields >> field;
  std::int64_t ticks = 0;
  fields >> ticks;
  return ticks;
}

}  // namespace

std::int64_t process_identity() {
  const std::int64_t pid = getpid();
  return (start_time(pid) << kPidBits) | pid;
}

bool process_alive(std::int64_t identity) {
  const std::int64_t pid = identity & ((std::int64_t{1} << kPidBits) - 1);
  const std::int64_t started = start_time(pid);
  return pid > 0 && started != 0 && started == identity >> kPidBits;
}

}  // namespace engine
