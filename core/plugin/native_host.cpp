#include "core/plugin/native_host.h"

#include <memory>
#include <utility>

#include "core/plugin/native_error.h"

namespace engine::plugin {
namespace {

NativeCall& of(engine_call* call) {
  return *reinterpret_cast<NativeCall*>(call);
}

void put(engine_owned* target, std::string text) {
  if (target != nullptr) *target = give_away(std::move(text));
}

// The edge: what is thrown behind it becomes a status and a document.
template <typename Work>
std::int32_t guarded(engine_owned* owned_error, const Work& work) {
  try {
    work();
    return ENGINE_OK;
  } catch (...) {
    try {
      put(owned_error, error_document(current_error()));
    } catch (...) {
      if (owned_error != nullptr) *owned_error = {};
    }
    return ENGINE_FAILED;
  }
}

template <typename Result, typename Work>
Result otherwise(Result fallback, const Work& work) {
  try {
    return work();
  } catch (...) {
    return fallback;
  }
}

// ---------------------------------------------------------------- the call

engine_borrowed facts(engine_call* call) {
  return otherwise(engine_borrowed{}, [&] { return borrow(of(call).facts()); });
}
engine_borrowed body(engine_call* call) {
  return otherwise(engine_borrowed{}, [&] { return borrow(of(call).body()); });
}
std::int32_t cancelled(engine_call* call) {
  return otherwise(std::int32_t{ENGINE_CANCELLED}, [&] { return of(call).cancelled(); });
}
std::int64_t time_left_ms(engine_call* call) {
  return otherwise(std::int64_t{-1}, [&] { return of(call).time_left_ms(); });
}
std::int64_t now_ms(engine_call* call) {
  return otherwise(std::int64_t{0}, [&] { return of(call).now_ms(); });
}

// ---------------------------------------------------------------- data

std::size_t input_count(engine_call* call) {
  return otherwise(std::size_t{0}, [&] { return of(call).input_count(); });
}
std::size_t item_count(engine_call* call, std::size_t input) {
  return otherwise(std::size_t{0}, [&] { return of(call).item_count(input); });
}
engine_borrowed item_json(engine_call* call, std::size_t input, std::size_t item) {
  return otherwise(engine_borrowed{}, [&] { return borrow(of(call).item_json(input, item)); });
}
engine_borrowed item_binary_json(engine_call* call, std::size_t input, std::size_t item) {
  return otherwise(engine_borrowed{},
                   [&] { return borrow(of(call).item_binary_json(input, item)); });
}
std::int32_t parameter(engine_call* call, engine_borrowed name, std::size_t item,
                       engine_borrowed* borrowed_json, engine_owned* owned_error) {
  return guarded(owned_error,
                 [&] { *borrowed_json = borrow(of(call).parameter(view_of(name), item)); });
}
std::int32_t evaluate(engine_call* call, engine_borrowed name, std::size_t item,
                      engine_borrowed extra_json, engine_owned* owned_json) {
  return guarded(owned_json, [&] {
    put(owned_json, of(call).evaluate(view_of(name), item, view_of(extra_json)));
  });
}
std::int32_t give(engine_call* call, const engine_item* item, engine_owned* owned_error) {
  return guarded(owned_error, [&] { of(call).give(*item, {}); });
}
std::int32_t fail_item(engine_call* call, std::size_t item, engine_borrowed error_json,
                       engine_owned* owned_error) {
  return guarded(owned_error, [&] {
    of(call).fail_item(item, read_error_document(view_of(error_json), "The plugin"));
  });
}
std::int32_t leave_item(engine_call* call, std::size_t item, engine_owned* owned_error) {
  return guarded(owned_error, [&] { of(call).leave_item(item); });
}

// ---------------------------------------------------------------- the world

std::int32_t send(engine_call* call, engine_borrowed request_json, engine_borrowed request_body,
                  engine_owned* owned_head_json, engine_owned* owned_body) {
  return guarded(owned_head_json, [&] {
    NativeAnswer answer = of(call).send(view_of(request_json), view_of(request_body));
    put(owned_head_json, std::move(answer.head));
    put(owned_body, std::move(answer.body));
  });
}
std::int32_t credential_field(engine_call* call, engine_borrowed slot, engine_borrowed field,
                              engine_owned* owned_json) {
  return guarded(owned_json, [&] {
    put(owned_json, of(call).credential_field(view_of(slot), view_of(field)));
  });
}
std::int32_t signature_matches(engine_call* call, engine_borrowed request_json,
                               engine_borrowed bytes, engine_owned* owned_json) {
  return guarded(owned_json, [&] {
    const bool matches = of(call).signature_matches(view_of(request_json), view_of(bytes));
    put(owned_json, matches ? "true" : "false");
  });
}
std::int32_t binary_read(engine_call* call, engine_borrowed binary_json, std::uint64_t offset,
                         std::size_t most, engine_owned* owned_bytes) {
  return guarded(owned_bytes, [&] {
    put(owned_bytes, of(call).binary_read(view_of(binary_json), offset, most));
  });
}
std::int32_t binary_begin(engine_call* call, std::uint64_t* writer, engine_owned* owned_error) {
  return guarded(owned_error, [&] { *writer = of(call).binary_begin(); });
}
std::int32_t binary_write(engine_call* call, std::uint64_t writer, engine_borrowed bytes,
                          engine_owned* owned_error) {
  return guarded(owned_error, [&] { of(call).binary_write(writer, view_of(bytes)); });
}
std::int32_t binary_finish(engine_call* call, std::uint64_t writer, engine_borrowed mime_type,
                           engine_borrowed file_name, engine_owned* owned_json) {
  return guarded(owned_json, [&] {
    put(owned_json, of(call).binary_finish(writer, view_of(mime_type), view_of(file_name)));
  });
}
std::int32_t stored(engine_call* call, engine_borrowed key, engine_owned* owned_json) {
  return guarded(owned_json, [&] { put(owned_json, of(call).stored(view_of(key))); });
}
std::int32_t store(engine_call* call, engine_borrowed key, engine_borrowed json,
                   engine_owned* owned_error) {
  return guarded(owned_error, [&] { of(call).store(view_of(key), view_of(json)); });
}

// ---------------------------------------------------------------- what people see

void log(engine_call* call, std::int32_t level, engine_borrowed message) {
  guarded(nullptr, [&] { of(call).log(level, view_of(message)); });
}
void progress(engine_call* call, std::uint64_t done, std::uint64_t total) {
  guarded(nullptr, [&] { of(call).progress(done, total); });
}

constexpr engine_host kTable{sizeof(engine_host),
                             ENGINE_ABI_MAJOR,
                             ENGINE_ABI_MINOR,
                             0,
                             facts,
                             body,
                             cancelled,
                             time_left_ms,
                             now_ms,
                             input_count,
                             item_count,
                             item_json,
                             item_binary_json,
                             parameter,
                             evaluate,
                             give,
                             fail_item,
                             leave_item,
                             send,
                             credential_field,
                             signature_matches,
                             binary_read,
                             binary_begin,
                             binary_write,
                             binary_finish,
                             stored,
                             store,
                             log,
                             progress};

}  // namespace

const engine_host& host_table() {
  return kTable;
}

engine_owned give_away(std::string text) {
  if (text.empty()) return {};
  auto keeper = std::make_unique<std::string>(std::move(text));
  engine_owned owned{keeper->data(), keeper->size(), nullptr,
                     [](void* kept) { delete static_cast<std::string*>(kept); }};
  owned.keeper = keeper.release();
  return owned;
}

}  // namespace engine::plugin
