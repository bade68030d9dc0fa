#include "core/plugin/openapi/import.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/plugin/openapi/names.h"
#include "core/plugin/openapi/operation.h"
#include "core/plugin/openapi/readme.h"
#include "core/plugin/openapi/security.h"
#include "core/plugin/version.h"
#include "core/rest/base_url.h"
#include "core/rest/path_template.h"
#include "core/value/json.h"
#include "core/workflow/yaml.h"
#include "core/workflow/yaml_writer.h"

namespace engine::plugin::openapi {
namespace {

constexpr std::size_t kMostOperations = 5000;
constexpr const char* kNoServer = "https://api.example.com";

struct Tagged {
  std::string tag;
  Call call;
};

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return result;
}

class Importer {
 public:
  Importer(std::string name, const Value& root, const std::vector<std::string>& only)
      : name_(std::move(name)), document_(root, notes_), only_(only) {}

  ImportedPackage run() {
    check_version();
    collect();
    base_url_ = read_base_url();
    const auto resources = read_resources();
    std::vector<Value> secured;
    for (const Tagged& one : imported_) secured.push_back(one.call.operation);
    security_ = read_security(name_, base_url_, test_path(), secured, document_, notes_);
    add_file("package.yaml", package());
    for (const auto& [tag, operations] : resources) {
      Members resource;
      resource.set("resource", tag);
      resource.set("operations", operations.value());
      add_file(file_names_.take(tag) + ".yaml", resource.value());
    }
    for (const CredentialFile& type : security_.types) {
      add_file(file_names_.take("credential_" + type.id) + ".yaml", type.source);
    }
    note_the_rest();
    result_.notes = notes_.lines();
    result_.operations = imported_.size();
    result_.files.emplace_back("README.md", readme(name_, document_.root(), result_));
    return std::move(result_);
  }

 private:
  void check_version() {
    const std::string version = to_text(document_.root()["openapi"]);
    if (version.rfind("3.0", 0) == 0 || version.rfind("3.1", 0) == 0) return;
    throw Error(ErrorCause::user, "bad_openapi",
                version.empty()
                    ? "This is no OpenAPI document of version 3: it has no 'openapi'. A document "
                      "of Swagger 2.0 must be converted first."
                    : "The document is of OpenAPI " + version.substr(0, 20) +
                          "; 3.0 and 3.1 are understood.");
  }

  void collect() {
    constexpr std::array<const char*, 8> kMethods{"get",    "post", "put",     "patch",
                                                  "delete", "head", "options", "trace"};
    const Value paths = document_.root()["paths"];
    std::vector<std::string> tags;
    for (const auto& member : paths.members()) {
      const Value item = document_.resolve(paths.share(member.second));
      const std::string path(member.first);
      for (const char* method : kMethods) {
        const Value operation = item[method];
        if (!operation.is_object()) continue;
        Tagged found{tag_of(operation, path), {upper(method), path, item, operation}};
        tags.push_back(found.tag);
        if (is_wanted(found)) take(std::move(found));
      }
    }
    if (!calls_.empty()) return;
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    throw Error(ErrorCause::user, "nothing_imported",
                only_.empty() ? "The document has no operations."
                              : "No tag, path or operation of the document is '" + only_.front() +
                                    "'." + did_you_mean(only_.front(), tags));
  }

  void take(Tagged found) {
    if (found.call.method == "OPTIONS" || found.call.method == "TRACE") {
      notes_.add(found.call.name() + " was left out: nodes do not send " + found.call.method + ".");
      return;
    }
    if (found.call.path.empty() || found.call.path.front() != '/' ||
        found.call.path.find_first_of("?# \t\n") != std::string::npos) {
      notes_.add("The path '" + found.call.path.substr(0, 200) + "' cannot be sent.");
      return;
    }
    if (calls_.size() == kMostOperations) {
      notes_.add("There are more than " + std::to_string(kMostOperations) +
                 " operations; choose some with --only.");
      return;
    }
    calls_.push_back(std::move(found));
  }

  static std::string tag_of(const Value& operation, const std::string& path) {
    const Value tag = operation["tags"][std::size_t{0}];
    if (tag.is_string()) return std::string(tag.as_string());
    for (std::size_t at = 0; at < path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      std::string step = path.substr(at, end - at);
      const bool version = step.size() > 1 && step[0] == 'v' && step[1] >= '0' && step[1] <= '9';
      if (!step.empty() && step.front() != '{' && !version && step != "api") return step;
      at = end + 1;
    }
    return "api";
  }

  bool is_wanted(const Tagged& found) const {
    if (only_.empty()) return true;
    const Call& call = found.call;
    return std::any_of(only_.begin(), only_.end(), [&](const std::string& wanted) {
      if (wanted.front() == '/') {
        const bool below = call.path.rfind(wanted, 0) == 0;
        return below && (call.path.size() == wanted.size() || wanted.back() == '/' ||
                         call.path[wanted.size()] == '/');
      }
      if (call.operation["operationId"].as_string() == wanted) return true;
      if (snake_case(found.tag, "") == snake_case(wanted, "")) return true;
      const Value tags = call.operation["tags"];
      for (const View tag : tags.elements()) {
        if (tag.as_string() == wanted) return true;
      }
      return false;
    });
  }

  std::string read_base_url() {
    const Value servers = document_.root()["servers"];
    if (servers.size() > 1) {
      notes_.add("The document names " + std::to_string(servers.size()) +
                 " servers; the first one is 'base_url'.");
    }
    const Value variables = servers[std::size_t{0}]["variables"];
    const Value filled = rest::fill_given(
        servers[std::size_t{0}]["url"], [&](std::string_view name) -> std::optional<Value> {
          const Value standard = variables[name]["default"];
          if (standard.missing()) return std::nullopt;
          notes_.add("The server's '" + std::string(name) + "' is '" + to_text(standard) +
                     "' in 'base_url'; credentials can say another address.");
          return standard;
        });
    try {
      return rest::checked_base_url(filled.as_string());
    } catch (const Error&) {
      notes_.add("The document does not tell where the service is ('" +
                 std::string(filled.as_string()).substr(0, 200) +
                 "'): 'base_url' is only an "
                 "example. Change it in package.yaml, and 'api_url' of the credential types.");
      return kNoServer;
    }
  }

  std::vector<std::pair<std::string, Members>> read_resources() {
    std::vector<std::pair<std::string, Members>> resources;
    std::map<std::string, UniqueNames> names;
    for (const Tagged& one : calls_) {
      const auto operation = read_operation(one.call, document_, notes_);
      if (!operation) continue;
      const std::string tag = snake_case(one.tag, "api");
      const std::string id(one.call.operation["operationId"].as_string());
      const std::string wanted =
          snake_case(id.empty() ? one.call.method + one.call.path : id, "operation");
      auto found = std::find_if(resources.begin(), resources.end(),
                                [&](const auto& resource) { return resource.first == tag; });
      if (found == resources.end()) found = resources.insert(resources.end(), {tag, Members()});
      found->second.set(names[tag].take(wanted), *operation);
      imported_.push_back(one);
    }
    if (resources.empty()) {
      throw Error(ErrorCause::user, "nothing_imported",
                  "Nothing of the document can be expressed: " + notes_.lines().front());
    }
    return resources;
  }

  // What tells who one is works with nothing but a credential.
  std::string test_path() const {
    constexpr std::array<const char*, 8> kEnds{"/me",     "/user",    "/self",   "/users/me",
                                               "/whoami", "/account", "/myself", "/profile"};
    for (const char* end : kEnds) {
      for (const Tagged& one : calls_) {
        if (one.call.method == "GET" && one.call.path.ends_with(end) &&
            one.call.path.find('{') == std::string::npos) {
          return one.call.path;
        }
      }
    }
    return "";
  }

  Value package() const {
    const Value info = document_.root()["info"];
    Members package;
    package.set("name", name_);
    const std::string title = text_of(info, "title", 100);
    package.set("title", title.empty() ? title_case(name_) : title);
    const std::string text = text_of(info, "description", 2000);
    if (!text.empty()) package.set("text", text);
    package.set("version", "0.1.0");
    package.set("engine", ">=" + std::string(engine_version()));
    package.set("base_url", base_url_);
    if (!security_.types.empty()) {
      package.set("base_url_field", "api_url");
      std::vector<Value> types;
      for (const CredentialFile& type : security_.types) types.emplace_back(type.id);
      package.set("credential", Value::array(types));
      if (security_.optional) package.set("credential_optional", true);
    }
    package.set("errors",
                Value::object({{"message", Value::array({"error.message", "message", "detail",
                                                         "error_description", "title", "error",
                                                         "err", "errors[0].message"})},
                               {"code", Value::array({"error.code", "code", "ECODE"})}}));
    return package.value();
  }

  void note_the_rest() {
    for (const auto& webhook : document_.root()["webhooks"].view().members()) {
      notes_.add("The webhook '" + std::string(webhook.first) +
                 "' was left out: a trigger can be declared for it by hand.");
    }
    for (const Tagged& one : imported_) {
      for (const char* part : {"callbacks", "servers"}) {
        if (one.call.operation[part].size() > 0 || one.call.item[part].size() > 0) {
          notes_.add("The '" + std::string(part) + "' of " + one.call.name() + " were left out.");
        }
      }
    }
  }

  void add_file(const std::string& name, const Value& content) {
    result_.files.emplace_back(name, workflow::to_yaml(content));
  }

  std::string name_;
  Notes notes_;
  Document document_;
  const std::vector<std::string>& only_;
  std::vector<Tagged> calls_;
  std::vector<Tagged> imported_;
  std::string base_url_;
  Security security_;
  UniqueNames file_names_ = [] {
    UniqueNames names;
    names.take("package");
    return names;
  }();
  ImportedPackage result_;
};

}  // namespace

ImportedPackage import_document(const std::string& name, const Value& document,
                                const std::vector<std::string>& only) {
  return Importer(name, document, only).run();
}

Value read_document(const std::string& text, const std::string& file) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first != std::string::npos && text[first] == '{') {
    return parse_json(std::string_view(text).substr(first), file);
  }
  Located content;
  Diagnostics diagnostics;
  workflow::YamlLimits limits;
  limits.bytes = 64U << 20U;
  if (workflow::read_yaml(text, file, content, diagnostics, limits)) return to_value(content);
  const auto faults = diagnostics.sorted();
  throw Error(ErrorCause::user, "bad_openapi",
              faults.empty() ? "'" + file + "' cannot be read." : to_string(faults.front()));
}

}  // namespace engine::plugin::openapi
