// Builds the located tree from the events of yaml-cpp. Private to core/workflow.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/value/located.h"
#include "core/workflow/yaml.h"

namespace engine::workflow {

/// Thrown when reading cannot go on; the reason is among the diagnostics already.
struct YamlStop {};

class YamlTree final : public YAML::EventHandler {
 public:
  YamlTree(std::string_view text, const std::string& file, const YamlLimits& limits,
           Diagnostics& diagnostics);

  /// Where the last scalar that is not plain begins; line 0 when there is none.
  const Position& last_quoted() const { return last_quoted_; }

  /// Where the innermost list or map begins that is not finished; line 0 when there is none.
  Position open_at() const;

  /// The finished document.
  Located take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Anchor {
    Located value;
    std::size_t nodes = 1;
    std::size_t aliases = 0;
    std::size_t depth = 0;
  };
  struct Frame {
    Located node;
    YAML::anchor_t anchor = 0;
    bool is_key = false;    // a list or map where a key must stand: read, and then dropped
    bool has_key = false;   // of a map: `pending` waits for its value
    bool drop = false;      // the pending member is faulty
    bool unquoted = false;  // really an expression without quotes
    LocatedMember pending;
    std::unordered_map<std::string, std::size_t> places;  // by key, once there are many
    std::size_t nodes = 1;
    std::size_t aliases = 0;
    std::size_t depth = 0;  // below this one
  };

  bool expects_key() const;
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind);
  void close();
  void complex_key(const Position& position, Kind kind);
  void key(const YAML::Mark& mark, const std::string& tag, const std::string& text);
  void refuse_repeated(const std::string& key, const Position& position);
  void place(Located value, std::size_t nodes, std::size_t aliases, std::size_t depth);
  void remember(YAML::anchor_t anchor, const Anchor& value);
  void check_plain(const Position& position, const std::string& value);
  Value tagged(const Position& position, const std::string& tag, const std::string& value);
  void count(std::size_t nodes, const Position& position);
  Position at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  std::string_view text_;
  const std::string& file_;
  const YamlLimits& limits_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Anchor> anchors_;
  std::size_t nodes_ = 0;
  std::size_t aliases_ = 0;
  Located root_;
  Position last_quoted_;
  std::size_t open_keys_ = 0;
};

}  // namespace engine::workflow
