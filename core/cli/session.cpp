#include "core/cli/session.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "core/base/nearest.h"
#include "core/base/process.h"
#include "core/expression/apart_scripts.h"
#include "core/http/pooled_client.h"
#include "core/plugin/native_stage.h"
#include "core/plugin/package_cache.h"
#include "core/rest/register_packages.h"
#include "core/store/sqlite_store.h"
#include "core/workflow/yaml.h"
#include "nodes/clickup/trigger.h"
#include "nodes/register_nodes.h"

namespace engine::cli {
namespace {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::filesystem::path data_folder() {
  if (const auto folder = environment("XDG_DATA_HOME"); folder && !folder->empty()) {
    return std::filesystem::path(*folder) / "engine";
  }
  if (const auto home = environment("HOME"); home && !home->empty()) {
    return std::filesystem::path(*home) / ".local" / "share" / "engine";
  }
  throw Error(ErrorCause::user, "no_data_folder",
              "Neither $XDG_DATA_HOME nor $HOME is set; name a database with --db FILE.");
}

plugin::BuiltIn built_in(const Registry& node_types) {
  plugin::BuiltIn names{node_types, {}, {}};
  for (const auto& package : rest::packed_packages()) names.packages.emplace_back(package.id);
  for (const auto& type : rest::packed_credential_types()) {
    names.credential_types.emplace_back(type.id);
  }
  return names;
}

LogLevel log_level(const std::string& name) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    if (to_string(level) == name) return level;
  }
  return LogLevel::off;
}

// The `name` of a workflow file, without checking the rest; empty when it cannot be read.
std::string name_of(const std::filesystem::path& file) {
  Located document;
  Diagnostics diagnostics;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  workflow::read_yaml(text, file.string(), document, diagnostics);
  const Located* name = document.find("name");
  return name == nullptr ? "" : std::string(name->scalar.as_string());
}

std::string summary_of(const std::vector<Diagnostic>& faults) {
  if (faults.empty()) return "The workflow is invalid.";
  std::string text = "The workflow is invalid: " + to_string(faults.front());
  if (faults.size() > 1) {
    text += " (" + std::to_string(faults.size()) + " faults in all; see engine validate " +
            faults.front().position.file + ")";
  }
  return text;
}

std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(".yaml") && !file.ends_with(".test.yaml")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

InvalidWorkflow::InvalidWorkflow(std::vector<Diagnostic> faults)
    : Error(ErrorCause::user, "invalid_workflow", summary_of(faults)),
      diagnostics(std::move(faults)) {}

Session::Session() = default;
Session::~Session() = default;

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  if (stream && !std::filesystem::is_directory(file)) {
    text.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream.bad()) return text;
  }
  throw Error(ErrorCause::user, "file_not_read",
              "The file '" + file.string() + "' cannot be read; does it exist?");
}

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

Logger& Session::log() {
  const std::lock_guard lock(mutex_);
  if (!log_) {
    log_ = std::make_unique<Logger>(
        stderr, log_level(options.log_level),
        options.log_format == "json" ? LogFormat::json : LogFormat::text, clock_);
  }
  return *log_;
}

const Registry& Session::registry() {
  const std::lock_guard lock(mutex_);
  if (!registry_) {
    registry_ = std::make_unique<Registry>();
    register_core_nodes(*registry_);
    rest::register_packages(*registry_);
    registry_->add(clickup::trigger());
    packages_ = std::make_unique<plugin::Packages>(
        plugin::Packages::load(package_settings(), built_in(*registry_)));
    packages_->add_to(*registry_);
    for (const plugin::RefusedPackage& refused : packages_->refused()) {
      log().warn("The package '" + refused.name + "' is not loaded: " + summary_of(refused));
    }
    for (const Diagnostic& doubt : packages_->doubts()) log().warn(to_string(doubt));
  }
  return *registry_;
}

const plugin::Packages& Session::packages() {
  registry();
  return *packages_;
}

plugin::LoadSettings Session::package_settings() const {
  plugin::LoadSettings settings;
  settings.folders = plugin::search_folders(options.plugins, environment);
  settings.cache = plugin::cache_folder(environment);
  settings.native = plugin::native_stage({clock_, settings.cache});
  return settings;
}

const CredentialTypes& Session::credential_types() {
  const std::lock_guard lock(mutex_);
  if (!credential_types_) {
    credential_types_ = std::make_unique<CredentialTypes>();
    rest::register_credential_types(*credential_types_);
    packages().add_to(*credential_types_);
  }
  return *credential_types_;
}

std::filesystem::path Session::database() const {
  if (!options.db.empty()) return options.db;
  if (const auto file = environment("ENGINE_DB"); file && !file->empty()) return *file;
  return data_folder() / "engine.db";
}

store::Store& Session::store() {
  const std::lock_guard lock(mutex_);
  if (!store_) store_ = store::open_sqlite_store(database());
  return *store_;
}

Vault& Session::vault() {
  const std::lock_guard lock(mutex_);
  if (!vault_) {
    std::filesystem::path key = database();
    key.replace_extension(".key");
    vault_ = std::make_unique<Vault>(
        store(), credential_types(),
        KeySource{environment("ENGINE_KEY"), key, environment("ENGINE_NEW_KEY")}, clock_);
  }
  return *vault_;
}

http::Client& Session::http() {
  const std::lock_guard lock(mutex_);
  if (!http_) {
    http::ClientOptions client;
    client.proxies = http::ProxySettings::from_environment();
    if (http_waited) {
      client.wait = [this](Milliseconds time, const Cancellation& cancellation) {
        const auto begin = std::chrono::steady_clock::now();
        const bool whole = cancellation.wait_for(time);
        http_waited(
            std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin));
        return whole;
      };
    }
    http_ = std::make_unique<http::PooledClient>(clock_, random_, std::move(client));
  }
  return *http_;
}

expression::ScriptRunner& Session::scripts() {
  const std::lock_guard lock(mutex_);
  if (!scripts_) {
    expression::ApartScriptsOptions apart;
    apart.most = std::max<std::size_t>(2, std::thread::hardware_concurrency());
    apart.warn = [this](const std::string& what) { log().warn("Scripts: " + what); };
    scripts_ = std::make_unique<expression::ApartScripts>(std::move(apart));
  }
  return *scripts_;
}

TokenKeeper& Session::tokens() {
  const std::lock_guard lock(mutex_);
  if (!tokens_) {
    tokens_ = std::make_unique<TokenKeeper>(
        vault(), store(), [this]() -> http::Client& { return http(); }, clock_);
  }
  return *tokens_;
}

BinaryStore& Session::binaries() {
  const std::lock_guard lock(mutex_);
  if (!binaries_) {
    std::filesystem::path folder = database();
    folder.replace_extension(".binary");
    binaries_ = std::make_unique<BinaryStore>(folder, random_);
  }
  return *binaries_;
}

execution::Services Session::services(bool save, execution::Timers& timers) {
  execution::Services services{clock_,  random_, log(), timers, binaries(), {}, {},
                               nullptr, {},      {},    {},     {},         {}, 0};
  services.http = [this]() -> http::Client& { return http(); };
  services.vault = [this]() -> Vault& { return vault(); };
  services.tokens = [this]() -> TokenKeeper& { return tokens(); };
  services.scripts = [this]() -> expression::ScriptRunner& { return scripts(); };
  if (save) services.store = &store();
  services.files = options.files;
  services.workflows = [this](const std::string& name, const std::string& from) {
    return load(find_workflow(name, std::filesystem::path(from).parent_path()));
  };
  services.compile = [this](const std::string& text, const std::string& file) {
    return compile(text, file);
  };
  services.environment = environment;
  services.variables = Value::object();
  services.owner = process_identity();
  return services;
}

std::filesystem::path Session::find_workflow(const std::string& file_or_name,
                                             const std::filesystem::path& folder) const {
  std::error_code ignored;
  const std::filesystem::path base = folder.empty() ? "." : folder;
  std::vector<std::string> names;
  for (const auto& place : {base / file_or_name, std::filesystem::path(file_or_name)}) {
    if (std::filesystem::is_regular_file(place, ignored)) {
      return place.lexically_normal();
    }
  }
  if (std::filesystem::is_directory(base / file_or_name, ignored)) {
    throw Error(ErrorCause::user, "workflow_not_found",
                "'" + file_or_name +
                    "' is a folder. Name one workflow file in it; `engine serve` takes a whole "
                    "folder.");
  }
  for (const auto& place : {base, base / "workflows"}) {
    for (const auto& file : yaml_files(place)) {
      const std::string stem = file.stem().string();
      if (stem == file_or_name) return file.lexically_normal();
      names.push_back(stem);
    }
  }
  for (const auto& place : {base, base / "workflows"}) {
    for (const auto& file : yaml_files(place)) {
      if (name_of(file) == file_or_name) return file.lexically_normal();
    }
  }
  throw Error(ErrorCause::user, "workflow_not_found",
              "There is no workflow file '" + file_or_name + "', and none of that name in " +
                  base.string() + " or " + (base / "workflows").string() + "." +
                  did_you_mean(std::filesystem::path(file_or_name).stem().string(), names));
}

workflow::CheckContext Session::check_context(bool credentials) {
  workflow::CheckContext context;
  context.registry = &registry();
  if (!credentials) return context;
  context.credential_type = [this](std::string_view name) { return vault().type_of(name); };
  context.credential_names = [this] {
    std::vector<std::string> names;
    for (const CredentialSummary& credential : vault().list()) names.push_back(credential.name);
    return names;
  };
  context.credential_refusal = [this](std::string_view name, std::string_view node_type) {
    return vault().refusal(name, node_type);
  };
  return context;
}

workflow::CheckContext Session::file_context(bool credentials) {
  workflow::CheckContext context = check_context(credentials);
  context.missing_workflow = [this](const std::string& name, const std::string& from) {
    try {
      find_workflow(name, std::filesystem::path(from).parent_path());
    } catch (const Error& error) {
      return error.message();
    }
    return std::string();
  };
  return context;
}

std::shared_ptr<const workflow::Workflow> Session::compile(const std::string& text,
                                                           const std::string& file) {
  return compile(text, file, check_context());
}

std::shared_ptr<const workflow::Workflow> Session::compile(const std::string& text,
                                                           const std::string& file,
                                                           workflow::CheckContext context) {
  Diagnostics diagnostics;
  context.script_found = [this] { scripts().prepare(); };
  auto workflow = workflow::compile_workflow(text, file, context, diagnostics);
  if (!workflow || !diagnostics.empty()) throw InvalidWorkflow(diagnostics.sorted());
  return workflow;
}

std::shared_ptr<const workflow::Workflow> Session::load(const std::filesystem::path& file) {
  return compile(read_file(file), file.string(), file_context());
}

bool Session::colours(int descriptor) const {
  return !options.no_color && !environment("NO_COLOR") && isatty(descriptor) != 0;
}

}  // namespace engine::cli
