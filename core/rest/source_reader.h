// Reading of declarative files part by part, with every fault noted at its place.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/rest/selector.h"
#include "core/value/located.h"

namespace engine::rest {

/// A missing key reads as the fallback; a wrong kind is noted and reads as the fallback.
class SourceReader {
 public:
  SourceReader(std::string file, Diagnostics& diagnostics);

  void fault(const Located& at, const std::string& message);
  void fault(const LocatedMember& at, const std::string& message);

  /// False (noted) when it is no map. Unknown keys are noted with the nearest known ones.
  bool check_keys(const Located& at, std::string_view what, const std::vector<std::string>& known);

  std::string text(const Located& map, std::string_view key, std::string fallback = "");
  std::string required_text(const Located& map, std::string_view key, std::string_view what);
  bool boolean(const Located& map, std::string_view key, bool fallback = false);
  std::optional<double> number(const Located& map, std::string_view key);
  std::int64_t integer(const Located& map, std::string_view key, std::int64_t fallback);
  /// One text or a list of texts; numbers count as texts.
  std::vector<std::string> texts(const Located& map, std::string_view key);
  /// Nothing when the key is missing, or is no path (noted).
  std::optional<Path> path(const Located& map, std::string_view key);
  std::vector<Path> paths(const Located& map, std::string_view key);
  /// The value itself when the key is missing.
  Selector selector(const Located& map, std::string_view key);
  std::vector<Selector> selectors(const Located& map, std::string_view key);
  /// Members of a map, their values as texts.
  std::vector<std::pair<std::string, std::string>> text_map(const Located& map,
                                                            std::string_view key);
  std::vector<std::pair<std::string, Value>> value_map(const Located& map, std::string_view key);

  /// Notes what is wrong and gives nothing unless the text is one of the names.
  std::optional<std::size_t> one_of(const Located& at, std::string_view text, std::string_view what,
                                    const std::vector<std::string>& names);

 private:
  std::string file_;
  Diagnostics& diagnostics_;
};

/// Data without places, for readers that want them.
Located located(View value);

/// A member of a map, added or replaced.
void set_member(Located& map, const std::string& key, const Located& value);

}  // namespace engine::rest
