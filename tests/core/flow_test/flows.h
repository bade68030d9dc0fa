// A folder with a workflow and its tests, and the core nodes to run them with.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/flow_test/run_file.h"
#include "core/node/registry.h"

namespace engine::test {

/// Removed at the end. There is a credential type `bearer` that signs with its token, and
/// `api`, whose address is a field; no network.
class Flows {
 public:
  Flows();
  ~Flows();
  Flows(const Flows&) = delete;
  Flows& operator=(const Flows&) = delete;

  /// Writes a file and gives its path.
  std::string file(const std::string& name, const std::string& text) const;
  std::string text_of(const std::string& name) const;

  /// flow.yaml with these nodes behind a manual trigger `start`, and flow.test.yaml with these
  /// cases; what is wrong with them.
  flow_test::FileReport run(const std::string& nodes, const std::string& cases,
                            bool update = false);
  /// Of flow.test.yaml as it is.
  flow_test::FileReport run(bool update = false);

  Registry registry;
  CredentialTypes credential_types;
  std::function<http::Client&()> network;

 private:
  std::shared_ptr<const workflow::Workflow> compile(const std::string& name,
                                                    Diagnostics& diagnostics) const;

  std::filesystem::path folder_;
  SystemClock clock_;
  Logger log_;
};

/// "12:3 message" for each difference or fault, a line each; lines and columns only of test
/// files, which are named without their folder.
std::string told(const flow_test::FileReport& report);

/// Passes when every case did; tells what differed else.
void check_passed(const flow_test::FileReport& report);

}  // namespace engine::test
