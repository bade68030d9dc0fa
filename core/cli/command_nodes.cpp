#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/describe.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct NodesOptions {
  std::string format = "text";
  std::string type;
  int version = 0;
};

void list(Session& session, const std::string& format) {
  const Registry& registry = session.registry();
  if (format == "json") {
    std::vector<Value> types;
    for (const std::string& id : registry.ids()) {
      types.push_back(Value::object(
          {{"id", id}, {"version", registry.versions(id).back()}, {"title", registry.title(id)}}));
    }
    std::cout << print_json_pretty(Value::array(types)) << '\n';
    return;
  }
  if (format == "markdown") {
    std::cout << "| type | |\n| --- | --- |\n";
    for (const std::string& id : registry.ids()) {
      std::cout << "| `" << id << "` | " << registry.title(id) << " |\n";
    }
    return;
  }
  std::vector<std::vector<std::string>> rows{{"TYPE", "TITLE"}};
  for (const std::string& id : registry.ids()) rows.push_back({id, registry.title(id)});
  print_table(std::cout, rows);
}

void show(Session& session, const NodesOptions& options) {
  const Registry& registry = session.registry();
  const NodeType* type = registry.find(options.type, options.version);
  if (type == nullptr) {
    const bool other_version = !registry.versions(options.type).empty();
    throw Error(ErrorCause::user, "unknown_type",
                other_version ? "The node type '" + options.type + "' has no version " +
                                    std::to_string(options.version) + "."
                              : "There is no node type '" + options.type + "'." +
                                    did_you_mean(options.type, registry.ids()) +
                                    " 'engine nodes list' prints all types.");
  }
  if (options.format == "json") {
    std::cout << print_json_pretty(describe_node(type->description)) << '\n';
  } else {
    std::cout << (options.format == "markdown" ? node_as_markdown(*type) : node_as_text(*type));
  }
}

void add_format(CLI::App& command, std::string& format) {
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
  add_format(*all, options->format);
  all->callback([&session, options] { list(session, options->format); });
  CLI::App* one = nodes->add_subcommand("show", "The documentation of a node type");
  one->add_option("TYPE", options->type, "For example http_request")->required();
  one->add_option("--version", options->version, "The latest when absent")->type_name("N");
  add_format(*one, options->format);
  one->callback([&session, options] { show(session, *options); });
}

}  // namespace engine::cli
