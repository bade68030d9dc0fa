#include "core/plugin/run_call.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/base/utf8.h"
#include "core/plugin/native_host.h"
#include "core/plugin/native_http.h"
#include "core/plugin/native_library.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kLongestLogLine = 10'000;

}  // namespace

void write_log(Logger& log, std::string_view node, std::int32_t level, std::string_view message) {
  message = message.substr(0, kLongestLogLine);
  message = message.substr(0, first_bad_utf8(message));
  const LogLevel at = level <= ENGINE_LOG_DEBUG  ? LogLevel::debug
                      : level == ENGINE_LOG_INFO ? LogLevel::info
                      : level == ENGINE_LOG_WARN ? LogLevel::warn
                                                 : LogLevel::error;
  log.write(at, message, {{"node_type", node}});
}

std::int32_t to_c(CancelReason reason) {
  switch (reason) {
    case CancelReason::none: return ENGINE_RUNS;
    case CancelReason::timeout: return ENGINE_TIMED_OUT;
    case CancelReason::cancelled: break;
  }
  return ENGINE_CANCELLED;
}

std::vector<std::string> early_parameters(const Description& description) {
  std::vector<std::string> names;
  for (const Parameter& parameter : description.parameters) {
    if (!parameter.late) names.push_back(parameter.name);
  }
  return names;
}

Value RunCall::slots_of(const Description& description,
                        const std::function<bool(const std::string&)>& has_credential) {
  std::vector<Value> slots;
  for (const CredentialSlot& slot : description.credentials) {
    if (has_credential(slot.name)) slots.emplace_back(slot.name);
  }
  return Value::array(slots);
}

RunCall::RunCall(NodeContext& context, const Description& description, std::string who)
    : context_(context),
      description_(description),
      who_(std::move(who)),
      binaries_(context.binaries()),
      items_(context.input_count()),
      parameters_(description.parameters.size()) {
  facts_ =
      print_json(Value::object({{"kind", "run"},
                                {"timezone", context.timezone()},
                                {"concurrency", static_cast<std::int64_t>(context.concurrency())},
                                {"keeps_going", context.keeps_going()},
                                {"dry_run", context.dry_run()},
                                {"credentials", slots_of(description, [&](const std::string& slot) {
                                   return context.has_credential(slot);
                                 })}}));
}

Error RunCall::bad_answer(const std::string& reason) const {
  return {ErrorCause::upstream, "plugin_bad_answer",
          who_ + " gave a bad answer: " + reason + " Report it to the author of the plugin."};
}

NodeResult RunCall::take_result() {
  const std::lock_guard lock(mutex_);
  if (fault_) throw *fault_;
  std::sort(result_.failed.begin(), result_.failed.end(),
            [](const ItemFailure& a, const ItemFailure& b) { return a.item < b.item; });
  std::sort(result_.untried.begin(), result_.untried.end());
  return std::move(result_);
}

std::int32_t RunCall::cancelled() const {
  return to_c(context_.cancellation().reason());
}

std::int64_t RunCall::time_left_ms() const {
  const auto deadline = context_.deadline();
  if (!deadline) return -1;
  return std::max<std::int64_t>((*deadline - context_.clock().now()).count(), 0);
}

std::int64_t RunCall::now_ms() {
  return to_ms(context_.clock().now());
}

// ---------------------------------------------------------------- data

std::size_t RunCall::item_count(std::size_t input) const {
  return input < context_.input_count() ? context_.input(input).size() : 0;
}

const Item* RunCall::find(std::size_t input, std::size_t item) const {
  if (input >= context_.input_count()) return nullptr;
  const Items& items = context_.input(input);
  return item < items.size() ? &items[item] : nullptr;
}

std::string_view RunCall::keep(std::string text) {
  return texts_.emplace_back(std::move(text));
}

std::string_view RunCall::item_json(std::size_t input, std::size_t item) {
  const Item* found = find(input, item);
  if (found == nullptr) return {};
  const std::lock_guard lock(mutex_);
  auto& printed = items_[input];
  if (printed.empty()) printed.resize(context_.input(input).size());
  if (printed[item].empty()) printed[item] = keep(print_json(found->json));
  return printed[item];
}

void RunCall::print_item(std::size_t input, std::size_t item, std::string& out) {
  const Item* found = find(input, item);
  if (found != nullptr) print_json(found->json, out);
}

std::string_view RunCall::item_binary_json(std::size_t input, std::size_t item) {
  const Item* found = find(input, item);
  if (found == nullptr || !found->binary.is_object()) return {};
  const std::lock_guard lock(mutex_);
  return keep(print_json(found->binary));
}

std::vector<std::string> RunCall::parameter_names() const {
  return early_parameters(description_);
}

std::string_view RunCall::parameter(std::string_view name, std::size_t item) {
  const Parameter* parameter = find_parameter(description_.parameters, name);
  if (parameter == nullptr) {
    throw Error(ErrorCause::user, "unknown_parameter",
                who_ + " asks for the parameter '" + std::string(name) +
                    "', which its description does not have." +
                    did_you_mean(name, engine::parameter_names(description_.parameters)));
  }
  const Value value = context_.parameter(name, item);
  if (value.missing()) return {};
  const auto index = static_cast<std::size_t>(parameter - description_.parameters.data());
  const std::lock_guard lock(mutex_);
  Printed& last = parameters_[index];
  // A constant is the same value for every item.
  if (!value.same_as(last.value) || last.text.empty()) {
    last = {value, keep(print_json(value))};
  }
  return last.text;
}

std::string RunCall::evaluate(std::string_view name, std::size_t item, std::string_view extra) {
  const Value names = extra.empty() ? Value::object() : parse_json(extra, "'extra_json'");
  const Value value = context_.evaluate(name, item, names);
  return value.missing() ? std::string() : print_json(value);
}

void RunCall::require_item(std::size_t item) const {
  if (item < item_count(0)) return;
  throw bad_answer("it speaks of item " + std::to_string(item) + ", and there are " +
                   std::to_string(item_count(0)) + ".");
}

Value RunCall::parse_given(std::string_view json, const char* what) {
  try {
    Value value = builder_.make([&](ValueBuilder& builder) {
      return parse_json(json, builder, std::string("The ") + what);
    });
    if (value.is_object()) return value;
  } catch (const Error& error) {
    throw bad_answer(error.message());
  }
  throw bad_answer(std::string("the ") + what + " of an item is an object.");
}

const Item* RunCall::first_source(const engine_item& item) const {
  if (item.origin_count == 0) return nullptr;
  return find(item.borrowed_origins[0].input, item.borrowed_origins[0].item);
}

SameAsInput RunCall::compared(const engine_item& item) const {
  const Item* source = first_source(item);
  if (source == nullptr) return {};
  const engine_origin& first = item.borrowed_origins[0];
  const auto& printed = items_[first.input];
  const std::string_view text = printed.empty() ? std::string_view() : printed[first.item];
  SameAsInput same;
  same.json = !text.empty() && text == view_of(item.json);
  same.binary = item.binary_json.size > 0 && source->binary.is_object() &&
                print_json(source->binary) == view_of(item.binary_json);
  return same;
}

Origin RunCall::origin_of(const engine_item& item) const {
  for (std::size_t i = 0; i < item.origin_count; ++i) {
    const engine_origin& source = item.borrowed_origins[i];
    if (find(source.input, source.item) == nullptr) {
      throw bad_answer("an origin names an item that there is not.");
    }
  }
  if (item.origin_count == 0) return {};
  if (item.origin_count == 1) {
    return Origin::of(item.borrowed_origins[0].item, item.borrowed_origins[0].input);
  }
  std::vector<Origin::Source> sources;
  sources.reserve(item.origin_count);
  for (std::size_t i = 0; i < item.origin_count; ++i) {
    sources.push_back({item.borrowed_origins[i].input, item.borrowed_origins[i].item});
  }
  return Origin::of(std::move(sources));
}

Value RunCall::binary_of(const engine_item& item) {
  Value binary = parse_given(view_of(item.binary_json), "binary data");
  for (const auto& [name, content] : binary.view().members()) {
    context_.binaries().path(content);  // throws for what the store does not have
  }
  return binary;
}

Item RunCall::read_item(const engine_item& item, SameAsInput same) {
  if (item.struct_size < sizeof(engine_item)) {
    throw bad_answer("an item must begin with its size.");
  }
  if (item.output >= description_.outputs.size()) {
    throw bad_answer("there is no output " + std::to_string(item.output) + ".");
  }
  given_bytes_ += item.json.size + item.binary_json.size;
  if (given_bytes_ > kLargestAnswer) {
    throw bad_answer("its items have more than " + std::to_string(kLargestAnswer >> 20U) +
                     " MiB. Give large contents as binary data.");
  }
  Item result;
  result.origin = origin_of(item);
  if (!same.json && !same.binary) same = compared(item);
  const Item* source = first_source(item);
  if (source == nullptr && (same.json || same.binary)) {
    throw bad_answer("it gives an item again and does not say which.");
  }
  result.json = same.json ? source->json : parse_given(view_of(item.json), "JSON");
  if (same.binary) {
    result.binary = source->binary;
  } else if (item.binary_json.size > 0) {
    result.binary = binary_of(item);
  }
  return result;
}

void RunCall::give(const engine_item& item, SameAsInput same) {
  const std::lock_guard lock(mutex_);
  try {
    Item read = read_item(item, same);
    if (result_.outputs.size() <= item.output) result_.outputs.resize(item.output + 1);
    result_.outputs[item.output].push_back(std::move(read));
  } catch (const Error& error) {
    if (!fault_) fault_ = error;
    throw;
  }
}

void RunCall::fail_item(std::size_t item, const Error& error) {
  require_item(item);
  const std::lock_guard lock(mutex_);
  result_.failed.push_back({item, error});
  result_.failed.back().error.where.item = item;
}

void RunCall::leave_item(std::size_t item) {
  require_item(item);
  const std::lock_guard lock(mutex_);
  result_.untried.push_back(item);
}

// ---------------------------------------------------------------- the world

NativeAnswer RunCall::send(std::string_view request, std::string_view body) {
  NativeRequest read = read_request(request, body);
  if (auto answer = rehearsed(context_, read.request)) return *std::move(answer);
  return answer_of(context_.send(std::move(read.request), read.slot));
}

std::string RunCall::credential_field(std::string_view slot, std::string_view field) {
  const Value value = context_.credential_field(field, slot);
  return value.missing() ? std::string() : print_json(value);
}

std::string RunCall::binary_read(std::string_view binary, std::uint64_t offset, std::size_t most) {
  return binaries_.read(binary, offset, most);
}
std::uint64_t RunCall::binary_begin() {
  return binaries_.begin();
}
void RunCall::binary_write(std::uint64_t writer, std::string_view bytes) {
  binaries_.write(writer, bytes);
}
std::string RunCall::binary_finish(std::uint64_t writer, std::string_view mime_type,
                                   std::string_view file_name) {
  return binaries_.finish(writer, mime_type, file_name);
}

std::string RunCall::stored(std::string_view key) {
  const Value value = context_.stored(key);
  return value.missing() ? std::string() : print_json(value);
}

void RunCall::store(std::string_view key, std::string_view json) {
  context_.store(key, parse_json(json, "What a plugin stores"));
}

void RunCall::log(std::int32_t level, std::string_view message) {
  write_log(context_.log(), description_.id, level, message);
}

void RunCall::progress(std::uint64_t done, std::uint64_t total) {
  context_.progress(done, total);
}

}  // namespace engine::plugin
