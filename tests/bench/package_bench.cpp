// What a package from a folder adds to the start of `engine run`: ClickUp's YAML, copied until it
// has 200 operations. The first run compiles and keeps it; that one is told apart.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "places.h"

namespace {

using Clock = std::chrono::steady_clock;

double run(const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(ENGINE_BINARY)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto begin = Clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    execv(ENGINE_BINARY, argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "engine %s failed\n", arguments.back().c_str());
    std::exit(1);
  }
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  chmod(file.c_str(), 0644);
}

std::string with_first_line(const std::string& text, const std::string& line) {
  return line + text.substr(text.find('\n'));
}

// 153 operations, and 49 of the larger files once more under other names.
void copy_package(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  chmod(folder.parent_path().c_str(), 0755);
  chmod(folder.c_str(), 0755);
  for (const auto& entry :
       std::filesystem::directory_iterator(ENGINE_SOURCE_DIR "/nodes/clickup")) {
    const auto& path = entry.path();
    if (path.extension() != ".yaml") continue;
    const std::string text = read_all(path);
    const std::string name = path.stem().string();
    const bool package = name == "package";
    write(folder / path.filename(), package ? with_first_line(text, "name: copy") : text);
    for (const char* again : {"task", "chat_message", "time_entry", "list", "chat_channel"}) {
      if (name == again) {
        write(folder / (name + "_2.yaml"), with_first_line(text, "resource: " + name + "_2"));
      }
    }
  }
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "engine-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  setenv("XDG_CACHE_HOME", folder.c_str(), 1);
  setenv("XDG_DATA_HOME", folder.c_str(), 1);
  unsetenv("ENGINE_PLUGINS");
  const std::filesystem::path root = folder;
  copy_package(root / "packages" / "copy");
  write(root / "flow.yaml", "name: Flow\nnodes:\n  - { id: start, type: manual }\n");
  const std::vector<std::string> plain{"run", (root / "flow.yaml").string(), "--no-save",
                                       "--quiet"};
  std::vector<std::string> loading{"--plugins", (root / "packages").string()};
  loading.insert(loading.end(), plain.begin(), plain.end());
  const double first = run(loading);
  std::vector<double> without;
  std::vector<double> with;
  for (int i = 0; i < 41; ++i) {
    without.push_back(run(plain));
    with.push_back(run(loading));
  }
  std::printf(R"({"bench":"package_start","without_ms":%.2f,"with_ms":%.2f,"added_ms":%.2f,)"
              R"("goal_ms":3,"first_ms":%.1f})"
              "\n",
              median(without), median(with), median(with) - median(without), first);
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
}
