#include <CLI/App.hpp>
#include <fstream>
#include <iostream>

#include "core/cli/commands.h"
#include "core/cli/session.h"
#include "core/flow_test/test_file.h"
#include "core/rest/package_schema.h"
#include "core/value/json.h"
#include "core/workflow/workflow.h"

namespace engine::cli {

void add_schema(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("schema", "The JSON Schema of workflow files, for editors");
  const auto file = std::make_shared<std::string>();
  const auto package = std::make_shared<bool>(false);
  const auto tests = std::make_shared<bool>(false);
  auto* of_package =
      command->add_flag("--package", *package, "Of the files of a package of nodes instead");
  command->add_flag("--test", *tests, "Of files of tests, flow.test.yaml, instead")
      ->excludes(of_package);
  command->add_option("--out", *file, "Written here instead of to stdout")->type_name("FILE");
  command->footer(
      "Examples:\n"
      "  engine schema --out workflow.schema.json\n"
      "  engine schema --package --out package.schema.json\n"
      "  engine schema --test --out flow-test.schema.json\n\n"
      "Editors with a YAML language server find it by a first line in the workflow:\n"
      "  # yaml-language-server: $schema=workflow.schema.json");
  command->callback([&session, file, package, tests] {
    const Value schema = *package ? rest::package_schema()
                         : *tests ? flow_test::test_file_schema()
                                  : workflow::workflow_schema(session.registry());
    const std::string text = print_json_pretty(schema) + '\n';
    if (file->empty()) {
      std::cout << text;
      return;
    }
    std::ofstream stream(*file, std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    if (!stream) {
      throw Error(ErrorCause::storage, "file_not_written",
                  "The file '" + *file + "' could not be written. Check its folder and rights.");
    }
  });
}

}  // namespace engine::cli
