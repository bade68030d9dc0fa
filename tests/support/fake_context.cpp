#include "tests/support/fake_context.h"

#include <unistd.h>

#include "core/base/error.h"
#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::test {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

Value at_global(const std::string& expression, const Value& globals) {
  const auto path = parse_path(expression);
  if (!path) throw Error(ErrorCause::bug, "bad_expression", "not a plain path: " + expression);
  return globals.share(at_path(globals, *path));
}

Value resolved_text(const Value& source, const Value& globals) {
  std::string_view text = source.as_string();
  std::string joined;
  while (true) {
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open);
    Value value = at_global(trimmed(text.substr(open + 2, close - open - 2)), globals);
    if (joined.empty() && open == 0 && close + 2 == text.size()) return value;
    joined += text.substr(0, open);
    joined += to_text(value);
    text.remove_prefix(close + 2);
  }
  joined += text;
  return joined;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the parameters of a test
Value resolved(const Value& source, const Value& globals) {
  if (source.is_string())
    return source.as_string().find("{{") == std::string_view::npos ? source
                                                                   : resolved_text(source, globals);
  ValueBuilder builder;
  if (source.is_array()) {
    builder.begin_array();
    for (const View element : source.elements())
      builder.value(resolved(source.share(element), globals));
    builder.end_array();
  } else if (source.is_object()) {
    builder.begin_object();
    for (const auto& [name, member] : source.members()) {
      builder.key(name);
      builder.value(resolved(source.share(member), globals));
    }
    builder.end_object();
  } else {
    return source;
  }
  return builder.finish();
}

Value globals_of(const FakeContext& context, std::size_t item, const Value& extra) {
  ValueBuilder builder;
  builder.begin_object();
  const Items& items = context.input(0);
  if (item < items.size()) {
    builder.key("$json");
    builder.value(items[item].json);
  }
  for (const auto& [name, value] : extra.members()) {
    builder.key(name);
    builder.value(extra.share(value));
  }
  builder.end_object();
  return builder.finish();
}

std::filesystem::path fresh_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "engine-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error(ErrorCause::storage, "no_folder", "No folder for temporary files can be made.");
  return name;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(fresh_folder()) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

FakeContext::FakeContext(const NodeType& type, const Value& with)
    : type_(type),
      with_(with),
      binaries_(folder_.path() / "binaries", random_),
      log_(stderr, LogLevel::off, LogFormat::text, fake_clock) {
  // Values without expressions are checked once, as the engine does; the others for each item.
  for (const Parameter& parameter : type_.description.parameters) {
    const Value given = with_[parameter.name];
    if (given.missing() && parameter.required) continue;
    if (parameter.literal ||
        print_json(given.missing() ? View(Value(nullptr)) : given.view()).find("{{") ==
            std::string::npos)
      constants_.emplace(parameter.name, normalise(parameter, given));
  }
}

Value FakeContext::parameter(std::string_view name, std::size_t item) {
  if (const auto found = computed.find(name); found != computed.end()) return found->second(item);
  if (const auto found = constants_.find(name); found != constants_.end()) return found->second;
  const Parameter* description = find_parameter(type_.description.parameters, name);
  if (description == nullptr)
    throw Error(ErrorCause::bug, "unknown_parameter", "asked for " + std::string(name));
  return normalise(*description, resolved(with_[name], globals_of(*this, item, {})));
}

Value FakeContext::evaluate(std::string_view parameter, std::size_t item, const Value& extra) {
  const Value source = with_.share(at_path(with_, parse_path(parameter).value()));
  return resolved(source, globals_of(*this, item, extra));
}

Items FakeContext::run_script(const std::string& text, bool each_item, Milliseconds,
                              std::uint64_t) {
  return script(text, each_item);
}

http::Response FakeContext::send(http::Request request, std::string_view) {
  const std::lock_guard lock(mutex_);
  requests.push_back(std::move(request));
  if (responses.empty())
    throw Error(ErrorCause::bug, "no_answer", "The test has no answer for this request.");
  http::Response response = std::move(responses.front());
  responses.pop_front();
  if (response.url.empty()) response.url = requests.back().url;
  return response;
}

bool FakeContext::has_credential(std::string_view) const {
  return credential;
}

Value FakeContext::credential_field(std::string_view, std::string_view) const {
  return {};
}

std::string FakeContext::credential_key(std::string_view) const {
  return credential ? "fake" : "";
}

std::filesystem::path FakeContext::file(const std::string& path) const {
  if (path.find("..") != std::string::npos)
    throw Error(ErrorCause::user, "path_refused", "'" + path + "' is outside of the folder.");
  return (folder_.path() / path).lexically_normal();
}

Value FakeContext::stored(std::string_view key) {
  const auto found = memory.find(key);
  return found == memory.end() ? Value() : found->second;
}

void FakeContext::store(std::string_view key, const Value& value) {
  memory.insert_or_assign(std::string(key), value);
}

Items FakeContext::call_workflow(const std::string& name, const Items& items, bool wait,
                                 std::size_t) {
  const std::lock_guard lock(mutex_);
  called.push_back(name + (wait ? "" : " (not waited for)"));
  return wait && workflow ? workflow(name, items) : Items();
}

bool FakeContext::respond(http::ServerResponse response) {
  answered.push_back(std::move(response));
  return asked;
}

void FakeContext::would(const std::string& what, const Value& details) {
  const std::lock_guard lock(mutex_);
  would_do.emplace_back(what, details);
}

void FakeContext::progress(std::size_t count, std::size_t) {
  const std::lock_guard lock(mutex_);
  done = count;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the parameters of a test
Located to_located(const Value& value) {
  Located located;
  located.kind = value.kind();
  located.line = located.column = 1;
  if (value.is_array()) {
    for (const View element : value.elements())
      located.elements.push_back(to_located(value.share(element)));
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.members())
      located.members.push_back({std::string(name), 1, 1, to_located(value.share(member))});
  } else {
    located.scalar = value;
  }
  return located;
}

Items items_of(const Value& list) {
  Items items;
  for (const View json : list.elements()) items.push_back({list.share(json), {}, Origin()});
  return items;
}

Value json_of(const Items& items) {
  std::vector<Value> list;
  list.reserve(items.size());
  for (const Item& item : items) list.push_back(item.json);
  return Value::array(list);
}

}  // namespace engine::test
