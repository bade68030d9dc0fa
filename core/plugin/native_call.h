// What a call of a plugin's function may ask of the engine: the C++ side of engine_host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/error.h"

struct engine_item;

namespace engine::plugin {

/// The functions of a plugin, as they are named in engine_plugin.h.
enum class NativeFunction : std::uint8_t {
  run,
  route,
  receive,
  activate,
  deactivate,
  catch_up,
  every,
  poll,
  sign,
};
std::string_view to_string(NativeFunction function);

/// What of a given item is the very text of its first origin: the value is there already.
struct SameAsInput {
  bool json = false;
  bool binary = false;
};

/// An answer of a service.
struct NativeAnswer {
  std::string head;  ///< JSON
  std::string body;
};

/// One call. What does not fit its kind throws Error{user, "not_for_this_call"}; all functions
/// throw Error. Texts that are returned as views are valid until the call ends. Thread-safe. What
/// the functions mean is told in engine_plugin.h.
class NativeCall {
 public:
  virtual ~NativeCall() = default;

  virtual std::string_view facts() const { return "{}"; }
  virtual std::string_view body() const { return {}; }
  virtual std::int32_t cancelled() const = 0;
  /// What stops the call from outside; null when nothing does.
  virtual const Cancellation* cancellation() const { return nullptr; }
  virtual std::int64_t time_left_ms() const { return -1; }
  virtual std::int64_t now_ms() = 0;

  /// How many requests may be under way at the same time.
  virtual std::size_t concurrency() const { return 1; }
  virtual std::size_t input_count() const { return 0; }
  virtual std::size_t item_count(std::size_t /*input*/) const { return 0; }
  virtual std::string_view item_json(std::size_t /*input*/, std::size_t /*item*/) { return {}; }
  /// Adds what item_json gives to a text, without keeping it.
  virtual void print_item(std::size_t /*input*/, std::size_t /*item*/, std::string& /*out*/) {}
  virtual std::string_view item_binary_json(std::size_t /*input*/, std::size_t /*item*/) {
    return {};
  }
  /// Those of the description that `parameter` knows and that have their value before the call.
  virtual std::vector<std::string> parameter_names() const { return {}; }
  virtual std::string_view parameter(std::string_view name, std::size_t item);
  virtual std::string evaluate(std::string_view name, std::size_t item, std::string_view extra);
  virtual void give(const engine_item& item, SameAsInput same);
  virtual void fail_item(std::size_t item, const Error& error);
  virtual void leave_item(std::size_t item);

  virtual NativeAnswer send(std::string_view request, std::string_view body);
  virtual std::string credential_field(std::string_view slot, std::string_view field);
  virtual bool signature_matches(std::string_view request, std::string_view bytes);
  virtual std::string binary_read(std::string_view binary, std::uint64_t offset, std::size_t most);
  virtual std::uint64_t binary_begin();
  virtual void binary_write(std::uint64_t writer, std::string_view bytes);
  virtual std::string binary_finish(std::uint64_t writer, std::string_view mime_type,
                                    std::string_view file_name);
  virtual std::string stored(std::string_view key);
  virtual void store(std::string_view key, std::string_view json);

  virtual void log(std::int32_t level, std::string_view message) = 0;
  virtual void progress(std::uint64_t /*done*/, std::uint64_t /*total*/) {}
};

}  // namespace engine::plugin
