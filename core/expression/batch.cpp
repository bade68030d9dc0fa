#include "core/expression/batch.h"

#include <algorithm>
#include <array>

#include "core/base/time.h"
#include "core/expression/host.h"
#include "core/expression/template_node.h"
#include "core/value/json.h"

namespace engine::expression {
namespace {

constexpr const char* kStopped = "expression_timeout";

constexpr const char* kLoopBegin =
    "(function(engine$rows,engine$state,engine$out,engine$fail){'use strict';"
    "for(let engine$i=0;engine$i<engine$state.count;engine$i++){engine$state.i=engine$i;"
    "const $itemIndex=engine$state.base+engine$i,$json=engine$rows[engine$i];"
    "try{const engine$v=engine$out[engine$i]=(\n";
// Values that are not JSON are rare; that there are some is noted here, and each found later.
constexpr const char* kLoopEnd =
    "\n);if(engine$v===undefined||typeof engine$v==='function'||typeof engine$v==='symbol')"
    "engine$state.odd=true;}catch(engine$e){engine$fail(engine$i,engine$e);}}})";

Failure failure_from(View entry) {
  const auto number = [&](std::size_t i) {
    return static_cast<int>(entry[i].as_integer().value_or(0));
  };
  return {std::string(entry[1].as_string()), std::string(entry[2].as_string()), number(3),
          number(4), std::string(entry[5].as_string())};
}

// Items without a value, and those that failed.
void note_others(const Value& result, SegmentColumn& column, std::size_t base) {
  const auto item = [base](View index) {
    return base + static_cast<std::size_t>(index.as_integer().value_or(0));
  };
  for (const View index : result.view()[std::size_t{0}].elements()) {
    column.values[item(index)] = Value();
  }
  for (const View entry : result.view()[std::size_t{1}].elements()) {
    column.values[item(entry[std::size_t{0}])] = Value();
    column.failures.emplace(item(entry[std::size_t{0}]), failure_from(entry));
  }
}

void read_alone(View text, SegmentColumn& column, std::size_t item) {
  std::string json(text.as_string());
  if (json.empty()) return;
  replace_lone_surrogates(json);
  try {
    column.values[item] = parse_json(json);
  } catch (const Error&) {
    column.failures.emplace(item, Failure{"Error",
                                          "The result is nested deeper than " +
                                              std::to_string(kDeepestJson) + " levels.",
                                          0, 0, "result_too_deep"});
  }
}

}  // namespace

std::string loop_source(const std::string& expression) {
  return kLoopBegin + without_async(expression) + kLoopEnd;
}

std::vector<std::string> extra_globals(const std::vector<std::string>& names) {
  constexpr std::array<std::string_view, 20> kOwn{
      "$",         "$json",      "$binary",   "$item",    "$itemIndex", "$input",   "$node",
      "$now",      "$today",     "$if",       "$ifEmpty", "$min",       "$max",     "$jmespath",
      "$jmesPath", "$execution", "$workflow", "$env",     "$vars",      "$runIndex"};
  std::vector<std::string> extra;
  for (const std::string& name : names) {
    if (std::find(kOwn.begin(), kOwn.end(), name) == kOwn.end()) extra.push_back(name);
  }
  return extra;
}

void replace_lone_surrogates(std::string& json) {
  std::size_t at = json.find("\\ud");
  while (at != std::string::npos) {
    std::size_t slashes = 1;
    while (slashes <= at && json[at - slashes] == '\\') ++slashes;
    const bool escape = slashes % 2 == 1;  // else the backslash itself is escaped
    if (escape && at + 6 <= json.size() && json[at + 3] >= '8') json.replace(at, 6, "\\ufffd");
    at = json.find("\\ud", at + 3);
  }
}

Batch::Batch(Runtime& runtime, const Environment& environment,
             const std::vector<const Segment*>& segments)
    : runtime_(runtime), environment_(environment), segments_(segments) {
  std::vector<std::string> seen;
  for (const Segment* segment : segments) {
    const Analysis& analysis = segment->analysis;
    uses_json_ = uses_json_ || analysis.uses_json;
    whole_ = whole_ || analysis.whole_json;
    for (const std::string& field : analysis.fields) {
      if (std::find(seen.begin(), seen.end(), field) == seen.end()) seen.push_back(field);
    }
    for (const std::string& name : extra_globals(analysis.globals)) {
      if (std::find(names_.begin(), names_.end(), name) == names_.end()) names_.push_back(name);
    }
  }
  fields_ = std::move(seen);
  std::vector<JSValueRef> arguments{runtime.number(static_cast<double>(to_ms(environment.now()))),
                                    runtime.text(environment.timezone())};
  for (const std::string& name : names_) arguments.push_back(runtime.text(name));
  runtime.call("begin", arguments);
}

Batch::~Batch() {
  try {
    runtime_.call("end", {});
  } catch (const std::exception&) {
    // Stopped in the middle; the next `begin` puts everything right.
  }
}

void Batch::load(std::size_t begin, std::size_t end) {
  const bool has_items = end <= environment_.items().size();
  runtime_.call(
      "load",
      {runtime_.number(static_cast<double>(begin)),
       runtime_.number(static_cast<double>(end - begin)),
       uses_json_ && has_items
           ? runtime_.text(marked(rows_text(environment_.items(), begin, end, fields_, whole_)))
           : runtime_.undefined()});
  if (whole_ && has_items) runtime_.call("useWhole", {});
}

void Batch::run(std::size_t begin, std::size_t end, const std::vector<SegmentColumn*>& columns) {
  load(begin, end);
  for (std::size_t i = 0; i < segments_.size(); ++i) read(*segments_[i], end - begin, *columns[i]);
}

JSValueRef Batch::evaluate(const Segment& segment) try {
  const JSValueRef loop = runtime_.function(loop_source(segment.source), "expression");
  return runtime_.call("column", {loop, runtime_.text(segment.source)});
} catch (const Error& error) {
  if (error.code() != kStopped) throw;
  Error located(error.cause(), kStopped,
                "The expression '" + shortened(segment.source) + "' ran longer than " +
                    std::to_string(runtime_.time_limit().count()) +
                    " ms and was stopped. Make it do less, use a code node, or raise "
                    "'expression_timeout' in the settings of the workflow.");
  located.where.item = runtime_.current_item();
  located.where.parameter = segment.parameter;
  located.where.position = segment.position;
  throw located;
}

void Batch::read(const Segment& segment, std::size_t count, SegmentColumn& column) {
  const std::size_t base = column.values.size();
  column.values.resize(base + count);
  std::string text = runtime_.to_text(evaluate(segment));
  replace_lone_surrogates(text);
  Value result;
  try {
    result = parse_json(text, "the result of an expression");
  } catch (const Error&) {
    read_each(column, base, count);
    return;
  }
  const View values = result.view()[std::size_t{2}];
  for (std::size_t i = 0; i < count; ++i) column.values[base + i] = result.share(values[i]);
  note_others(result, column, base);
}

void Batch::read_each(SegmentColumn& column, std::size_t base, std::size_t count) {
  // One of the values is too deep; which one is found by reading each alone.
  const Value texts = parse_json(runtime_.to_text(runtime_.call("columnTexts", {})));
  note_others(texts, column, base);
  for (std::size_t i = 0; i < count; ++i) {
    if (column.failures.contains(base + i)) continue;
    read_alone(texts.view()[std::size_t{2}][i], column, base + i);
  }
}

}  // namespace engine::expression
