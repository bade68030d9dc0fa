#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <iostream>

#include "core/cli/commands.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/plugin/native_scaffold.h"
#include "core/plugin/openapi/import.h"
#include "core/plugin/packages.h"
#include "core/plugin/scaffold.h"
#include "core/plugin/trusted_file.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct PluginOptions {
  std::string format = "text";
  std::vector<std::string> paths;
  std::string name;
  std::string kind = "yaml";
  std::string openapi;
  std::vector<std::string> only;
  std::string folder;
};

Value as_json(const plugin::StagedPackage& package) {
  std::vector<Value> credentials;
  for (const auto& type : package.credentials) credentials.emplace_back(type.id);
  return Value::object({{"name", package.name},
                        {"version", package.version},
                        {"kind", package.kind},
                        {"folder", package.folder.string()},
                        {"origin", package.origin},
                        {"hash", package.hash},
                        {"node_types", static_cast<std::int64_t>(package.nodes.size())},
                        {"credential_types", Value::array(credentials)},
                        {"loaded", true}});
}

Value as_json(const plugin::RefusedPackage& package) {
  return Value::object({{"name", package.name},
                        {"folder", package.folder.string()},
                        {"origin", package.origin},
                        {"loaded", false},
                        {"faults", faults_json(package.faults)}});
}

void print_table_of(const plugin::Packages& packages) {
  std::vector<std::vector<std::string>> rows{
      {"NAME", "VERSION", "KIND", "TYPES", "HASH", "ORIGIN", "FOLDER"}};
  for (const plugin::StagedPackage& package : packages.loaded()) {
    rows.push_back({package.name, package.version, package.kind,
                    std::to_string(package.nodes.size()), package.hash.substr(0, 12),
                    package.origin, package.folder.string()});
  }
  for (const plugin::RefusedPackage& package : packages.refused()) {
    rows.push_back(
        {package.name, "-", "refused", "-", "-", package.origin, package.folder.string()});
  }
  print_table(std::cout, rows);
}

void list(Session& session, const PluginOptions& options) {
  // The log says what is refused, and why.
  const plugin::Packages& packages = session.packages();
  if (options.format == "json") {
    std::vector<Value> values;
    for (const auto& package : packages.loaded()) values.push_back(as_json(package));
    for (const auto& package : packages.refused()) values.push_back(as_json(package));
    std::cout << print_json_pretty(Value::array(values)) << '\n';
  } else if (packages.loaded().empty() && packages.refused().empty()) {
    std::cout << "There are no packages beside those of the engine. 'engine plugin new NAME' makes "
                 "one.\n";
  } else {
    print_table_of(packages);
  }
}

struct CheckedPackage {
  std::string path;
  std::optional<plugin::StagedPackage> package;
  std::vector<Diagnostic> faults;
};

// Node types are made, as their first use would, so that nothing waits until then.
void make_all(const plugin::StagedPackage& package, Diagnostics& diagnostics) {
  const std::string file = (package.folder / "package.yaml").string();
  for (const plugin::StagedNodeType& node : package.nodes) {
    try {
      node.load();
    } catch (const Error& error) {
      diagnostics.add({file, 1, 1}, error.code(), node.id + ": " + error.message());
    }
  }
  for (const plugin::StagedCredentialType& type : package.credentials) {
    try {
      type.load();
    } catch (const Error& error) {
      diagnostics.add({file, 1, 1}, error.code(), type.id + ": " + error.message());
    }
  }
}

// It is refused by where it is, whatever is in it.
void note_place(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  try {
    plugin::require_trusted_way(folder);
  } catch (const Error& error) {
    const Diagnostic fault = plugin::fault_of(folder, error);
    diagnostics.add(fault.position, fault.code, fault.message);
  }
}

CheckedPackage check(Session& session, const std::string& path) {
  plugin::LoadSettings settings = session.package_settings();
  settings.cache.clear();
  Diagnostics diagnostics;
  std::filesystem::path folder = std::filesystem::path(path).lexically_normal();
  if (folder.filename() == "package.yaml") folder = folder.parent_path();
  if (folder.filename().empty()) folder = folder.parent_path();
  if (folder.empty()) folder = ".";
  CheckedPackage checked;
  checked.path = folder.string();
  std::string name;
  // One that is not there is told by who reads it.
  std::error_code unknown;
  if (std::filesystem::is_directory(folder, unknown)) note_place(folder, diagnostics);
  checked.package = plugin::stage_folder(folder, settings, name, diagnostics);
  if (!diagnostics.empty()) checked.package.reset();
  if (checked.package) make_all(*checked.package, diagnostics);
  checked.faults = diagnostics.sorted();
  return checked;
}

void print_checked(Session& session, const std::vector<CheckedPackage>& results) {
  std::vector<Diagnostic> faults;
  for (const CheckedPackage& result : results) {
    faults.insert(faults.end(), result.faults.begin(), result.faults.end());
    if (!result.faults.empty()) continue;
    std::cout << result.path << ": valid, " << result.package->name << ' '
              << result.package->version << " with " << result.package->nodes.size()
              << " node types and " << result.package->credentials.size() << " credential types\n";
  }
  if (!faults.empty()) print_diagnostics(faults, session.colours(STDERR_FILENO));
}

void check_all(Session& session, const PluginOptions& options) {
  std::vector<CheckedPackage> results;
  for (const std::string& path : options.paths) {
    results.push_back(check(session, path));
    if (!results.back().faults.empty()) session.exit_code = kInvalid;
  }
  if (options.format != "json") return print_checked(session, results);
  std::vector<Value> values;
  for (const CheckedPackage& result : results) {
    values.push_back(Value::object({{"path", result.path},
                                    {"valid", result.faults.empty()},
                                    {"faults", faults_json(result.faults)}}));
  }
  std::cout << print_json_pretty(Value::array(values)) << '\n';
}

plugin::NewFiles imported(const PluginOptions& options, std::vector<std::string>& notes) {
  const std::string text =
      options.openapi == "-" ? read_standard_input() : read_file(options.openapi);
  auto package = plugin::openapi::import_document(
      options.name, plugin::openapi::read_document(text, options.openapi), options.only);
  notes = std::move(package.notes);
  return std::move(package.files);
}

void print_notes(const std::vector<std::string>& notes, const std::filesystem::path& folder) {
  if (notes.empty()) return;
  std::cout << "Not expressed (all of it is in " << (folder / "README.md").string() << "):\n";
  constexpr std::size_t kMost = 30;
  for (std::size_t i = 0; i < notes.size() && i < kMost; ++i) std::cout << "  " << notes[i] << '\n';
  if (notes.size() > kMost) std::cout << "  and " << notes.size() - kMost << " more\n";
}

// It is not built yet: there is nothing to check.
void make_native(const PluginOptions& options, const std::filesystem::path& folder) {
  plugin::write_package(
      folder,
      plugin::native_scaffold(options.name, options.kind == "c" ? plugin::NativeLanguage::c
                                                                : plugin::NativeLanguage::cpp));
  const std::string build = (folder / "build").string();
  std::cout << "Next: cmake -S " << folder.string() << " -B " << build << " && cmake --build "
            << build << " && ctest --test-dir " << build << '\n';
}

void make(Session& session, const PluginOptions& options) {
  plugin::check_package_name(options.name);
  const std::filesystem::path folder = options.folder.empty() ? options.name : options.folder;
  if (options.kind != "yaml") return make_native(options, folder);
  std::vector<std::string> notes;
  plugin::write_package(folder, options.openapi.empty() ? plugin::declared_scaffold(options.name)
                                                        : imported(options, notes));
  const std::vector<CheckedPackage> results{check(session, folder.string())};
  print_notes(notes, folder);
  print_checked(session, results);
  if (!results.front().faults.empty()) {
    session.exit_code = kInvalid;
    return;
  }
  std::cout << "Next: engine --plugins " << folder.string() << " nodes list " << options.name
            << '\n';
}

void add_new(CLI::App& plugin, Session& session, const std::shared_ptr<PluginOptions>& options) {
  CLI::App* command = plugin.add_subcommand("new", "Makes a package to begin with");
  command->add_option("NAME", options->name, "Of the package; its folder is called so too")
      ->required();
  CLI::Option* kind =
      command->add_option("--kind", options->kind, "yaml (declared), c or cpp (a library)")
          ->check(CLI::IsMember({"yaml", "c", "cpp"}))
          ->type_name("KIND");
  command
      ->add_option("--openapi", options->openapi,
                   "Made from this OpenAPI 3.0 or 3.1 document, JSON or YAML; - is stdin")
      ->type_name("FILE")
      ->excludes(kind);
  command
      ->add_option("--only", options->only,
                   "Only these tags, paths (and what is below them), or operation ids")
      ->type_name("TAG|PATH")
      ->needs("--openapi");
  command->add_option("--folder", options->folder, "Instead of ./NAME")->type_name("DIR");
  command->footer(R"(Examples:
  engine plugin new acme
  engine plugin new acme --kind cpp
  engine plugin new acme --openapi openapi.yaml
  engine plugin new acme --openapi openapi.json --only Tasks /v2/list --folder packages/acme)");
  command->callback([&session, options] { make(session, *options); });
}

void add_check_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
}

}  // namespace

void add_plugin(CLI::App& app, Session& session) {
  CLI::App* plugin =
      app.add_subcommand("plugin", "Packages of nodes and credential types from outside");
  plugin->require_subcommand(1);
  const auto options = std::make_shared<PluginOptions>();
  CLI::App* all = plugin->add_subcommand("list", "The packages that are found, and where");
  add_check_format(*all, options->format);
  all->footer(R"(Examples:
  engine plugin list
  engine --plugins ./packages plugin list --format json)");
  all->callback([&session, options] { list(session, *options); });
  plugin->footer(R"(Examples:
  engine plugin list
  engine plugin check ./acme)");
  add_new(*plugin, session, options);
  CLI::App* one = plugin->add_subcommand("check", "Everything that is wrong with a package");
  one->add_option("PATH", options->paths, "Folders of packages")->required();
  add_check_format(*one, options->format);
  one->footer(R"(Examples:
  engine plugin check ./acme
  engine plugin check packages/* --format json)");
  one->callback([&session, options] { check_all(session, *options); });
}

}  // namespace engine::cli
