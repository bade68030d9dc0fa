#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/describe.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/rest/register_packages.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct NodesOptions {
  std::string format = "text";
  std::string type;
  int version = 0;
};

std::vector<std::string> below(const Registry& registry, const std::string& folder) {
  std::vector<std::string> ids = registry.ids();
  std::erase_if(ids, [&](const std::string& id) {
    return !folder.empty() && id != folder && id.rfind(folder + ".", 0) != 0;
  });
  return ids;
}

Error unknown(const Registry& registry, const std::string& id) {
  if (const std::string refusal = registry.refusal(id); !refusal.empty()) {
    return {ErrorCause::user, "unknown_type", "There is no node type '" + id + "'. " + refusal};
  }
  std::vector<std::string> names = registry.ids();
  for (const rest::PackedPackage& package : rest::packed_packages()) names.emplace_back(package.id);
  return {ErrorCause::user, "unknown_type",
          "There is no node type '" + id + "'." + did_you_mean(id, names) +
              " 'engine nodes list' prints all types."};
}

void list(Session& session, const NodesOptions& options) {
  const Registry& registry = session.registry();
  const std::vector<std::string> ids = below(registry, options.type);
  if (ids.empty()) throw unknown(registry, options.type);
  if (options.format == "json") {
    std::vector<Value> types;
    for (const std::string& id : ids) {
      types.push_back(Value::object(
          {{"id", id}, {"version", registry.versions(id).back()}, {"title", registry.title(id)}}));
    }
    std::cout << print_json_pretty(Value::array(types)) << '\n';
    return;
  }
  if (options.format == "markdown") {
    std::cout << "| type | |\n| --- | --- |\n";
    for (const std::string& id : ids) {
      std::cout << "| `" << id << "` | " << registry.title(id) << " |\n";
    }
    return;
  }
  std::vector<std::vector<std::string>> rows{{"TYPE", "TITLE"}};
  for (const std::string& id : ids) rows.push_back({id, registry.title(id)});
  print_table(std::cout, rows);
}

// All of a package: what it says of itself, its types in a table, and in Markdown each of them.
void show_package(Session& session, const NodesOptions& options) {
  const Registry& registry = session.registry();
  const std::vector<std::string> ids = below(registry, options.type);
  if (ids.empty()) throw unknown(registry, options.type);
  if (options.format == "json") return list(session, options);
  const auto packages = rest::packed_packages();
  const auto found = std::find_if(packages.begin(), packages.end(),
                                  [&](const auto& package) { return package.id == options.type; });
  std::string title = options.type;
  std::string text;
  if (found != packages.end()) {
    const auto package = rest::unpack(*found);
    title = package->title;
    text = package->text;
  }
  for (const plugin::StagedPackage& package : session.packages().loaded()) {
    if (package.name != options.type) continue;
    title = package.title;
    text = package.text;
  }
  const bool markdown = options.format == "markdown";
  std::cout << (markdown ? "# " : "") << title << "\n\n" << text << (text.empty() ? "" : "\n");
  list(session, options);
  if (!markdown) return;
  for (const std::string& id : ids) std::cout << '\n' << node_as_markdown(*registry.find(id));
}

void show(Session& session, const NodesOptions& options) {
  const Registry& registry = session.registry();
  const NodeType* type = registry.find(options.type, options.version);
  if (type == nullptr) {
    if (registry.versions(options.type).empty()) return show_package(session, options);
    throw Error(ErrorCause::user, "unknown_type",
                "The node type '" + options.type + "' has no version " +
                    std::to_string(options.version) + ".");
  }
  if (options.format == "json") {
    std::cout << print_json_pretty(describe_node(type->description)) << '\n';
  } else {
    std::cout << (options.format == "markdown" ? node_as_markdown(*type) : node_as_text(*type));
  }
}

void add_node_format(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->type_name("FORMAT");
}

}  // namespace

void add_nodes(CLI::App& app, Session& session) {
  CLI::App* nodes = app.add_subcommand("nodes", "The node types, and what each takes and gives");
  nodes->require_subcommand(1);
  const auto options = std::make_shared<NodesOptions>();
  CLI::App* all = nodes->add_subcommand("list", "All node types");
  all->add_option("PACKAGE", options->type, "Only those of a package, for example clickup");
  add_node_format(*all, options->format);
  all->footer(R"(Examples:
  engine nodes list
  engine nodes list clickup.task)");
  all->callback([&session, options] { list(session, *options); });
  CLI::App* one = nodes->add_subcommand("show", "The documentation of a node type or a package");
  one->add_option("TYPE", options->type, "For example http_request, or clickup for all of it")
      ->required();
  one->add_option("--version", options->version, "The latest when absent")->type_name("N");
  add_node_format(*one, options->format);
  one->footer(R"(Examples:
  engine nodes show clickup.task.create
  engine nodes show clickup --format markdown > clickup.md)");
  nodes->footer(R"(Examples:
  engine nodes list clickup
  engine nodes show http_request)");
  one->callback([&session, options] { show(session, *options); });
}

}  // namespace engine::cli
