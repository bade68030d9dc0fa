#include "core/plugin/scaffold.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "core/base/error.h"
#include "core/plugin/version.h"

namespace engine::plugin {
namespace {

constexpr const char* kPackage = R"(name: NAME
title: NAME
text: What the service is, in Markdown.
version: 0.1.0
engine: ">=ENGINE"
base_url: https://api.example.com/v1
base_url_field: api_url          # the credential can say another address
credential: NAME
errors:                          # where failed answers say what is wrong
  message: [error.message, message]
  code: [error.code, code]
)";

constexpr const char* kResource =
    R"(# Node types NAME.item.list, NAME.item.get and NAME.item.create.
resource: item
parameters:                      # shared: `use: item_id`
  item_id: { type: string, title: Item, text: Id of the item., required: true }
operations:
  list:
    title: List items
    text: Gives every item, page by page.
    request: GET /items
    parameters:
      tag: { type: string, text: Only items with this tag., send: query }
    paging: { kind: page, parameter: page, first: 1, size: 50, size_parameter: per_page }
    response: { items: items }
  get:
    title: Get an item
    request: GET /items/{item_id}
    parameters:
      item_id: { use: item_id }
  create:
    title: Create an item
    request: POST /items
    parameters:
      name: { type: string, text: Its name., required: true, send: body }
      tags: { type: list, of: string, list_or_one: true, text: Its tags., send: body }
      due: { type: time, text: When it is due., send: body, as: due_ms }
)";

constexpr const char* kCredential = R"(credential: NAME
title: NAME
text: Where people find what they have to enter.
fields:                          # secret unless they say `secret: false`
  token: { type: string, title: Token, required: true, min: 1, clean: token }
  api_url:
    type: string
    title: API address
    default: https://api.example.com/v1
    secret: false
    clean: address
sign:
  - header: { name: Authorization, value: "Bearer {token}" }
hosts: "{api_url}"               # the token goes nowhere else
test: { base: api_url, call: GET /items }
)";

constexpr const char* kWorkflow = R"(name: Try NAME
nodes:
  - id: create
    type: NAME.item.create
    credential: NAME
    with: { name: A first item, tags: [new], due: "2030-01-31" }
)";

constexpr const char* kReadme = R"(# NAME

A package of nodes: `package.yaml` has what all of them share, `item.yaml` the operations of one resource, `credential.yaml` the
credential type. Change them; no build is needed.

```
engine plugin check NAME
engine --plugins NAME nodes show NAME.item.create
engine --plugins NAME credentials add NAME --type NAME --field token=-
engine --plugins NAME run NAME/workflows/try.yaml --dry-run      # shows the request, and sends nothing
```

To have it always, move the folder to `~/.local/share/engine/plugins/`. `engine schema --package --out package.schema.json` writes
a JSON Schema for editors.
)";

std::string filled(std::string text, const std::string& name) {
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"NAME", name},
                                 {"ENGINE", std::string(engine_version())}}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      text.replace(at, from.size(), to);
      at += to.size();
    }
  }
  return text;
}

Error not_written(const std::filesystem::path& path) {
  return {ErrorCause::storage, "file_not_written",
          "'" + path.string() + "' could not be written. Check its folder and rights."};
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed || chmod(folder.c_str(), 0755) != 0) throw not_written(folder);
}

}  // namespace

NewFiles declared_scaffold(const std::string& name) {
  return {{"package.yaml", filled(kPackage, name)},
          {"item.yaml", filled(kResource, name)},
          {"credential.yaml", filled(kCredential, name)},
          {"workflows/try.yaml", filled(kWorkflow, name)},
          {"README.md", filled(kReadme, name)}};
}

void check_package_name(const std::string& name) {
  const bool good = !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                    });
  if (good) return;
  throw Error(ErrorCause::user, "bad_package_name",
              "A package cannot be called '" + name +
                  "': names begin with a letter and have only lower case letters, digits and '_'.");
}

void write_package(const std::filesystem::path& folder, const NewFiles& files) {
  std::error_code ignored;
  if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_empty(folder, ignored)) {
    throw Error(ErrorCause::user, "folder_exists",
                "'" + folder.string() +
                    "' is there already and not empty. Remove it, or choose another name.");
  }
  make_folder(folder);
  for (const auto& [name, text] : files) {
    const auto path = folder / name;
    if (path.parent_path() != folder) make_folder(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream || chmod(path.c_str(), 0644) != 0) throw not_written(path);
  }
}

}  // namespace engine::plugin
