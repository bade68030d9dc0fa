// `engine serve` as a process of its own, in a folder of its own, for the benchmarks.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "places.h"

namespace engine::bench {

inline void write_file(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// Removed with all that is in it.
class Folder {
 public:
  Folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "engine-serve-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path;
};

/// `engine serve` of a folder, until destroyed.
class Engine {
 public:
  explicit Engine(const std::filesystem::path& folder, const char* option = nullptr) {
    std::array<int, 2> out{};
    if (pipe(out.data()) != 0) throw std::runtime_error("pipe failed");
    const auto begun = std::chrono::steady_clock::now();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], STDOUT_FILENO);
      const std::string database = (folder / "engine.db").string();
      const std::string flows = (folder / "flows").string();
      execl(ENGINE_BINARY, "engine", "--db", database.c_str(), "--log-level", "error", "serve",
            flows.c_str(), "--port", "0", option, static_cast<char*>(nullptr));
      _exit(127);
    }
    close(out[1]);
    FILE* stream = fdopen(out[0], "r");
    std::array<char, 256> line{};
    if (fgets(line.data(), line.size(), stream) == nullptr) {
      throw std::runtime_error("the engine did not start");
    }
    ready_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    url = line.data();
    url = url.substr(url.find("http://"));
    url.pop_back();
    out_ = stream;
  }
  ~Engine() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    fclose(out_);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  double memory_mib() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    }
    return 0;
  }
  double cpu_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
    std::string text{std::istreambuf_iterator<char>(stat), {}};
    text = text.substr(text.rfind(')') + 2);
    double user = 0;
    double system = 0;
    std::sscanf(text.c_str(), "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lf %lf", &user,
                &system);
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  std::string url;
  double ready_ms = 0;

 private:
  pid_t pid_ = -1;
  FILE* out_ = nullptr;
};

}  // namespace engine::bench
