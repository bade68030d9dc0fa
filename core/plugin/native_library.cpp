#include "core/plugin/native_library.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/plugin/abi_range.h"
#include "core/plugin/library_file.h"
#include "core/plugin/native_error.h"
#include "core/plugin/native_host.h"

namespace engine::plugin {
namespace {

struct Behaviour {
  void* self = nullptr;
  std::array<engine_function, 9> functions{};  // by NativeFunction

  engine_function& operator[](NativeFunction function) {
    return functions.at(static_cast<std::size_t>(function));
  }
};

// What `load` adds, kept aside until all of it is known to be good.
struct Staged {
  std::vector<NativeType> types;
  std::vector<Behaviour> behaviours;
};

// What a struct had in version 1.0 of the interface: a plugin of that age has no more.
template <typename Struct>
constexpr std::size_t kLeast = 0;
template <>
constexpr std::size_t kLeast<engine_action> = offsetof(engine_action, run) +
                                              sizeof(engine_function);
template <>
constexpr std::size_t kLeast<engine_webhook_trigger> = offsetof(engine_webhook_trigger, run) +
                                                       sizeof(engine_function);
template <>
constexpr std::size_t kLeast<engine_service_webhook_trigger> =
    offsetof(engine_service_webhook_trigger, check_every_ms) + sizeof(std::int64_t);
template <>
constexpr std::size_t kLeast<engine_poll_trigger> = offsetof(engine_poll_trigger, run) +
                                                    sizeof(engine_function);
template <>
constexpr std::size_t kLeast<engine_credential_type> = offsetof(engine_credential_type, sign) +
                                                       sizeof(engine_function);

// What a plugin does not know reads as null.
template <typename Struct>
Struct copy_of(const Struct& given) {
  Struct copy{};
  std::memcpy(&copy, &given, std::min<std::size_t>(given.struct_size, sizeof(Struct)));
  return copy;
}

class Registrar : public engine_registrar {
 public:
  Registrar() : engine_registrar{} {
    struct_size = sizeof(engine_registrar);
    engine_registrar::add_action = add<engine_action, read_action>;
    engine_registrar::add_webhook_trigger = add<engine_webhook_trigger, read_webhook>;
    engine_registrar::add_service_webhook_trigger =
        add<engine_service_webhook_trigger, read_service_webhook>;
    engine_registrar::add_poll_trigger = add<engine_poll_trigger, read_poll>;
    engine_registrar::add_credential_type = add<engine_credential_type, read_credential>;
  }

  Staged staged;
  std::optional<Error> failure;  // the first one

 private:
  static Registrar& of(engine_registrar* registrar) { return *static_cast<Registrar*>(registrar); }

  template <typename Struct, void (*Read)(const Struct&, NativeType&, Behaviour&)>
  static std::int32_t add(engine_registrar* registrar, const Struct* given,
                          engine_owned* owned_error) {
    Registrar& self = of(registrar);
    try {
      if (given == nullptr || given->struct_size < kLeast<Struct>) {
        throw Error(ErrorCause::user, "plugin_bad_struct",
                    "What is added must begin with its size, at least " +
                        std::to_string(kLeast<Struct>) + " bytes.");
      }
      self.stage<Struct, Read>(copy_of(*given));
      return ENGINE_OK;
    } catch (...) {
      const Error error = current_error();
      if (!self.failure) self.failure = error;
      if (owned_error != nullptr) *owned_error = give_away(error_document(error));
      return ENGINE_FAILED;
    }
  }

  template <typename Struct, void (*Read)(const Struct&, NativeType&, Behaviour&)>
  void stage(const Struct& given) {
    if (staged.types.size() >= kMostTypes) {
      throw Error(ErrorCause::user, "plugin_too_large",
                  "A plugin adds at most " + std::to_string(kMostTypes) + " types.");
    }
    NativeType type;
    Behaviour behaviour;
    behaviour.self = given.self;
    Read(given, type, behaviour);
    staged.types.push_back(std::move(type));
    staged.behaviours.push_back(behaviour);
  }

  static std::string text_of(engine_borrowed json) {
    if (json.size > kLargestDescription) {
      throw Error(ErrorCause::user, "plugin_too_large", "A description is larger than 4 MiB.");
    }
    return std::string(view_of(json));
  }

  static void require(engine_function function, const char* name) {
    if (function != nullptr) return;
    throw Error(ErrorCause::user, "plugin_bad_struct",
                std::string("The function '") + name + "' of what is added is null.");
  }

  static void read_action(const engine_action& given, NativeType& type, Behaviour& behaviour) {
    type.kind = NativeKind::action;
    type.description = text_of(given.description_json);
    type.runs = true;
    require(given.run, "run");
    behaviour[NativeFunction::run] = given.run;
  }

  template <typename Struct>
  static void read_receiver(const Struct& given, NativeType& type, Behaviour& behaviour) {
    type.description = text_of(given.description_json);
    type.runs = given.run != nullptr;
    require(given.route, "route");
    require(given.receive, "receive");
    behaviour[NativeFunction::route] = given.route;
    behaviour[NativeFunction::receive] = given.receive;
    behaviour[NativeFunction::run] = given.run;
  }

  static void read_webhook(const engine_webhook_trigger& given, NativeType& type,
                           Behaviour& behaviour) {
    type.kind = NativeKind::webhook;
    read_receiver(given, type, behaviour);
  }

  static void read_service_webhook(const engine_service_webhook_trigger& given, NativeType& type,
                                   Behaviour& behaviour) {
    type.kind = NativeKind::service_webhook;
    read_receiver(given, type, behaviour);
    require(given.activate, "activate");
    require(given.deactivate, "deactivate");
    behaviour[NativeFunction::activate] = given.activate;
    behaviour[NativeFunction::deactivate] = given.deactivate;
    behaviour[NativeFunction::catch_up] = given.catch_up;
    type.catches_up = given.catch_up != nullptr;
    type.check_every_ms = given.check_every_ms;
  }

  static void read_poll(const engine_poll_trigger& given, NativeType& type, Behaviour& behaviour) {
    type.kind = NativeKind::poll;
    type.description = text_of(given.description_json);
    type.runs = given.run != nullptr;
    require(given.every, "every");
    require(given.poll, "poll");
    behaviour[NativeFunction::every] = given.every;
    behaviour[NativeFunction::poll] = given.poll;
    behaviour[NativeFunction::run] = given.run;
  }

  static void read_credential(const engine_credential_type& given, NativeType& type,
                              Behaviour& behaviour) {
    type.kind = NativeKind::credential_type;
    type.description = text_of(given.declaration_json);
    type.runs = given.sign != nullptr;
    behaviour[NativeFunction::sign] = given.sign;
  }
};

// Never closed, also when what was opened is of no use: its constructors have run, and may have
// left threads behind that run its code.
class Handle {
 public:
  Handle(LibraryFile& file, const std::string& name) {
    const std::string place = file.keep_open();
    handle_ = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle_ != nullptr) return;
    const char* reason = dlerror();
    std::string text = reason == nullptr ? "unknown reason" : reason;
    if (const auto at = text.find(place); at != std::string::npos) {
      text.replace(at, place.size(), file.path().string());
    }
    throw Error(ErrorCause::user, "plugin_not_loaded",
                plugin_named(name) + " cannot be loaded: " + text + ".");
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void* symbol(const char* symbol_name) const { return dlsym(handle_, symbol_name); }

 private:
  void* handle_;
};

class LoadedLibrary final : public NativeLibrary {
 public:
  LoadedLibrary(std::string name, Staged staged)
      : name_(std::move(name)), staged_(std::move(staged)) {}

  const std::vector<NativeType>& types() const override { return staged_.types; }

  std::string invoke(std::size_t type, NativeFunction function, NativeCall& call,
                     std::string_view argument) const override {
    Behaviour behaviour = staged_.behaviours.at(type);
    OwnedResult result;
    std::int32_t status = ENGINE_FAILED;
    try {
      status = behaviour[function](behaviour.self, to_c(call), borrow(argument), &result.owned);
    } catch (const std::exception& exception) {
      throw thrown(function, std::string(": ") + exception.what());
    } catch (...) {
      throw thrown(function, "");
    }
    if (status != ENGINE_OK) throw read_error_document(result.text(), plugin_named(name_));
    if (result.text().size() > kLargestAnswer) {
      throw Error(ErrorCause::upstream, "plugin_bad_answer",
                  plugin_named(name_) + " answered '" + std::string(to_string(function)) +
                      "' with more than " + std::to_string(kLargestAnswer >> 20U) + " MiB.");
    }
    return std::string(result.text());
  }

 private:
  Error thrown(NativeFunction function, const std::string& what) const {
    return {ErrorCause::upstream, "plugin_threw",
            plugin_named(name_) + " let an exception out of '" + std::string(to_string(function)) +
                "'" + what + ". Report it to the author of the plugin."};
  }

  std::string name_;
  Staged staged_;
};

const engine_plugin& enter(const Handle& handle, const LibrarySource& source) {
  using Entry = const engine_plugin* (*)();
  void* const symbol = handle.symbol("engine_plugin_entry");
  if (symbol == nullptr) {
    throw Error(ErrorCause::user, "plugin_not_loaded",
                "'" + source.file.string() +
                    "' is no plugin: it has no function engine_plugin_entry. Export it with "
                    "ENGINE_PLUGIN_EXPORT, or build with engine_add_plugin.");
  }
  const auto* plugin = reinterpret_cast<Entry>(symbol)();
  if (plugin == nullptr) {
    throw Error(ErrorCause::user, "plugin_not_loaded",
                plugin_named(source.name) + " cannot be loaded: its entry gave nothing.");
  }
  // Of what was built for another version, only the first members can be read.
  require_abi(plugin->abi_major, plugin->abi_minor, source.name);
  if (plugin->struct_size < sizeof(engine_plugin) || plugin->load == nullptr) {
    throw Error(ErrorCause::user, "plugin_bad_struct",
                plugin_named(source.name) + " cannot be loaded: its engine_plugin has " +
                    std::to_string(plugin->struct_size) + " bytes, and version " +
                    std::to_string(plugin->abi_major) + "." + std::to_string(plugin->abi_minor) +
                    " of the plugin interface has " + std::to_string(sizeof(engine_plugin)) + ".");
  }
  return *plugin;
}

void require_same(std::string_view what, std::string_view in_library, const std::string& in_file) {
  if (in_library == in_file) return;
  throw Error(ErrorCause::user, "plugin_name_mismatch",
              "package.yaml gives the " + std::string(what) + " '" + in_file +
                  "', and the library calls itself '" + std::string(in_library) +
                  "'. Make them the same.");
}

Staged load_all(const engine_plugin& plugin, const LibrarySource& source) {
  Registrar registrar;
  OwnedResult failure;
  std::int32_t status = ENGINE_FAILED;
  try {
    status = plugin.load(&host_table(), &registrar, &failure.owned);
  } catch (...) {
    throw Error(ErrorCause::user, "plugin_threw",
                plugin_named(source.name) + " let an exception out of 'load'.");
  }
  if (registrar.failure) {
    throw Error(ErrorCause::user, registrar.failure->code(),
                plugin_named(source.name) + " cannot be loaded: " + registrar.failure->message());
  }
  if (status != ENGINE_OK) {
    const Error error = read_error_document(failure.text(), plugin_named(source.name));
    throw Error(ErrorCause::user, error.code(),
                plugin_named(source.name) + " cannot be loaded: " + error.message());
  }
  return std::move(registrar.staged);
}

}  // namespace

std::string plugin_named(const std::string& name) {
  return "The plugin '" + name + "'";
}

std::unique_ptr<NativeLibrary> load_library(const LibrarySource& source) {
  LibraryFile file(source.file);
  if (!source.sha256.empty()) file.require_hash(source.sha256);
  if (!source.identity.empty() && file.identity() != source.identity) {
    throw Error(ErrorCause::user, "plugin_changed",
                plugin_named(source.name) +
                    " was replaced on the disk while the engine runs. "
                    "Start the engine again to use the new one.");
  }
  const Handle handle(file, source.name);
  const engine_plugin& plugin = enter(handle, source);
  require_same("name", view_of(plugin.name), source.name);
  require_same("version", view_of(plugin.version), source.version);
  return std::make_unique<LoadedLibrary>(source.name, load_all(plugin, source));
}

}  // namespace engine::plugin
