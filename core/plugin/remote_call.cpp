#include "core/plugin/remote_call.h"

#include <algorithm>

#include "core/plugin/native_error.h"
#include "core/plugin/native_host.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

constexpr std::uint8_t kRemoteGood = 0;
constexpr std::uint8_t kRemoteFailed = 1;

// How an item stands in a result.
constexpr std::uint8_t kSameJson = 1;
constexpr std::uint8_t kSameBinary = 2;
constexpr std::size_t kLeastItem = 17;

// People see no more of it; every message costs as much as many items.
constexpr std::chrono::milliseconds kProgressEvery{25};

constexpr std::size_t kGaveTooMuch = static_cast<std::size_t>(-1);

std::string too_much() {
  return "Its items have more than " + std::to_string(kLargestAnswer >> 20U) +
         " MiB. Give large contents as binary data.";
}

WireWriter question_of(NativeService service) {
  WireWriter out;
  out.byte(static_cast<std::uint8_t>(service));
  return out;
}

std::string one_text(std::string_view reply) {
  return std::string(read_reply(reply).text());
}

}  // namespace

RemoteCall::RemoteCall(process::Parent& parent, WireReader request) : parent_(parent) {
  type_ = static_cast<std::size_t>(request.number());
  function_ = static_cast<NativeFunction>(request.byte());
  argument_ = request.text();
  facts_ = request.text();
  body_ = request.text();
  time_left_ms_ = static_cast<std::int64_t>(request.number());
  several_ = request.number() > 1;
  read_items(request);
  read_parameters(request);
}

void RemoteCall::read_items(WireReader& in) {
  inputs_.resize(in.count(8));
  for (std::vector<Sent>& input : inputs_) {
    input.resize(in.count(16));
    for (Sent& item : input) {
      item.json = in.text();
      item.binary = in.text();
    }
  }
}

void RemoteCall::read_parameters(WireReader& in) {
  const std::size_t names = in.count(8);
  const std::uint64_t count = in.number();
  for (std::size_t i = 0; i < names; ++i) {
    std::vector<SentParameter>& values = parameters_[in.text()];
    for (std::uint64_t item = 0; item < count; ++item) {
      const auto how = static_cast<GivenParameter>(in.byte());
      if (how == GivenParameter::as_before && !values.empty()) {
        values.push_back(values.back());
      } else {
        values.push_back({in.text(), how == GivenParameter::failed});
      }
    }
  }
}

std::string RemoteCall::ask(const WireWriter& question) {
  const std::lock_guard lock(parent_mutex_);
  return parent_.call(question.bytes());
}

void RemoteCall::tell(const WireWriter& note) {
  const std::lock_guard lock(parent_mutex_);
  parent_.note(note.bytes());
}

std::int64_t RemoteCall::time_left_ms() const {
  if (time_left_ms_ < 0) return -1;
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began_);
  return std::max<std::int64_t>(time_left_ms_ - passed.count(), 0);
}

std::int64_t RemoteCall::now_ms() {
  const std::string reply = ask(question_of(NativeService::now_ms));
  return static_cast<std::int64_t>(read_reply(reply).number());
}

// ---------------------------------------------------------------- data

std::size_t RemoteCall::item_count(std::size_t input) const {
  return input < inputs_.size() ? inputs_[input].size() : 0;
}

std::string_view RemoteCall::item_json(std::size_t input, std::size_t item) {
  return item < item_count(input) ? inputs_[input][item].json : std::string_view();
}

std::string_view RemoteCall::item_binary_json(std::size_t input, std::size_t item) {
  return item < item_count(input) ? inputs_[input][item].binary : std::string_view();
}

std::string_view RemoteCall::parameter(std::string_view name, std::size_t item) {
  const auto found = parameters_.find(name);
  if (found != parameters_.end() && item < found->second.size()) {
    const SentParameter& value = found->second[item];
    if (value.failed) throw read_error_document(value.text, "The engine");
    return value.text;
  }
  // Nothing else has one, but the engine knows how to say so.
  WireWriter question = question_of(NativeService::parameter);
  question.text(name);
  question.number(item);
  std::string text = one_text(ask(question));
  const std::lock_guard lock(mutex_);
  return asked_.emplace_back(std::move(text));
}

std::string RemoteCall::evaluate(std::string_view name, std::size_t item, std::string_view extra) {
  WireWriter question = question_of(NativeService::evaluate);
  question.text(name);
  question.number(item);
  question.text(extra);
  return one_text(ask(question));
}

SameAsInput RemoteCall::compared(const engine_item& item) const {
  if (item.origin_count == 0) return {};
  const engine_origin& first = item.borrowed_origins[0];
  if (first.item >= item_count(first.input)) return {};
  const Sent& sent = inputs_[first.input][first.item];
  return {view_of(item.json) == sent.json,
          !sent.binary.empty() && view_of(item.binary_json) == sent.binary};
}

void RemoteCall::give(const engine_item& item, SameAsInput /*same*/) {
  if (item.struct_size < sizeof(engine_item)) {
    throw Error(ErrorCause::bug, "plugin_bad_struct", "An item must begin with its size.");
  }
  const std::lock_guard lock(mutex_);
  if (items_.bytes().size() + item.json.size + item.binary_json.size > kLargestAnswer) {
    // The engine has to learn of it as well, whatever the plugin makes of this.
    item_count_ = kGaveTooMuch;
  }
  if (item_count_ == kGaveTooMuch) {
    items_ = WireWriter();
    throw Error(ErrorCause::upstream, "plugin_bad_answer", too_much());
  }
  const SameAsInput same = compared(item);
  items_.byte(
      static_cast<std::uint8_t>((same.json ? kSameJson : 0) | (same.binary ? kSameBinary : 0)));
  items_.number(item.output);
  if (!same.json) items_.text(view_of(item.json));
  if (!same.binary) items_.text(view_of(item.binary_json));
  items_.number(item.origin_count);
  for (std::size_t i = 0; i < item.origin_count; ++i) {
    items_.number(item.borrowed_origins[i].input);
    items_.number(item.borrowed_origins[i].item);
  }
  ++item_count_;
}

void RemoteCall::fail_item(std::size_t item, const Error& error) {
  const std::lock_guard lock(mutex_);
  failed_.number(item);
  failed_.text(error_document(error));
  ++failed_count_;
}

void RemoteCall::leave_item(std::size_t item) {
  const std::lock_guard lock(mutex_);
  untried_.push_back(item);
}

// ---------------------------------------------------------------- the world

// One thread after the other asks for what has ended, and passes on what is not its own.
std::string RemoteCall::send_with_others(std::string_view request, std::string_view body) {
  WireWriter question = question_of(NativeService::send_begin);
  question.text(request);
  question.text(body);
  const std::string begun = ask(question);
  const std::uint64_t id = read_reply(begun).number();
  std::unique_lock lock(sends_mutex_);
  constexpr std::chrono::milliseconds kLetOthersBegin{1};
  while (true) {
    const auto found = ended_.find(id);
    if (found != ended_.end()) {
      std::string reply = std::move(found->second);
      ended_.erase(found);
      return reply;
    }
    if (asking_) {
      sends_changed_.wait(lock);
      continue;
    }
    asking_ = true;
    lock.unlock();
    const std::string told = ask(question_of(NativeService::send_next));
    lock.lock();
    asking_ = false;
    WireReader in = read_reply(told);
    const std::uint64_t other = in.number();
    if (other != 0) ended_[other] = in.text();
    sends_changed_.notify_all();
    if (other == 0) sends_changed_.wait_for(lock, kLetOthersBegin);
  }
}

NativeAnswer RemoteCall::send(std::string_view request, std::string_view body) {
  std::string reply;
  if (several_) {
    reply = send_with_others(request, body);
  } else {
    WireWriter question = question_of(NativeService::send);
    question.text(request);
    question.text(body);
    reply = ask(question);
  }
  WireReader in = read_reply(reply);
  NativeAnswer answer;
  answer.head = in.text();
  answer.body = in.text();
  return answer;
}

std::string RemoteCall::credential_field(std::string_view slot, std::string_view field) {
  WireWriter question = question_of(NativeService::credential_field);
  question.text(slot);
  question.text(field);
  return one_text(ask(question));
}

bool RemoteCall::signature_matches(std::string_view request, std::string_view bytes) {
  WireWriter question = question_of(NativeService::signature_matches);
  question.text(request);
  question.text(bytes);
  const std::string reply = ask(question);
  return read_reply(reply).byte() != 0;
}

std::string RemoteCall::binary_read(std::string_view binary, std::uint64_t offset,
                                    std::size_t most) {
  WireWriter question = question_of(NativeService::binary_read);
  question.text(binary);
  question.number(offset);
  question.number(most);
  return one_text(ask(question));
}

std::uint64_t RemoteCall::binary_begin() {
  const std::string reply = ask(question_of(NativeService::binary_begin));
  return read_reply(reply).number();
}

void RemoteCall::binary_write(std::uint64_t writer, std::string_view bytes) {
  WireWriter question = question_of(NativeService::binary_write);
  question.number(writer);
  question.text(bytes);
  const std::string reply = ask(question);
  read_reply(reply);
}

std::string RemoteCall::binary_finish(std::uint64_t writer, std::string_view mime_type,
                                      std::string_view file_name) {
  WireWriter question = question_of(NativeService::binary_finish);
  question.number(writer);
  question.text(mime_type);
  question.text(file_name);
  return one_text(ask(question));
}

std::string RemoteCall::stored(std::string_view key) {
  WireWriter question = question_of(NativeService::stored);
  question.text(key);
  return one_text(ask(question));
}

void RemoteCall::store(std::string_view key, std::string_view json) {
  WireWriter question = question_of(NativeService::store);
  question.text(key);
  question.text(json);
  const std::string reply = ask(question);
  read_reply(reply);
}

void RemoteCall::log(std::int32_t level, std::string_view message) {
  WireWriter note = question_of(NativeService::log);
  note.number(static_cast<std::uint64_t>(level));
  note.text(message);
  tell(note);
}

void RemoteCall::progress(std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(parent_mutex_);
  progress_ = {done, total};
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < kProgressEvery) return;
  told_ = now;
  WireWriter note = question_of(NativeService::progress);
  note.number(done);
  note.number(total);
  progress_.reset();
  parent_.note(note.bytes());
}

// ---------------------------------------------------------------- the end

std::string RemoteCall::result(std::string_view returned) {
  const std::lock_guard lock(mutex_);
  if (item_count_ == kGaveTooMuch) {
    return failed_result(Error(ErrorCause::upstream, "plugin_bad_answer", too_much()));
  }
  WireWriter out;
  out.reserve(items_.bytes().size() + returned.size() + 100);
  out.byte(kRemoteGood);
  out.text(returned);
  out.byte(progress_ ? 1 : 0);
  if (progress_) {
    out.number(progress_->done);
    out.number(progress_->total);
  }
  out.number(item_count_);
  out.append(items_);
  out.number(failed_count_);
  out.append(failed_);
  out.number(untried_.size());
  for (const std::size_t item : untried_) out.number(item);
  return out.take();
}

std::string failed_result(const Error& error) {
  WireWriter out;
  out.byte(kRemoteFailed);
  out.text(error_document(error));
  return out.take();
}

std::string take_call_result(NativeCall& call, std::string_view result, const std::string& plugin) {
  WireReader in(result);
  if (in.byte() != kRemoteGood) throw read_error_document(in.text(), plugin);
  std::string returned(in.text());
  if (in.byte() != 0) {
    const std::uint64_t done = in.number();
    call.progress(done, in.number());
  }
  std::vector<engine_origin> origins;
  for (std::size_t left = in.count(kLeastItem); left > 0; --left) {
    const std::uint8_t how = in.byte();
    const SameAsInput same{(how & kSameJson) != 0, (how & kSameBinary) != 0};
    engine_item item{};
    item.struct_size = sizeof item;
    item.output = static_cast<std::uint32_t>(in.number());
    if (!same.json) item.json = borrow(in.text());
    if (!same.binary) item.binary_json = borrow(in.text());
    origins.resize(in.count(16));
    for (engine_origin& origin : origins) {
      origin.input = static_cast<std::uint32_t>(in.number());
      origin.item = static_cast<std::uint32_t>(in.number());
    }
    item.borrowed_origins = origins.data();
    item.origin_count = origins.size();
    call.give(item, same);
  }
  for (std::size_t left = in.count(16); left > 0; --left) {
    const auto item = static_cast<std::size_t>(in.number());
    call.fail_item(item, read_error_document(in.text(), plugin));
  }
  for (std::size_t left = in.count(8); left > 0; --left) {
    call.leave_item(static_cast<std::size_t>(in.number()));
  }
  return returned;
}

}  // namespace engine::plugin
