// A plugin whose nodes break in every way that can be thought of. On the C edge itself, where
// nobody catches anything.
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "engine_plugin.h"

namespace {

const engine_host* engine = nullptr;

std::int32_t give(engine_call* call, const char* data, std::size_t size, std::uint32_t output = 0) {
  engine_item item{};
  item.struct_size = sizeof item;
  item.output = output;
  item.json = {data, size};
  engine_owned error{};
  const std::int32_t status = engine->give(call, &item, &error);
  if (error.release != nullptr) error.release(error.keeper);
  return status;
}

std::int32_t give(engine_call* call, const char* text) {
  return give(call, text, std::strlen(text));
}

using Function = std::int32_t (*)(engine_call* call, engine_owned* result);

std::int32_t crash(engine_call*, engine_owned*) {
  std::abort();
}

std::int32_t leave(engine_call*, engine_owned*) {
  _exit(3);
}

std::int32_t hang(engine_call*, engine_owned*) {
  while (true) pause();
}

std::int32_t spin(engine_call*, engine_owned*) {
  volatile std::uint64_t turns = 0;
  while (true) turns = turns + 1;
}

std::int32_t eat(engine_call*, engine_owned*) {
  constexpr std::size_t kPiece = std::size_t{8} << 20U;
  while (true) {
    void* const piece = std::malloc(kPiece);
    if (piece == nullptr) std::abort();
    std::memset(piece, 1, kPiece);
  }
}

// Some memory more with every run, which is never given back.
std::int32_t leak(engine_call* call, engine_owned*) {
  constexpr std::size_t kPiece = std::size_t{24} << 20U;
  void* volatile piece = std::malloc(kPiece);
  if (piece == nullptr) return ENGINE_FAILED;
  std::memset(piece, 1, kPiece);
  return give(call, "{}");
}

std::int32_t throws(engine_call*, engine_owned*) {
  throw std::runtime_error("out of the plugin");
}

std::int32_t bad_json(engine_call* call, engine_owned*) {
  give(call, "{\"a\": tru");
  return ENGINE_OK;
}

std::int32_t no_object(engine_call* call, engine_owned*) {
  give(call, "[1]");
  return ENGINE_OK;
}

std::int32_t bad_text(engine_call* call, engine_owned*) {
  give(call, "{\"a\":\"\xff\xfe\"}");
  return ENGINE_OK;
}

std::int32_t deep(engine_call* call, engine_owned*) {
  const std::string text = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  give(call, text.data(), text.size());
  return ENGINE_OK;
}

std::int32_t no_such_output(engine_call* call, engine_owned*) {
  give(call, "{}", 2, 7);
  return ENGINE_OK;
}

std::int32_t no_such_item(engine_call* call, engine_owned*) {
  const engine_origin origin{0, 99};
  engine_item item{};
  item.struct_size = sizeof item;
  item.json = {"{}", 2};
  item.borrowed_origins = &origin;
  item.origin_count = 1;
  engine->give(call, &item, nullptr);
  return ENGINE_OK;
}

std::int32_t no_such_binary(engine_call* call, engine_owned*) {
  const std::string binary = R"({"data":{"id":"../../../etc/passwd","size":1}})";
  engine_item item{};
  item.struct_size = sizeof item;
  item.json = {"{}", 2};
  item.binary_json = {binary.data(), binary.size()};
  engine->give(call, &item, nullptr);
  return ENGINE_OK;
}

// 1 GB in one item. The pages are never touched: the answer is refused by its size.
std::int32_t huge(engine_call* call, engine_owned*) {
  constexpr std::size_t kSize = std::size_t{1} << 30U;
  void* const text = std::calloc(kSize, 1);
  if (text == nullptr) return ENGINE_FAILED;
  give(call, static_cast<const char*>(text), kSize);
  std::free(text);
  return ENGINE_OK;
}

// The same by many small ones.
std::int32_t many(engine_call* call, engine_owned*) {
  const std::string text = "{\"a\":\"" + std::string(std::size_t{4} << 20U, 'x') + "\"}";
  for (int i = 0; i < 256; ++i) give(call, text.data(), text.size());
  return ENGINE_OK;
}

// Its own protocol on the engine's socket.
std::int32_t scribble(engine_call*, engine_owned*) {
  const std::string noise(4096, '\xff');
  for (int file = 0; file < 64; ++file) {
    [[maybe_unused]] const ssize_t written = write(file, noise.data(), noise.size());
  }
  while (true) pause();
}

std::int32_t bad_error(engine_call*, engine_owned* result) {
  *result = {"no document", 11, nullptr, nullptr};
  return ENGINE_FAILED;
}

std::int32_t no_error(engine_call*, engine_owned*) {
  return ENGINE_FAILED;
}

std::int32_t good(engine_call* call, engine_owned*) {
  return give(call, "{\"good\":true}");
}

struct Node {
  const char* name;
  Function function;
};

constexpr Node kNodes[] = {{"crash", crash},
                           {"exit", leave},
                           {"hang", hang},
                           {"spin", spin},
                           {"eat", eat},
                           {"leak", leak},
                           {"throw", throws},
                           {"bad_json", bad_json},
                           {"no_object", no_object},
                           {"bad_text", bad_text},
                           {"deep", deep},
                           {"no_such_output", no_such_output},
                           {"no_such_item", no_such_item},
                           {"no_such_binary", no_such_binary},
                           {"huge", huge},
                           {"many", many},
                           {"scribble", scribble},
                           {"bad_error", bad_error},
                           {"no_error", no_error},
                           {"good", good}};

std::int32_t run(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return static_cast<const Node*>(self)->function(call, result);
}

std::int32_t load(const engine_host* host, engine_registrar* registrar, engine_owned* error) {
  engine = host;
  for (const Node& node : kNodes) {
    const std::string description =
        R"({"id":"misbehaving.)" + std::string(node.name) + R"(","title":")" + node.name + R"("})";
    const engine_action action{sizeof(engine_action),
                               0,
                               {description.data(), description.size()},
                               const_cast<Node*>(&node),
                               run};
    if (registrar->add_action(registrar, &action, error) != ENGINE_OK) return ENGINE_FAILED;
  }
  return ENGINE_OK;
}

}  // namespace

extern "C" ENGINE_PLUGIN_EXPORT const engine_plugin* engine_plugin_entry() {
  static const engine_plugin plugin{sizeof(engine_plugin),
                                    ENGINE_ABI_MAJOR,
                                    ENGINE_ABI_MINOR,
                                    0,
                                    {"misbehaving", 11},
                                    {"1.0.0", 5},
                                    load};
  return &plugin;
}
