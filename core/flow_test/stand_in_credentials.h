// Credentials without secrets: a vault in memory that has every credential a workflow names.
#pragma once

#include <map>
#include <string>

#include "core/base/time.h"
#include "core/credential/vault.h"
#include "core/store/memory_store.h"
#include "core/workflow/workflow.h"

namespace engine::flow_test {

class StandInCredentials {
 public:
  /// `fields` are those that a case gives, by credential.
  StandInCredentials(store::Store& store, const CredentialTypes& types, const Clock& clock,
                     std::map<std::string, Value> fields);

  /// Adds what the workflow's nodes name and is not there yet. Fields that are needed hold "test".
  /// Throws Error{user, "bad_parameter"} for fields that the type does not have.
  void add_for(const workflow::Workflow& workflow);

  Vault& vault() { return vault_; }

 private:
  void add(const std::string& name, const std::string& type);

  const CredentialTypes& types_;
  const std::map<std::string, Value> fields_;
  Vault vault_;
};

}  // namespace engine::flow_test
