#include "core/plugin/native_call.h"

#include <array>

namespace engine::plugin {
namespace {

[[noreturn]] void not_for_this_call(std::string_view what) {
  throw Error(ErrorCause::user, "not_for_this_call",
              "The plugin asked for '" + std::string(what) +
                  "', which this kind of call does not have; engine_plugin.h tells which does.");
}

}  // namespace

std::string_view to_string(NativeFunction function) {
  constexpr std::array<std::string_view, 9> kNames{
      "run", "route", "receive", "activate", "deactivate", "catch_up", "every", "poll", "sign"};
  return kNames.at(static_cast<std::size_t>(function));
}

std::string_view NativeCall::parameter(std::string_view /*name*/, std::size_t /*item*/) {
  not_for_this_call("parameter");
}
std::string NativeCall::evaluate(std::string_view /*name*/, std::size_t /*item*/,
                                 std::string_view /*extra*/) {
  not_for_this_call("evaluate");
}
void NativeCall::give(const engine_item& /*item*/, SameAsInput /*same*/) {
  not_for_this_call("give");
}
void NativeCall::fail_item(std::size_t /*item*/, const Error& /*error*/) {
  not_for_this_call("fail_item");
}
void NativeCall::leave_item(std::size_t /*item*/) {
  not_for_this_call("leave_item");
}
NativeAnswer NativeCall::send(std::string_view /*request*/, std::string_view /*body*/) {
  not_for_this_call("send");
}
std::string NativeCall::credential_field(std::string_view /*slot*/, std::string_view /*field*/) {
  not_for_this_call("credential_field");
}
bool NativeCall::signature_matches(std::string_view /*request*/, std::string_view /*bytes*/) {
  not_for_this_call("signature_matches");
}
std::string NativeCall::binary_read(std::string_view /*binary*/, std::uint64_t /*offset*/,
                                    std::size_t /*most*/) {
  not_for_this_call("binary_read");
}
std::uint64_t NativeCall::binary_begin() {
  not_for_this_call("binary_begin");
}
void NativeCall::binary_write(std::uint64_t /*writer*/, std::string_view /*bytes*/) {
  not_for_this_call("binary_write");
}
std::string NativeCall::binary_finish(std::uint64_t /*writer*/, std::string_view /*mime_type*/,
                                      std::string_view /*file_name*/) {
  not_for_this_call("binary_finish");
}
std::string NativeCall::stored(std::string_view /*key*/) {
  not_for_this_call("stored");
}
void NativeCall::store(std::string_view /*key*/, std::string_view /*json*/) {
  not_for_this_call("store");
}

}  // namespace engine::plugin
