#include "core/rest/upload.h"

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/node/binary_store.h"
#include "core/value/json.h"

namespace engine::rest {

void add_binary(std::vector<http::FormField>& form, const std::string& name, const Value& value,
                NodeContext& context, std::size_t item) {
  const std::string wanted = to_text(value);
  const Items& items = context.input(0);
  const View binaries = item < items.size() ? items[item].binary.view() : View();
  const View binary = binaries[wanted];
  if (!binary.is_object()) {
    std::vector<std::string> names;
    for (const auto& member : binaries.members()) names.emplace_back(member.first);
    throw Error(
        ErrorCause::user, "no_such_binary",
        "The item has no binary '" + wanted + "'" +
            (names.empty() ? "; it has none at all." : "; it has " + list_names(names) + ".") +
            did_you_mean(wanted, names));
  }
  const std::string file_name(binary["file_name"].as_string("file"));
  const std::string type(binary["mime_type"].as_string("application/octet-stream"));
  form.push_back({name, context.binaries().path(binary), file_name, type});
}

void add_file(std::vector<http::FormField>& form, const std::string& name, const Value& value,
              NodeContext& context) {
  const std::filesystem::path path = context.file(to_text(value));
  if (!std::filesystem::is_regular_file(path)) {
    throw Error(ErrorCause::user, "no_such_file", "There is no file '" + to_text(value) + "'.");
  }
  form.push_back({name, path, path.filename().string(), "application/octet-stream"});
}

std::string form_boundary(Random& random) {
  return "engine-" + std::to_string(random.next()) + "-" + std::to_string(random.next());
}

}  // namespace engine::rest
