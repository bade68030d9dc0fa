// A plugin that cannot be loaded; FAULT says why.
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "engine_plugin.h"

namespace {

constexpr std::string_view kFault = FAULT;

constexpr char kNode[] = R"({"id":"faulty.node","title":"Node"})";
constexpr char kOther[] =
    R"({"id":"other.node","titel":"x","parameters":[{"name":"a","type":"integr"}]})";

std::int32_t nothing(void*, engine_call*, engine_borrowed, engine_owned*) {
  return ENGINE_OK;
}

engine_action action_of(std::string_view description) {
  return {sizeof(engine_action), 0, {description.data(), description.size()}, nullptr, nothing};
}

std::int32_t fail(engine_owned* error) {
  constexpr std::string_view kDocument =
      R"({"cause":"user","code":"no_licence","message":"The licence has run out."})";
  *error = {kDocument.data(), kDocument.size(), nullptr, nullptr};
  return ENGINE_FAILED;
}

[[maybe_unused]] std::int32_t load(const engine_host*, engine_registrar* registrar,
                                   engine_owned* error) {
  if (kFault == "throw") throw 1;
  if (kFault == "crash") std::abort();
  if (kFault == "hang") pause();
  engine_action action = action_of(kNode);
  if (kFault == "no_run") action.run = nullptr;
  if (kFault == "small_action") action.struct_size = 8;
  if (kFault == "bad_description") action = action_of(kOther);
  if (kFault == "no_json") action = action_of("{");
  if (kFault != "empty") registrar->add_action(registrar, &action, error);
  if (kFault == "half_way") return fail(error);
  if (kFault == "thread") {
    std::thread([] {
      while (true) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }).detach();
    return fail(error);
  }
  if (kFault == "twice") registrar->add_action(registrar, &action, error);
  return ENGINE_OK;
}

}  // namespace

#ifndef NO_ENTRY
extern "C" ENGINE_PLUGIN_EXPORT const engine_plugin* engine_plugin_entry() {
  static engine_plugin plugin{sizeof(engine_plugin),
                              ENGINE_ABI_MAJOR,
                              ENGINE_ABI_MINOR,
                              0,
                              {"faulty", 6},
                              {"1.0.0", 5},
                              load};
  if (kFault == "no_plugin") return nullptr;
  if (kFault == "too_new") plugin.abi_minor = ENGINE_ABI_MINOR + 1;
  if (kFault == "other_major") plugin.abi_major = ENGINE_ABI_MAJOR + 1;
  if (kFault == "too_old") plugin.abi_major = 0;
  if (kFault == "other_name") plugin.name = {"else", 4};
  if (kFault == "other_version") plugin.version = {"2.0.0", 5};
  if (kFault == "small") plugin.struct_size = 16;
  return &plugin;
}
#endif
