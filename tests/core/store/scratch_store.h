// A database file in a folder of its own, and short forms for rows.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/store/sqlite_store.h"

namespace engine::test {

class ScratchFile {
 public:
  ScratchFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "engine-store-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path file() const { return folder_ / "engine.db"; }
  std::unique_ptr<store::Store> open() const { return store::open_sqlite_store(file()); }

 private:
  std::filesystem::path folder_;
};

inline store::WorkflowText text_of(const std::string& name) {
  return {"hash-" + name, name, name + ".yaml", "name: " + name + "\n"};
}

inline store::Execution execution_of(const std::string& id, std::int64_t created = 1000,
                                     store::Status status = store::Status::running,
                                     const std::string& workflow = "w") {
  store::Execution execution;
  execution.id = id;
  execution.workflow = workflow;
  execution.workflow_hash = "hash-" + workflow;
  execution.mode = "cli";
  execution.status = status;
  execution.created = from_ms(created);
  const bool open = status == store::Status::running || status == store::Status::waiting;
  if (!open) execution.finished = from_ms(created + 10);
  return execution;
}

inline void add(store::Store& store, const store::Execution& execution,
                std::vector<store::Event> events = {}) {
  store.create_execution(execution, text_of(execution.workflow), std::move(events))->wait();
}

inline std::vector<store::Event> events_of(store::Store& store, std::string_view id) {
  std::vector<store::Event> events;
  store.read_events(id, [&](store::Event&& event) { events.push_back(std::move(event)); });
  return events;
}

inline std::vector<std::string> ids(const std::vector<store::Execution>& executions) {
  std::vector<std::string> found;
  for (const store::Execution& execution : executions) found.push_back(execution.id);
  return found;
}

/// The code of the Error that `work` throws; empty when it throws none.
template <typename Work>
std::string code_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

}  // namespace engine::test
