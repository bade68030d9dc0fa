// What a native no-op node costs, inside the engine and in a process of its own, beside one that
// changes its items, and beside two processes that only pass a message to and fro.
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "core/base/time.h"
#include "core/plugin/apart_library.h"
#include "core/plugin/description_reader.h"
#include "core/plugin/library_file.h"
#include "core/plugin/native_types.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/support/fake_context.h"

namespace {

using engine::Items;
using engine::NodeType;
using engine::Value;
namespace plugin = engine::plugin;

constexpr int kRuns = 200;
constexpr std::size_t kItems = 1000;

NodeType node(const char* name, const char* version, const std::string& id, bool apart) {
  const std::filesystem::path file =
      std::filesystem::path(ENGINE_TEST_PLUGINS) / name / (std::string(name) + ".so");
  const plugin::LibrarySource source{file, name, version, "", plugin::LibraryFile(file).identity()};
  std::shared_ptr<const plugin::NativeLibrary> library =
      apart ? plugin::load_apart(source, {{}, ENGINE_PLUGIN_PROCESS})
            : plugin::load_library(source);
  for (std::size_t i = 0; i < library->types().size(); ++i) {
    engine::Diagnostics diagnostics;
    engine::Description description = plugin::read_description(
        engine::parse_json(library->types()[i].description), name, name, diagnostics);
    if (description.id == id) return plugin::native_node_type({library, i}, description);
  }
  return {};
}

Items items_of(std::size_t count) {
  Items items;
  for (std::size_t i = 0; i < count; ++i) {
    items.push_back({Value::object({{"id", static_cast<std::int64_t>(i)},
                                    {"name", "item " + std::to_string(i)},
                                    {"done", false},
                                    {"price", 12.5}}),
                     {},
                     {}});
  }
  return items;
}

// Microseconds. The tenth percentile: others use the machine as well.
template <typename Work>
double time_of(const Work& work) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 10];
}

double run_time(const NodeType& type, std::size_t count) {
  const bool takes_text = engine::find_parameter(type.description.parameters, "text") != nullptr;
  engine::test::FakeContext context(
      type, takes_text ? Value::object({{"text", "new"}}) : Value::object());
  context.inputs = {items_of(count)};
  return time_of([&] { type.node->run(context); });
}

// What a message of a hundred bytes and its answer take between two processes, and nothing else.
double bare_time() {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()) != 0) std::exit(1);
  std::array<char, 100> bytes{};
  const pid_t child = fork();
  if (child == 0) {
    close(sockets[0]);
    while (recv(sockets[1], bytes.data(), bytes.size(), MSG_WAITALL) > 0) {
      if (send(sockets[1], bytes.data(), bytes.size(), 0) < 0) break;
    }
    _exit(0);
  }
  close(sockets[1]);
  const double time = time_of([&] {
    if (send(sockets[0], bytes.data(), bytes.size(), 0) < 0 ||
        recv(sockets[0], bytes.data(), bytes.size(), MSG_WAITALL) <= 0) {
      std::exit(1);
    }
  });
  close(sockets[0]);
  waitpid(child, nullptr, 0);
  return time;
}

struct Times {
  explicit Times(const NodeType& type)
      : batch(run_time(type, 0)), item((run_time(type, kItems) - batch) / kItems) {}
  double batch;
  double item;
};

// The goals are those of a node that passes its items on.
void measure(const char* bench, const char* language, const char* name, const char* version,
             const std::string& id, double bare) {
  const Times inside(node(name, version, id, false));
  const Times apart(node(name, version, id, true));
  std::printf(R"({"bench":"%s","language":"%s","inside_us_per_batch":%.2f,)"
              R"("inside_us_per_item":%.2f,"goal_inside_us_per_item":5,"apart_us_per_batch":%.1f,)"
              R"("goal_apart_us_per_batch":30,"apart_us_per_item":%.2f,)"
              R"("goal_apart_us_per_item":2,"bare_us_per_message":%.1f,"batch_to_bare":%.2f,)"
              R"("apart_to_inside":%.2f})"
              "\n",
              bench, language, inside.batch, inside.item, apart.batch, apart.item, bare,
              apart.batch / bare,
              (apart.batch + apart.item * kItems) / (inside.batch + inside.item * kItems));
}

}  // namespace

int main() {
  const double bare = bare_time();
  measure("plugin_no_op", "c", "echo", "1.0.0", "echo.echo", bare);
  measure("plugin_no_op", "c++", "sample", "1.2.0", "sample.same", bare);
  measure("plugin_change", "c++", "sample", "1.2.0", "sample.upper", bare);
}
