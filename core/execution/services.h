// Everything outside that executions use: ports, passed in once by the composition root.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/credential/token_keeper.h"
#include "core/credential/vault.h"
#include "core/execution/timers.h"
#include "core/expression/script_runner.h"
#include "core/http/client.h"
#include "core/node/binary_store.h"
#include "core/store/store.h"
#include "core/workflow/workflow.h"

namespace engine::execution {

class ActiveExecution;

struct Services {
  const Clock& clock;
  Random& random;
  Logger& log;
  Timers& timers;
  BinaryStore& binaries;
  /// Made on first use: most short runs need no network.
  std::function<http::Client&()> http;
  /// Throws Error{credential} when credentials cannot be read.
  std::function<Vault&()> vault;
  /// Null when nothing is kept.
  store::Store* store = nullptr;
  /// `read_file` and `write_file` stay below it.
  std::filesystem::path files;
  /// The workflow of a file or name, as `from` (the calling workflow's file) sees it. Throws
  /// Error{user} when there is none or it is invalid.
  std::function<std::shared_ptr<const workflow::Workflow>(const std::string& name,
                                                          const std::string& from)>
      workflows;
  /// A stored workflow text, compiled again; throws Error{user} when it is not valid (any more).
  std::function<std::shared_ptr<const workflow::Workflow>(const std::string& text,
                                                          const std::string& file)>
      compile;
  /// Environment variables for `$env`; nothing when unset.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  /// `$vars`; an object.
  Value variables;
  /// Identifies this process as owner of what it runs; see store::Execution::owner. 0: no other
  /// process knows of it.
  std::int64_t owner = 0;
  /// Renews the tokens of credentials; unset: none is renewed.
  std::function<TokenKeeper&()> tokens{};
  /// Hears of every execution that has ended, durably; may be empty. Short, and from any thread.
  std::function<void(const ActiveExecution& ended)> ended{};
  /// Runs the scripts of code nodes; unset: they run in this process, without limits of memory.
  std::function<expression::ScriptRunner&()> scripts{};
  /// What `$execution.resumeUrl` is, for the wait that follows `resumes` others; may be empty.
  std::function<std::string(const std::string& execution, std::size_t resumes)> resume_url{};
  /// Whether requests without a credential may go to private addresses: a server runs what others
  /// trigger. Hosts in `private_hosts` always may.
  bool private_addresses = true;
  std::vector<std::string> private_hosts{};
  /// Nodes handle one item at a time, whatever their `concurrency`: for runs that are the same each
  /// time.
  bool in_turn = false;
  /// See CacheScope.
  std::string cache_scope{};
};

}  // namespace engine::execution
