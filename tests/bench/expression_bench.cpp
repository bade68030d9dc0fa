// 100,000 items through set (two expressions), filter (one) and aggregate, with the Evaluator and
// in one bare JavaScriptCore script. Prints one line of JSON; `ratio` is to stay below 3. Then
// what it costs to run a script in a process of its own.
#include <JavaScriptCore/JavaScript.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/expression/apart_scripts.h"
#include "core/expression/evaluator.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/core/expression/fake_environment.h"

namespace {

using namespace engine;
using namespace engine::expression;

constexpr int kItems = 100'000;
constexpr int kRounds = 5;

std::string input_text() {
  std::string text = "[";
  for (int i = 0; i < kItems; ++i) {
    if (i > 0) text += ',';
    text += R"({"id":)" + std::to_string(i) + R"(,"name":"Item )" + std::to_string(i) +
            R"(","tags":[{"name":")" + (i % 3 == 0 ? "bug" : "idea") + R"("},{"name":"x"}]})";
  }
  return text + "]";
}

// Parse, set, filter, aggregate, print: what the engine does around and in its expressions.
std::string with_evaluator(Evaluator& evaluator, const std::string& text) {
  FakeEnvironment environment(text);
  const Template upper = compile("{{ $json.name.toUpperCase() }}");
  const Template is_bug = compile("{{ $json.tags.some(t => t.name === 'bug') }}");
  const Template* const set[] = {&upper, &is_bug};
  const auto columns = evaluator.evaluate(set, environment, {});
  FakeEnvironment after;
  ValueBuilder builder(1U << 16U);
  for (std::size_t i = 0; i < environment.input.size(); ++i) {
    builder.begin_object();
    for (const auto& [key, member] : environment.input[i].json.members()) {
      builder.key(key);
      builder.value(environment.input[i].json.share(member));
    }
    builder.key("upper");
    builder.value(columns[0].at(i));
    builder.key("bug");
    builder.value(columns[1].at(i));
    builder.end_object();
    after.input.push_back({builder.finish(), {}, Origin::of(i)});
  }
  const Template condition = compile("{{ $json.bug && $json.id % 2 === 0 }}");
  const Template* const filter[] = {&condition};
  const Column keep = evaluator.evaluate(filter, after, {})[0];
  ValueBuilder result(1U << 16U);
  result.begin_array();
  for (std::size_t i = 0; i < after.input.size(); ++i) {
    if (keep.at(i).truthy()) result.value(after.input[i].json["upper"]);
  }
  result.end_array();
  return print_json(result.finish());
}

std::string with_script(const std::string& text) {
  static JSGlobalContextRef context = JSGlobalContextCreate(nullptr);
  JSStringRef source = JSStringCreateWithUTF8CString(
      "(function(text){return JSON.stringify(JSON.parse(text)"
      ".map(i => ({...i, upper: i.name.toUpperCase(), bug: i.tags.some(t => t.name === 'bug')}))"
      ".filter(i => i.bug && i.id % 2 === 0).map(i => i.upper))})");
  const JSValueRef function = JSEvaluateScript(context, source, nullptr, nullptr, 1, nullptr);
  JSStringRef argument_text = JSStringCreateWithUTF8CString(text.c_str());
  const JSValueRef argument = JSValueMakeString(context, argument_text);
  const JSValueRef result = JSObjectCallAsFunction(
      context, JSValueToObject(context, function, nullptr), nullptr, 1, &argument, nullptr);
  JSStringRef printed = JSValueToStringCopy(context, result, nullptr);
  std::string out(JSStringGetMaximumUTF8CStringSize(printed), '\0');
  out.resize(JSStringGetUTF8CString(printed, out.data(), out.size()) - 1);
  JSStringRelease(printed);
  JSStringRelease(argument_text);
  JSStringRelease(source);
  return out;
}

template <typename Work>
double best_ms(const Work& work) {
  double best = 1e9;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

// A warm call of a small script, in a process of its own and in this one.
void code_apart() {
  constexpr int kCalls = 200;
  const FakeEnvironment environment(
      R"([{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":6},{"a":7,"b":8},{"a":9,"b":10}])");
  const Script script{"bench", "return $input.all().map(i => ({ sum: i.json.a + i.json.b }))"};
  Evaluator evaluator;
  ApartScripts scripts({ENGINE_SCRIPT_PROGRAM, {}, 1, {}});
  const auto begin = std::chrono::steady_clock::now();
  scripts.run(script, environment, {}, {});
  const std::chrono::duration<double, std::milli> cold = std::chrono::steady_clock::now() - begin;
  const double inside = best_ms([&] {
    for (int i = 0; i < kCalls; ++i) {
      evaluator.run_script(script.source, Evaluator::ScriptMode::all, environment, {},
                           script.time_limit);
    }
  });
  const double apart = best_ms([&] {
    for (int i = 0; i < kCalls; ++i) scripts.run(script, environment, {}, {});
  });
  std::printf(
      "{\"bench\":\"code_apart\",\"inside_ms\":%.3f,\"apart_ms\":%.3f,\"cost_ms\":%.3f,"
      "\"goal_ms\":1,\"cold_ms\":%.1f}\n",
      inside / kCalls, apart / kCalls, (apart - inside) / kCalls, cold.count());
}

}  // namespace

int main() {
  const std::string text = input_text();
  const auto begin = std::chrono::steady_clock::now();
  Evaluator evaluator;
  const FakeEnvironment one("[{\"a\":1}]");
  if (evaluate(evaluator, "{{ $json.a + 1 }}", one).as_integer() != 2) return 1;
  const std::chrono::duration<double, std::milli> start = std::chrono::steady_clock::now() - begin;
  if (with_evaluator(evaluator, text) != with_script(text)) {
    std::fputs("The results differ.\n", stderr);
    return 1;
  }
  const double ours = best_ms([&] { with_evaluator(evaluator, text); });
  const double bare = best_ms([&] { with_script(text); });
  std::printf(
      "{\"items\":%d,\"evaluator_ms\":%.1f,\"script_ms\":%.1f,\"ratio\":%.2f,\"first_ms\":%.1f}\n",
      kItems, ours, bare, ours / bare, start.count());
  code_apart();
  return 0;
}
