// The layout of version 1.0 of the plugin interface. Numbers here are never changed: what does not
// fit them any more needs another major version. New members go to the end, with a line of their
// own.
#include <doctest/doctest.h>

#include "core/plugin/abi_range.h"
#include "core/plugin/engine_plugin.h"
#include "core/plugin/native_host.h"

// Of 64-bit systems, the only ones that the engine is built for.
static_assert(sizeof(void*) == 8 && sizeof(std::size_t) == 8);

static_assert(sizeof(engine_borrowed) == 16);
static_assert(offsetof(engine_borrowed, data) == 0 && offsetof(engine_borrowed, size) == 8);
static_assert(sizeof(engine_owned) == 32);
static_assert(offsetof(engine_owned, keeper) == 16 && offsetof(engine_owned, release) == 24);
static_assert(sizeof(engine_origin) == 8);

static_assert(sizeof(engine_item) == 56);
static_assert(offsetof(engine_item, output) == 4 && offsetof(engine_item, json) == 8);
static_assert(offsetof(engine_item, binary_json) == 24);
static_assert(offsetof(engine_item, borrowed_origins) == 40);
static_assert(offsetof(engine_item, origin_count) == 48);

static_assert(offsetof(engine_host, abi_major) == 4 && offsetof(engine_host, abi_minor) == 8);
static_assert(offsetof(engine_host, facts) == 16 && offsetof(engine_host, body) == 24);
static_assert(offsetof(engine_host, cancelled) == 32 && offsetof(engine_host, time_left_ms) == 40);
static_assert(offsetof(engine_host, now_ms) == 48 && offsetof(engine_host, input_count) == 56);
static_assert(offsetof(engine_host, item_count) == 64 && offsetof(engine_host, item_json) == 72);
static_assert(offsetof(engine_host, item_binary_json) == 80);
static_assert(offsetof(engine_host, parameter) == 88 && offsetof(engine_host, evaluate) == 96);
static_assert(offsetof(engine_host, give) == 104 && offsetof(engine_host, fail_item) == 112);
static_assert(offsetof(engine_host, leave_item) == 120 && offsetof(engine_host, send) == 128);
static_assert(offsetof(engine_host, credential_field) == 136);
static_assert(offsetof(engine_host, signature_matches) == 144);
static_assert(offsetof(engine_host, binary_read) == 152);
static_assert(offsetof(engine_host, binary_begin) == 160);
static_assert(offsetof(engine_host, binary_write) == 168);
static_assert(offsetof(engine_host, binary_finish) == 176);
static_assert(offsetof(engine_host, stored) == 184 && offsetof(engine_host, store) == 192);
static_assert(offsetof(engine_host, log) == 200 && offsetof(engine_host, progress) == 208);
static_assert(sizeof(engine_host) == 216);

static_assert(sizeof(engine_action) == 40);
static_assert(offsetof(engine_action, description_json) == 8);
static_assert(offsetof(engine_action, self) == 24 && offsetof(engine_action, run) == 32);
static_assert(sizeof(engine_webhook_trigger) == 56);
static_assert(offsetof(engine_webhook_trigger, route) == 32);
static_assert(offsetof(engine_webhook_trigger, receive) == 40);
static_assert(offsetof(engine_webhook_trigger, run) == 48);
static_assert(sizeof(engine_service_webhook_trigger) == 88);
static_assert(offsetof(engine_service_webhook_trigger, run) == 48);
static_assert(offsetof(engine_service_webhook_trigger, activate) == 56);
static_assert(offsetof(engine_service_webhook_trigger, deactivate) == 64);
static_assert(offsetof(engine_service_webhook_trigger, catch_up) == 72);
static_assert(offsetof(engine_service_webhook_trigger, check_every_ms) == 80);
static_assert(sizeof(engine_poll_trigger) == 56);
static_assert(offsetof(engine_poll_trigger, every) == 32 &&
              offsetof(engine_poll_trigger, poll) == 40);
static_assert(sizeof(engine_credential_type) == 40);
static_assert(offsetof(engine_credential_type, declaration_json) == 8);
static_assert(offsetof(engine_credential_type, sign) == 32);

static_assert(offsetof(engine_registrar, add_action) == 8);
static_assert(offsetof(engine_registrar, add_webhook_trigger) == 16);
static_assert(offsetof(engine_registrar, add_service_webhook_trigger) == 24);
static_assert(offsetof(engine_registrar, add_poll_trigger) == 32);
static_assert(offsetof(engine_registrar, add_credential_type) == 40);
static_assert(sizeof(engine_registrar) == 48);

static_assert(offsetof(engine_plugin, abi_major) == 4 && offsetof(engine_plugin, abi_minor) == 8);
static_assert(offsetof(engine_plugin, name) == 16 && offsetof(engine_plugin, version) == 32);
static_assert(offsetof(engine_plugin, load) == 48 && sizeof(engine_plugin) == 56);

TEST_CASE("the engine tells plugins its version and offers every function") {
  const engine_host& host = engine::plugin::host_table();
  CHECK(host.struct_size == sizeof(engine_host));
  CHECK(host.abi_major == ENGINE_ABI_MAJOR);
  CHECK(host.abi_minor == ENGINE_ABI_MINOR);
  CHECK(ENGINE_HAS(&host, engine_host, progress));
  const auto* functions = reinterpret_cast<void* const*>(&host.facts);
  for (std::size_t i = 0; i < (sizeof(engine_host) - 16) / 8; ++i) {
    CAPTURE(i);
    CHECK(functions[i] != nullptr);
  }
}

TEST_CASE("version 1.0 is taken for as long as this test stands") {
  CHECK(engine::plugin::oldest_abi() == engine::plugin::AbiVersion{1, 0});
  CHECK_NOTHROW(engine::plugin::require_abi(1, 0, "x"));
}
