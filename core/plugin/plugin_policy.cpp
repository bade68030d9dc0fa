#include "core/plugin/plugin_policy.h"

#include <algorithm>

#include "core/base/size.h"
#include "core/plugin/trusted_file.h"
#include "core/rest/source_reader.h"
#include "core/workflow/yaml.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kLargestFile = 1U << 20U;

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

void read_limits(rest::SourceReader& reader, const Located& at, ApartLimits& limits) {
  if (at.find("memory") != nullptr) {
    const auto size = parse_size(reader.text(at, "memory"));
    if (size && *size > 0) {
      limits.memory_bytes = *size;
    } else {
      reader.fault(at, "'memory' is a size such as 512MiB or 2GiB.");
    }
  }
  if (at.find("time") != nullptr) {
    const auto time = parse_duration(reader.text(at, "time"));
    if (!time || *time <= Milliseconds(0)) reader.fault(at, "'time' is a duration such as 30s.");
    limits.time = time.value_or(limits.time);
  }
}

PluginPolicy read_package(rest::SourceReader& reader, const Located& at, PluginPolicy policy) {
  if (!reader.check_keys(at, "A package", {"sha256", "isolation", "memory", "time"})) {
    return policy;
  }
  policy.sha256 = reader.text(at, "sha256");
  if (!policy.sha256.empty() && !is_sha256(policy.sha256)) {
    reader.fault(at, "'sha256' has 64 hexadecimal digits, as 'sha256sum' prints them.");
  }
  for (char& c : policy.sha256) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
  }
  policy.apart = policy.sha256.empty();
  const std::string isolation = reader.text(at, "isolation");
  if (!isolation.empty()) {
    reader.one_of(at, isolation, "The isolation", {"process", "none"});
    policy.apart = isolation != "none";
  }
  read_limits(reader, at, policy.limits);
  return policy;
}

}  // namespace

std::filesystem::path policy_folder(const std::filesystem::path& package) {
  auto folder = std::filesystem::absolute(package).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();  // "acme/"
  return folder.parent_path();
}

PluginPolicy read_policy(const std::filesystem::path& folder, const std::string& package,
                         Diagnostics& diagnostics) {
  PluginPolicy policy;
  const std::filesystem::path file = folder / "plugins.yaml";
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown)) return policy;
  // Who may change the folder may put another file there.
  require_trusted(folder.empty() ? "." : folder);
  Located document;
  if (!workflow::read_yaml(read_trusted(file, kLargestFile), file.string(), document,
                           diagnostics)) {
    return policy;
  }
  rest::SourceReader reader(file.string(), diagnostics);
  if (!reader.check_keys(document, "plugins.yaml", {"limits", "packages"})) return policy;
  if (const Located* limits = document.find("limits")) {
    if (reader.check_keys(*limits, "'limits'", {"memory", "time"})) {
      read_limits(reader, *limits, policy.limits);
    }
  }
  const Located* packages = document.find("packages");
  const Located* own = packages == nullptr ? nullptr : packages->find(package);
  return own == nullptr ? policy : read_package(reader, *own, policy);
}

std::vector<std::pair<std::string, Position>> packages_of_policy(
    const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, Position>> names;
  const std::filesystem::path file = folder / "plugins.yaml";
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown)) return names;
  try {
    Located document;
    Diagnostics faults;
    workflow::read_yaml(read_trusted(file, kLargestFile), file.string(), document, faults);
    const Located* packages = document.find("packages");
    if (packages == nullptr) return names;
    for (const auto& member : packages->members) {
      names.emplace_back(member.key, member.position(file.string()));
    }
  } catch (const Error&) {
    names.clear();  // told by the packages that it is for
  }
  return names;
}

}  // namespace engine::plugin
