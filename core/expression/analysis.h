// What an expression or script names, as far as its text tells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace engine::expression {

struct Analysis {
  struct Use {
    std::string node;
    std::size_t offset = 0;
  };

  bool uses_json = false;
  bool whole_json = false;           ///< `$json` is used in other ways than reading fields
  std::vector<std::string> fields;   ///< the fields read otherwise; each once
  std::vector<std::string> globals;  ///< names that begin with `$`; each once
  std::vector<Use> nodes;            ///< `$('id')` and `$node.id`
  std::vector<std::size_t> dynamic;  ///< offsets of `$(…)` and `$node[…]` without a literal
  std::vector<std::size_t> imports;  ///< offsets of `import`
};

Analysis analyse(std::string_view source);

/// The same source with blanks for `async` and `await`: there is nothing to wait for, and the time
/// limit does not reach what JavaScriptCore runs later.
std::string without_async(std::string_view source);

/// The text of a string literal (or a template literal without substitutions) as written between
/// its quotes; false when it has escapes.
bool literal_text(std::string_view token, std::string& text);

}  // namespace engine::expression
