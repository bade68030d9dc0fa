// What the commands share: global options, and services made on first use.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/credential/credential_type.h"
#include "core/credential/token_keeper.h"
#include "core/credential/vault.h"
#include "core/execution/services.h"
#include "core/expression/script_runner.h"
#include "core/http/client.h"
#include "core/node/binary_store.h"
#include "core/node/registry.h"
#include "core/plugin/packages.h"
#include "core/store/store.h"
#include "core/workflow/workflow.h"

namespace engine::cli {

/// 0 done, and:
enum ExitCode {
  kDone = 0,
  kFailed = 1,
  kUsage = 2,
  kInvalid = 3,
  kConfiguration = 4,
  kInterrupted = 130
};

struct GlobalOptions {
  std::string db;
  std::vector<std::string> plugins;
  std::string files = ".";
  std::string log_level = "warn";
  std::string log_format = "text";
  bool no_color = false;
};

/// A workflow file with faults. For people main prints all of them; whoever only knows Error (a
/// node that calls the workflow) has the first in the message.
struct InvalidWorkflow : Error {
  explicit InvalidWorkflow(std::vector<Diagnostic> faults);
  std::vector<Diagnostic> diagnostics;
};

/// One per process. Thread-safe once the options are set.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  GlobalOptions options;
  /// Told how long a request waited for the pace of its service, or to be repeated; may be empty.
  std::function<void(Milliseconds)> http_waited;
  int exit_code = kDone;

  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }
  Logger& log();
  const Registry& registry();
  const CredentialTypes& credential_types();
  /// Everything from outside; what is refused was logged by whoever needed node types first.
  const plugin::Packages& packages();
  plugin::LoadSettings package_settings() const;
  store::Store& store();
  Vault& vault();
  TokenKeeper& tokens();
  http::Client& http();
  BinaryStore& binaries();
  expression::ScriptRunner& scripts();
  /// With `save` false nothing is opened or kept but what credentials need.
  execution::Services services(bool save, execution::Timers& timers);

  /// The file itself, or by name: NAME.yaml here or in workflows/, or a file whose `name` it is.
  /// Throws Error{user, "workflow_not_found"}.
  std::filesystem::path find_workflow(const std::string& file_or_name,
                                      const std::filesystem::path& folder = ".") const;
  /// Throws InvalidWorkflow, Error.
  std::shared_ptr<const workflow::Workflow> load(const std::filesystem::path& file);
  std::shared_ptr<const workflow::Workflow> compile(const std::string& text,
                                                    const std::string& file);
  std::shared_ptr<const workflow::Workflow> compile(const std::string& text,
                                                    const std::string& file,
                                                    workflow::CheckContext context);
  /// Checks against the world; `credentials` false leaves those out.
  workflow::CheckContext check_context(bool credentials = true);
  /// The same for a file where it lies: the workflows it names must be there, too.
  workflow::CheckContext file_context(bool credentials = true);

  /// Whether colours may be used on this stream.
  bool colours(int descriptor) const;

 private:
  std::filesystem::path database() const;

  std::recursive_mutex mutex_;  // for what is made on first use
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<Logger> log_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<plugin::Packages> packages_;
  std::unique_ptr<CredentialTypes> credential_types_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<http::Client> http_;
  std::unique_ptr<TokenKeeper> tokens_;
  std::unique_ptr<BinaryStore> binaries_;
  std::unique_ptr<expression::ScriptRunner> scripts_;
};

/// The whole of a file. Throws Error{user, "file_not_read"}.
std::string read_file(const std::filesystem::path& file);
std::string read_standard_input();

}  // namespace engine::cli
