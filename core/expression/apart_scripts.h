// Runs scripts in processes of their own, which have no files, no network and limits.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "core/expression/script_runner.h"
#include "core/process/pool.h"

namespace engine::expression {

/// With this single argument the engine's main function is serve_scripts().
constexpr const char* kScriptChildArgument = "--script-process";

struct ApartScriptsOptions {
  std::string program = "/proc/self/exe";
  std::vector<std::string> arguments{kScriptChildArgument};
  std::size_t most = 4;  ///< processes at once
  /// Hears once when the kernel does not shut out all that it should; may be empty. From any
  /// thread.
  std::function<void(const std::string& what)> warn{};
};

class ApartScripts final : public ScriptRunner {
 public:
  explicit ApartScripts(ApartScriptsOptions options);

  void prepare() override { pool_.warm(); }
  Items run(const Script& script, const Environment& environment, const LogSink& log,
            const Cancellation& cancellation) override;

 private:
  ApartScriptsOptions options_;
  std::once_flag warned_;
  process::Pool pool_;
};

/// The main function of such a process; ends with the engine. Gives the exit code.
int serve_scripts();

}  // namespace engine::expression
