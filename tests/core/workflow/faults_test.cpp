// Every file below faults/ is a broken workflow; its comments say what is to be reported:
//
//   # expect 4:9 unknown_type Did you mean 'set'
//
// (line and column of this file, the code, and optionally a part of the message). Nothing else may
// be reported. The files below accepted/ have no faults.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/workflow/workflow.h"
#include "places.h"
#include "tests/core/workflow/fake_types.h"

using namespace engine;
namespace fs = std::filesystem;

namespace {

struct Expected {
  std::string place;  // "4:9 unknown_type"
  std::string part;
};

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Expected> expectations(const std::string& text) {
  std::vector<Expected> result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = line.find("# expect ");
    if (at == std::string::npos) continue;
    std::istringstream words(line.substr(at + 9));
    std::string position;
    std::string code;
    std::string part;
    words >> position >> code >> std::ws;
    std::getline(words, part);
    result.push_back({position + " " + code, part});
  }
  return result;
}

std::vector<fs::path> files(const char* folder) {
  std::vector<fs::path> result;
  const fs::path root = fs::path(ENGINE_SOURCE_DIR) / "tests/core/workflow" / folder;
  for (const auto& entry : fs::directory_iterator(root)) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<Diagnostic> faults_of(const std::string& text, bool& compiled) {
  Registry registry;
  test::add_fake_types(registry);
  workflow::CheckContext context;
  context.registry = &registry;
  context.credential_names = [] { return std::vector<std::string>{"work", "home", "other"}; };
  context.credential_type = [](std::string_view name) -> std::string {
    if (name == "work" || name == "home") return "acme";
    return name == "other" ? "initech" : "";
  };
  context.credential_refusal = [](std::string_view name, std::string_view type) -> std::string {
    return name == "home" && type == "task" ? "The profile of 'home' does not allow 'task'." : "";
  };
  Diagnostics diagnostics;
  compiled = workflow::compile_workflow(text, "f.yaml", context, diagnostics) != nullptr;
  return diagnostics.sorted();
}

}  // namespace

TEST_CASE("every fault is reported with its place and what to do") {
  const std::vector<fs::path> cases = files("faults");
  REQUIRE(cases.size() > 20);
  for (const fs::path& path : cases) {
    INFO(path.filename().string());
    const std::string text = read_file(path);
    std::vector<Expected> expected = expectations(text);
    CHECK_FALSE(expected.empty());
    bool compiled = true;
    for (const Diagnostic& fault : faults_of(text, compiled)) {
      const std::string place = std::to_string(fault.position.line) + ":" +
                                std::to_string(fault.position.column) + " " + fault.code;
      const auto found =
          std::find_if(expected.begin(), expected.end(), [&](const Expected& candidate) {
            return candidate.place == place &&
                   fault.message.find(candidate.part) != std::string::npos;
          });
      INFO(place << " " << fault.message);
      CHECK(found != expected.end());
      if (found != expected.end()) expected.erase(found);
    }
    for (const Expected& missing : expected) FAIL_CHECK("missing: " << missing.place);
    CHECK_FALSE(compiled);
  }
}

TEST_CASE("good workflows have no faults") {
  const std::vector<fs::path> cases = files("accepted");
  REQUIRE(cases.size() > 5);
  for (const fs::path& path : cases) {
    INFO(path.filename().string());
    bool compiled = false;
    for (const Diagnostic& fault : faults_of(read_file(path), compiled)) {
      FAIL_CHECK(to_string(fault));
    }
    CHECK(compiled);
  }
}

// Whatever is done to a file, it is either compiled or refused with a reason.
TEST_CASE("mutated workflows never crash and always have an outcome") {
  const auto consistent = [](const std::string& text) {
    bool compiled = false;
    const bool faultless = faults_of(text, compiled).empty();
    return compiled == faultless;
  };
  for (const fs::path& path : files("accepted")) {
    INFO(path.filename().string());
    const std::string text = read_file(path);
    for (std::size_t i = 0; i < text.size(); i += 3) {
      if (!consistent(text.substr(0, i))) FAIL_CHECK("cut at " << i);
    }
    std::uint32_t seed = 12345;
    for (int round = 0; round < 300; ++round) {
      std::string changed = text;
      for (int k = 0; k <= round % 4; ++k) {
        seed = seed * 1664525U + 1013904223U;
        constexpr std::string_view kBytes = "{}[]:-,&*!|>'\"%@`# \n\tx0\xc3";
        changed[(seed >> 8U) % changed.size()] = kBytes[(seed >> 3U) % kBytes.size()];
      }
      if (!consistent(changed)) FAIL_CHECK("round " << round << ":\n" << changed);
    }
  }
}
