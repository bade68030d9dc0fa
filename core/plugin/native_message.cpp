#include "core/plugin/native_message.h"

#include <algorithm>

#include "core/plugin/native_error.h"
#include "core/plugin/pending_sends.h"

namespace engine::plugin {
namespace {

constexpr std::uint8_t kGood = 0;
constexpr std::uint8_t kFailed = 1;

void write_answer(const NativeAnswer& answer, WireWriter& out) {
  out.text(answer.head);
  out.text(answer.body);
}

// What a question asks for, written behind kGood.
void answer(NativeCall& call, PendingSends& sends, WireReader& in, WireWriter& out) {
  switch (static_cast<NativeService>(in.byte())) {
    case NativeService::parameter: {
      const std::string_view name = in.text();
      out.text(call.parameter(name, in.number()));
      break;
    }
    case NativeService::evaluate: {
      const std::string_view name = in.text();
      const std::uint64_t item = in.number();
      out.text(call.evaluate(name, item, in.text()));
      break;
    }
    case NativeService::send: {
      const std::string_view request = in.text();
      write_answer(call.send(request, in.text()), out);
      break;
    }
    case NativeService::send_begin: {
      const std::string_view request = in.text();
      out.number(sends.begin(request, in.text()));
      break;
    }
    case NativeService::send_next: {
      const PendingSends::Ended ended = sends.next();
      out.number(ended.id);
      out.text(ended.reply);
      break;
    }
    case NativeService::credential_field: {
      const std::string_view slot = in.text();
      out.text(call.credential_field(slot, in.text()));
      break;
    }
    case NativeService::signature_matches: {
      const std::string_view request = in.text();
      out.byte(call.signature_matches(request, in.text()) ? 1 : 0);
      break;
    }
    case NativeService::binary_read: {
      const std::string_view binary = in.text();
      const std::uint64_t offset = in.number();
      out.text(call.binary_read(binary, offset, in.number()));
      break;
    }
    case NativeService::binary_begin: out.number(call.binary_begin()); break;
    case NativeService::binary_write: {
      const std::uint64_t writer = in.number();
      call.binary_write(writer, in.text());
      break;
    }
    case NativeService::binary_finish: {
      const std::uint64_t writer = in.number();
      const std::string_view mime_type = in.text();
      out.text(call.binary_finish(writer, mime_type, in.text()));
      break;
    }
    case NativeService::stored: out.text(call.stored(in.text())); break;
    case NativeService::store: {
      const std::string_view key = in.text();
      call.store(key, in.text());
      break;
    }
    case NativeService::now_ms: out.number(static_cast<std::uint64_t>(call.now_ms())); break;
    default: throw WireBroken("a question that nobody knows");
  }
}

void write_items(NativeCall& call, WireWriter& out) {
  const std::size_t inputs = call.input_count();
  out.number(inputs);
  for (std::size_t input = 0; input < inputs; ++input) {
    const std::size_t items = call.item_count(input);
    out.number(items);
    for (std::size_t item = 0; item < items; ++item) {
      out.text_by([&](std::string& text) { call.print_item(input, item, text); });
      out.text(call.item_binary_json(input, item));
    }
  }
}

void write_parameter(NativeCall& call, const std::string& name, std::size_t count,
                     WireWriter& out) {
  const char* last = nullptr;
  for (std::size_t item = 0; item < count; ++item) {
    std::string_view text;
    try {
      text = call.parameter(name, item);
    } catch (const Error& error) {
      // It fails when it is asked for: one bad item is no reason to fail the others.
      out.byte(static_cast<std::uint8_t>(GivenParameter::failed));
      out.text(error_document(error));
      last = nullptr;
      continue;
    }
    if (item > 0 && text.data() == last && last != nullptr) {
      out.byte(static_cast<std::uint8_t>(GivenParameter::as_before));
      continue;
    }
    out.byte(static_cast<std::uint8_t>(GivenParameter::value));
    out.text(text);
    last = text.data();
  }
}

void write_parameters(NativeCall& call, WireWriter& out) {
  const std::vector<std::string> names = call.parameter_names();
  const std::size_t count = std::max<std::size_t>(call.item_count(0), 1);
  out.number(names.size());
  out.number(count);
  for (const std::string& name : names) {
    out.text(name);
    write_parameter(call, name, count, out);
  }
}

// Good, and what `write(out)` writes; or the failure.
template <typename Write>
std::string reply_of(const Write& write) {
  try {
    WireWriter out;
    out.byte(kGood);
    write(out);
    return out.take();
  } catch (...) {
    WireWriter failed;
    failed.byte(kFailed);
    failed.text(error_document(current_error()));
    return failed.take();
  }
}

}  // namespace

void write_source(const LibrarySource& source, WireWriter& out) {
  out.text(source.file.native());
  out.text(source.name);
  out.text(source.version);
  out.text(source.sha256);
  out.text(source.identity);
}

LibrarySource read_source(WireReader& in) {
  LibrarySource source;
  source.file = in.text();
  source.name = in.text();
  source.version = in.text();
  source.sha256 = in.text();
  source.identity = in.text();
  return source;
}

void skip_source(WireReader& in) {
  for (int i = 0; i < 5; ++i) in.text();
}

void write_types(const std::vector<NativeType>& types, WireWriter& out) {
  out.number(types.size());
  for (const NativeType& type : types) {
    out.byte(static_cast<std::uint8_t>(type.kind));
    out.byte(type.runs ? 1 : 0);
    out.byte(type.catches_up ? 1 : 0);
    out.number(static_cast<std::uint64_t>(type.check_every_ms));
    out.text(type.description);
  }
}

std::vector<NativeType> read_types(WireReader& in) {
  std::vector<NativeType> types(in.count(19));
  for (NativeType& type : types) {
    const std::uint8_t kind = in.byte();
    if (kind > static_cast<std::uint8_t>(NativeKind::credential_type)) {
      throw WireBroken("a type of no known kind");
    }
    type.kind = static_cast<NativeKind>(kind);
    type.runs = in.byte() != 0;
    type.catches_up = in.byte() != 0;
    type.check_every_ms = static_cast<std::int64_t>(in.number());
    type.description = in.text();
  }
  return types;
}

std::string load_request(const LibrarySource& source) {
  WireWriter out;
  write_source(source, out);
  out.byte(0);
  return out.take();
}

std::string call_request(const LibrarySource& source, const CallHead& head, NativeCall& call) {
  WireWriter out;
  write_source(source, out);
  out.byte(1);
  out.number(head.type);
  out.byte(static_cast<std::uint8_t>(head.function));
  out.text(head.argument);
  out.text(call.facts());
  out.text(call.body());
  out.number(static_cast<std::uint64_t>(call.time_left_ms()));
  out.number(call.concurrency());
  write_items(call, out);
  write_parameters(call, out);
  return out.take();
}

std::string answer_question(NativeCall& call, PendingSends& sends, std::string_view question) {
  return reply_of([&](WireWriter& out) {
    WireReader in(question);
    answer(call, sends, in, out);
  });
}

std::string send_reply(NativeCall& call, std::string_view request, std::string_view body) {
  return reply_of([&](WireWriter& out) { write_answer(call.send(request, body), out); });
}

void take_note(NativeCall& call, std::string_view note) {
  WireReader in(note);
  const auto service = static_cast<NativeService>(in.byte());
  if (service == NativeService::log) {
    const auto level = static_cast<std::int32_t>(in.number());
    call.log(level, in.text());
  } else if (service == NativeService::progress) {
    const std::uint64_t done = in.number();
    call.progress(done, in.number());
  } else {
    throw WireBroken("a note that nobody knows");
  }
}

WireReader read_reply(std::string_view reply) {
  WireReader in(reply);
  if (in.byte() == kGood) return in;
  throw read_error_document(in.text(), "The engine");
}

}  // namespace engine::plugin
