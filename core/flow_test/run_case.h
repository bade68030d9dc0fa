// Runs one case: the executor of the engine in a world that the test file describes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/credential/credential_type.h"
#include "core/credential/token_keeper.h"
#include "core/expression/script_runner.h"
#include "core/flow_test/test_file.h"
#include "core/http/client.h"
#include "core/http/server_message.h"

namespace engine::flow_test {

/// What tests take from the program.
struct Surroundings {
  const CredentialTypes& credential_types;
  Logger& log;
  std::function<expression::ScriptRunner&()> scripts;
  /// The workflow of a file or name, as another workflow's file sees it. Credentials are not
  /// checked.
  std::function<std::shared_ptr<const workflow::Workflow>(const std::string& name,
                                                          const std::string& from)>
      workflows;
  // Of cases with `network: true`:
  std::function<http::Client&()> http;
  std::function<Vault&()> vault;
  std::function<TokenKeeper&()> tokens;
};

/// What became of a node: all its runs together, in order.
struct GivenNode {
  bool ran = false;
  std::vector<Items> outputs;
};

struct CaseOutcome {
  std::string status;  ///< "success", "failed", "waiting", or "stopped" when it took too long
  std::optional<Error> error;
  Items result;
  std::map<std::string, GivenNode> nodes;  ///< by id, loops included
  std::vector<SeenRequest> requests;
  std::optional<http::ServerResponse> response;
  std::map<std::string, std::string> files;  ///< written or changed
  std::vector<Diagnostic> faults;            ///< whatever was expected, this is wrong
  Milliseconds took{};                       ///< of real time
};

/// Throws nothing: what goes wrong is in the outcome.
CaseOutcome run_case(const TestFile& file, const Case& test, const Surroundings& surroundings);

}  // namespace engine::flow_test
