// What a native no-op node costs, inside the engine and in a process of its own.
#include <algorithm>
#include <chrono>
#include <cstdio>
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

// Microseconds of one run over so many items. The tenth percentile: others use the machine as well.
double run_time(const NodeType& type, std::size_t count) {
  engine::test::FakeContext context(type, Value::object());
  context.inputs = {items_of(count)};
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    type.node->run(context);
    times.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 10];
}

void measure(const char* language, const char* name, const char* version, const std::string& id) {
  const NodeType inside = node(name, version, id, false);
  const NodeType apart = node(name, version, id, true);
  const double inside_batch = run_time(inside, 0);
  const double inside_item = (run_time(inside, kItems) - inside_batch) / kItems;
  const double apart_batch = run_time(apart, 0);
  const double apart_item = (run_time(apart, kItems) - apart_batch) / kItems;
  std::printf(R"({"bench":"plugin_no_op","language":"%s","inside_us_per_batch":%.2f,)"
              R"("inside_us_per_item":%.2f,"apart_us_per_batch":%.1f,"apart_us_per_item":%.2f,)"
              R"("apart_to_inside":%.2f})"
              "\n",
              language, inside_batch, inside_item, apart_batch, apart_item,
              (apart_batch + apart_item * kItems) / (inside_batch + inside_item * kItems));
}

}  // namespace

int main() {
  measure("c", "echo", "1.0.0", "echo.echo");
  measure("c++", "sample", "1.2.0", "sample.same");
}
