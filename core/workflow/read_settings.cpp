#include <filesystem>

#include "core/base/nearest.h"
#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

// By the time zone database of the system; without one every well-formed name is taken.
bool known_timezone(const std::string& name) {
  const bool well_formed =
      !name.empty() && name[0] != '/' && name.find("..") == std::string::npos &&
      name.find_first_not_of(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
          std::string::npos;
  if (!well_formed) return false;
  const std::filesystem::path folder = "/usr/share/zoneinfo";
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return true;
  return std::filesystem::is_regular_file(folder / name, ignored);
}

void read_timezone(const Located& source, Checks& checks, Settings& settings) {
  const Located* timezone = source.find("timezone");
  if (timezone == nullptr || timezone->kind != Kind::string) return;
  settings.timezone = text_of(timezone);
  if (known_timezone(settings.timezone)) return;
  checks.fault(timezone->position(checks.file), "unknown_timezone",
               "There is no time zone '" + settings.timezone +
                   "'. Expected an IANA name such as UTC, Europe/Berlin or America/New_York.");
}

std::optional<std::size_t> size_of(const Located* value) {
  const auto number = integer_of(value);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

void read_concurrency(const Located& source, Checks& checks, Settings& settings) {
  settings.concurrency_limit = size_of(source.find("limit"));
  if (const Located* key = source.find("key")) {
    settings.concurrency_key = expression::Template::compile(
        *key, checks.file, "settings.concurrency.key", checks.diagnostics);
    for (const expression::Reference& reference : settings.concurrency_key.references()) {
      checks.fault(reference.position, "not_upstream",
                   "'settings.concurrency.key' is evaluated before any node runs, so it cannot "
                   "read from '" +
                       reference.node + "'. It sees the first item as $json.");
    }
  }
  const std::string full = text_of(source.find("when_full"));
  if (full == "skip") settings.when_full = WhenFull::skip;
  if (full == "cancel_oldest") settings.when_full = WhenFull::cancel_oldest;
}

void read_error_workflow(const Located* source, Checks& checks, Settings& settings) {
  settings.error_workflow = text_of(source);
  if (settings.error_workflow.empty() || !checks.context.missing_workflow) return;
  const std::string why = checks.context.missing_workflow(settings.error_workflow, checks.file);
  if (!why.empty()) checks.fault(source->position(checks.file), "unknown_workflow", why);
}

}  // namespace

void read_settings(const Located& source, Checks& checks, Settings& settings) {
  read_timezone(source, checks, settings);
  settings.timeout = duration_of(source.find("timeout"));
  settings.expression_timeout =
      duration_of(source.find("expression_timeout")).value_or(settings.expression_timeout);
  settings.sequential = text_of(source.find("order")) == "sequential";
  const std::string durability = text_of(source.find("durability"));
  if (durability == "execution") settings.durability = Durability::execution;
  if (durability == "none") settings.durability = Durability::none;
  if (text_of(source.find("on_crash")) == "fail") settings.on_crash = OnCrash::fail;
  read_error_workflow(source.find("error_workflow"), checks, settings);
  if (const Located* env = source.find("env")) {
    for (const Located& name : env->elements) settings.env.push_back(text_of(&name));
  }
  if (const Located* concurrency = source.find("concurrency")) {
    read_concurrency(*concurrency, checks, settings);
  }
  if (const Located* keep = source.find("keep")) {
    settings.keep_success = duration_of(keep->find("success"));
    settings.keep_error = duration_of(keep->find("error"));
    settings.keep_max = size_of(keep->find("max"));
  }
}

}  // namespace engine::workflow
