// Where JavaScript's questions about items, nodes and globals are answered: by the run itself, or
// by the process that has the run.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/expression/environment.h"

namespace engine::expression {

using LogSink = std::function<void(std::string_view level, std::string_view text)>;

/// Answers are JSON texts. `name` is the id of a node (empty: the input) or the name of a global.
struct Question {
  enum class Kind {
    global,    ///< its value; nothing when it is unknown
    items,     ///< [json] of input items [first, first + second)
    binaries,  ///< [binary] of the same
    count,     ///< how many items; -1 when the node has not run
    item,      ///< [json, binary] of item `first`
    all,       ///< [[json], [binary] or null]
    linked     ///< see EnvironmentData; for input items [first, first + second)
  };
  static constexpr int kKinds = static_cast<int>(Kind::linked) + 1;

  Kind kind = Kind::global;
  std::string name;
  std::size_t first = 0;
  std::size_t second = 0;
};

/// Used by one thread at a time.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual std::optional<std::string> answer(const Question& question) = 0;
  /// What scripts print with `console`: level (debug, info, warn, error) and text.
  virtual void log(std::string_view level, std::string_view text) = 0;
};

/// Answers from an environment, also to questions that make no sense: then there is nothing there.
/// Borrows what it is made from.
class EnvironmentData final : public DataSource {
 public:
  EnvironmentData(const Environment& environment, const LogSink& log)
      : environment_(environment), log_(log) {}

  std::optional<std::string> answer(const Question& question) override;
  void log(std::string_view level, std::string_view text) override {
    if (log_) log_(level, text);
  }

 private:
  const Items* list(const std::string& id) const;  // the input for an empty id
  std::string linked(const std::string& id, std::size_t base, std::size_t count) const;

  const Environment& environment_;
  const LogSink& log_;
};

/// The items [begin, end) as the list of rows that scripts see as `$json`: whole, or only `fields`.
std::string rows_text(const Items& items, std::size_t begin, std::size_t end,
                      const std::vector<std::string>& fields, bool whole);

}  // namespace engine::expression
