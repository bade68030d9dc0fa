#include "core/plugin/openapi/readme.h"

#include "core/plugin/openapi/document.h"
#include "core/value/json.h"

namespace engine::plugin::openapi {

std::string readme(const std::string& name, const Value& document, const ImportedPackage& package) {
  const Value info = document["info"];
  std::string text = "# " + name + "\n\nNodes for " + text_of(info, "title", 100) + " " +
                     to_text(info["version"]).substr(0, 40) + ", made from its OpenAPI " +
                     to_text(document["openapi"]) +
                     " document: " + std::to_string(package.operations) +
                     " operations. The files are data and may be changed by hand.\n\n```\n"
                     "engine plugin check " +
                     name + "\nengine --plugins . nodes list " + name + "\n```\n";
  text +=
      "\nDefaults of body members are told in their texts and not sent, so that a change leaves "
      "alone what is not given.\n";
  text += "\n## What is not expressed\n\n";
  if (package.notes.empty()) text += "Nothing: all of the document is here.\n";
  for (const std::string& note : package.notes) {
    std::string line = note;
    for (char& c : line) {
      if (c == '\n') c = ' ';
    }
    text += "* " + line + "\n";
  }
  return text;
}

}  // namespace engine::plugin::openapi
