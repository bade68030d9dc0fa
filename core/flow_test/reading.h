// What the readers of a test file share. Private to core/flow_test.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/flow_test/test_file.h"

namespace engine::flow_test {

struct Reading {
  const std::string& file;
  const std::string& text;
  std::filesystem::path folder;  ///< of the file
  Diagnostics& diagnostics;
  const workflow::Workflow* workflow = nullptr;  ///< null when it has faults: it is not compared

  void fault(const Position& position, std::string code, std::string message) const {
    diagnostics.add(position, std::move(code), std::move(message));
  }
  void fault(const Located& place, std::string code, std::string message) const {
    fault(place.position(file), std::move(code), std::move(message));
  }
};

/// The node of an id; null when there is none, which is reported, or when the workflow has faults.
const workflow::WorkflowNode* find_node(const Reading& reading, std::string_view id,
                                        const Position& position);

/// Index of an output; 0 for one that is not there, which is reported.
std::size_t find_output(const Reading& reading, const workflow::WorkflowNode& node,
                        std::string_view name, const Position& position);

/// Names of the outputs, and whether there is one that needs no name: the one beside `error`.
std::vector<std::string> output_names(const workflow::WorkflowNode& node);
bool has_main_output(const workflow::WorkflowNode& node);

/// Reports what is no item.
Items read_items(const Reading& reading, const Located& source);

/// A request; faults are reported.
RequestPattern read_request(const Reading& reading, const Located& source);
std::vector<Exchange> read_exchanges(const Reading& reading, const Located& list);

Expectations read_expectations(const Reading& reading, const Located& source, const Path& path);

/// Names and texts of a map; numbers and booleans as they are written.
Pairs read_pairs(const Located& source);

/// A file from the folder of the test file; reported when it cannot be read.
std::string read_beside(const Reading& reading, const Located& name);

/// As a text; empty when not given.
std::string text_of(const Located* value);

/// `path` with further steps.
Path below(Path path, const std::string& key);
Path below(Path path, std::size_t index);

}  // namespace engine::flow_test
