// Look-ups: how names that people write become the ids that a service wants.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/rest/selector.h"
#include "core/value/path.h"

namespace engine::rest {

/// A GET whose answer is looked into. `{name}` in path and query stands for a parameter of the
/// operation or an id of another look-up; query members without a value are left out.
struct LookupCall {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  Selector items;  ///< of a single value: the first one counts
};

/// What an id looks like: a text of this form is taken for one, and nothing is asked for it.
enum class IdForm {
  name,    ///< the name is the id
  number,  ///< digits
  uuid,
};

struct Lookup {
  std::string name;
  std::string title;      ///< "List", for errors
  std::string of;         ///< the look-up whose elements hold these; empty: none
  std::string otherwise;  ///< the look-up to take when nothing says which element of `of`
  std::string parameter;  ///< how ids are called by parameters and in the paths of other look-ups
  IdForm form = IdForm::number;
  std::vector<LookupCall> calls;  ///< of each element of `of`; empty: items of the element itself
  Selector items;                 ///< when there are no calls
  Path id;
  std::vector<Path> match;  ///< the names of an element; the first is shown
  std::optional<Path>
      within;  ///< a further part of the long name, between the parent's and its own
  std::vector<std::pair<std::string, LookupCall>> words;  ///< fixed names, such as "me"
  /// Names are sent as they are, and only looked up when the service refuses the request with one
  /// of these codes.
  std::vector<std::string> refused_with;
};

}  // namespace engine::rest
