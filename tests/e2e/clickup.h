// `engine sandbox clickup` as a process, and a credential for it.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/place.h"

namespace engine::e2e {

/// Listens on a free port from construction to destruction.
class ClickUp {
 public:
  explicit ClickUp(const Place& place, const std::vector<std::string>& options = {});

  /// Without a slash at its end.
  const std::string& api_url() const { return api_url_; }
  /// Stores a credential for it. Throws std::runtime_error when that fails.
  void add_credential(const Place& place, const std::string& name,
                      const std::string& token = "pk_sandbox") const;
  /// Its API as another client sees it: "/v2/…"; the answer's JSON. Throws std::runtime_error for
  /// an answer that is no success.
  Value ask(const std::string& method, const std::string& path, const std::string& json = "",
            const std::string& token = "pk_sandbox") const;
  /// Asks it to stop, as a user would.
  Outcome stop();

 private:
  Process process_;
  std::string api_url_;
};

}  // namespace engine::e2e
