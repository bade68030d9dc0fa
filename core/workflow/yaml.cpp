#include "core/workflow/yaml.h"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <array>
#include <istream>
#include <streambuf>
#include <utility>

#include "core/workflow/yaml_scan.h"
#include "core/workflow/yaml_tree.h"

namespace engine::workflow {
namespace {

class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // A stream buffer takes char*, and an input stream only reads.
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

// What the parser says, and what it mostly means.
std::string explain(const std::string& reason) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kMeanings{{
      {"end of map flow not found",
       "A '{' is not closed, or a comma is missing between its members. Close it with '}'."},
      {"end of sequence flow not found",
       "A '[' is not closed, or a comma is missing between its elements. Close it with ']'."},
      {"end of map not found",
       "This does not fit into the map around it: expected 'key: value' at the same indentation as "
       "the keys above."},
      {"end of sequence not found",
       "This does not fit into the list around it: expected '- value' at the same indentation as "
       "the elements above."},
      {"illegal map value",
       "A ':' is not possible here. Put a text that holds ': ' in quotes, and check the "
       "indentation."},
      {"illegal map key", "A key is not possible here. Check the indentation of this line."},
      {"illegal block entry", "A '- ' is not possible here. Check the indentation of this line."},
      {"illegal flow end", "There is a '}' or ']' without its '{' or '['."},
      {"illegal EOF in scalar", "A quote is opened and never closed."},
      {"illegal document indicator in scalar", "A quote is opened and not closed before '---'."},
      {"illegal tab when looking for indentation",
       "This line is indented with a tab. Replace each tab with two spaces."},
      {"the referenced anchor is not defined",
       "This alias names an anchor that is not defined above it (write &name there)."},
      {"alias not found after *",
       "A value cannot begin with '*' unless it is an alias. Put the text in quotes."},
      {"anchor not found after &",
       "A value cannot begin with '&' unless it is an anchor. Put the text in quotes."},
      {"unknown token", "A value cannot begin with this character. Put the text in quotes."},
  }};
  for (const auto& [known, meaning] : kMeanings) {
    if (reason.rfind(known, 0) == 0) return std::string(meaning);
  }
  if (reason.rfind("unknown escape character", 0) == 0) {
    return "Inside of double quotes a backslash begins an escape such as \\n. Write \\\\ for a "
           "backslash, or use single quotes.";
  }
  return "This is not valid YAML: " + reason + ".";
}

// Stops at the first event; only where the document begins is of interest.
class SecondDocument final : public YAML::EventHandler {
 public:
  struct Found {
    YAML::Mark mark;
  };
  void OnDocumentStart(const YAML::Mark& mark) override { throw Found{mark}; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

void refuse_second(YAML::Parser& parser, const std::string& file, Diagnostics& diagnostics) {
  SecondDocument second;
  try {
    parser.HandleNextDocument(second);
  } catch (const SecondDocument::Found& found) {
    diagnostics.add({file, found.mark.line + 1, found.mark.column + 1}, "several_documents",
                    "A second document begins here (---). One file holds one document: move the "
                    "rest to a file of its own.");
  }
}

void parse(std::string_view text, const std::string& file, const YamlLimits& limits,
           Located& result, Diagnostics& diagnostics) {
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  YamlTree tree(text, file, limits, diagnostics);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(tree)) {
      diagnostics.add({file, 1, 1}, "empty_file",
                      "The file is empty. A workflow has a 'name' and a list of 'nodes'.");
      return;
    }
    if (tree.last_quoted().known() && !closes_quote(text, tree.last_quoted())) {
      diagnostics.add(tree.last_quoted(), "bad_yaml", "A quote is opened here and never closed.");
      return;
    }
    result = tree.take();
    refuse_second(parser, file, diagnostics);
  } catch (const YamlStop&) {
    // Reported where it was thrown.
  } catch (const YAML::Exception& error) {
    const Position position{file, error.mark.line + 1, error.mark.column + 1};
    const int cause = scan_for_causes(text, file, diagnostics);
    if (cause == 0 || position.line < cause) {
      std::string message = explain(error.msg);
      const Position begin = tree.open_at();
      if (begin.known()) {
        message += " What encloses it begins in line " + std::to_string(begin.line) + ", column " +
                   std::to_string(begin.column) + ".";
      }
      diagnostics.add(position, "bad_yaml", message);
    }
  }
}

}  // namespace

bool read_yaml(std::string_view text, const std::string& file, Located& result,
               Diagnostics& diagnostics, const YamlLimits& limits) {
  const std::size_t before = diagnostics.size();
  if (text.size() > limits.bytes) {
    diagnostics.add({file, 1, 1}, "too_large",
                    "The file has " + std::to_string(text.size()) + " bytes; at most " +
                        std::to_string(limits.bytes) + " are read. Split it.");
    return false;
  }
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.substr(0, 3) == kByteOrderMark) text.remove_prefix(3);
  if (!check_bytes(text, file, diagnostics)) return false;
  parse(text, file, limits, result, diagnostics);
  return diagnostics.size() == before && !diagnostics.full();
}

}  // namespace engine::workflow
