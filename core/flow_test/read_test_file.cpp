#include <algorithm>
#include <filesystem>
#include <set>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/flow_test/keys.h"
#include "core/flow_test/reading.h"
#include "core/workflow/start.h"
#include "core/workflow/yaml.h"

namespace engine::flow_test {
namespace {

constexpr std::string_view kEnding = ".test.yaml";
constexpr const char* kFirstTime = "2026-01-01T00:00:00Z";
constexpr Milliseconds kTimeout{30'000};

TimePoint read_clock(const Reading& reading, const Located* source, TimePoint otherwise) {
  if (source == nullptr) return otherwise;
  if (const auto time = parse_time(text_of(source))) return *time;
  reading.fault(*source, "bad_time",
                "'" + text_of(source) +
                    "' is not a point in time. Write ISO 8601 with a zone, like "
                    "2026-11-26T09:00:00Z.");
  return otherwise;
}

std::string hint(std::string_view key) {
  if (key == "tests") return " Write the cases as a list under 'cases:'.";
  if (key == "name" || key == "items" || key == "expect" || key == "pins" || key == "http") {
    return " It belongs to a case: write the cases as a list under 'cases:', each beginning with "
           "'- name:'.";
  }
  return "";
}

class CaseReader {
 public:
  CaseReader(const Reading& reading, const Located& source, Path path)
      : reading_(reading), source_(source) {
    case_.source = &source;
    case_.path = std::move(path);
    case_.position = source.position(reading.file);
  }

  Case read(TimePoint clock) {
    case_.name = text_of(source_.find("name"));
    read_start();
    case_.clock = read_clock(reading_, source_.find("clock"), clock);
    read_world();
    if (const Located* pins = source_.find("pins")) read_pins(*pins);
    if (const Located* http = source_.find("http")) {
      case_.exchanges = read_exchanges(reading_, *http);
    }
    if (const Located* resume = source_.find("resume")) {
      for (const Located& call : resume->elements) case_.resume.push_back(to_value(call));
    }
    if (const Located* expect = source_.find("expect");
        expect != nullptr && expect->kind == Kind::object) {
      case_.expects = true;
      case_.expect = read_expectations(reading_, *expect, below(case_.path, "expect"));
    }
    return std::move(case_);
  }

 private:
  void read_start() {
    const Located* trigger = source_.find("trigger");
    if (reading_.workflow != nullptr) {
      try {
        case_.trigger = workflow::choose_trigger(*reading_.workflow, text_of(trigger));
      } catch (const Error& error) {
        reading_.fault(*trigger, error.code(), error.message());
      }
    }
    const Located* items = source_.find("items");
    case_.items =
        items == nullptr ? Items{{Value::object(), {}, {}}} : read_items(reading_, *items);
  }

  void read_world() {
    if (const Located* env = source_.find("env")) {
      for (auto& [name, value] : read_pairs(*env)) case_.environment.emplace(name, value);
    }
    const Located* vars = source_.find("vars");
    case_.variables = vars == nullptr ? Value::object() : to_value(*vars);
    if (const Located* files = source_.find("files")) read_files(*files);
    if (const Located* credentials = source_.find("credentials")) read_credentials(*credentials);
    case_.network = text_of(source_.find("network")) == "true";
    case_.timeout = parse_duration(text_of(source_.find("timeout"))).value_or(kTimeout);
  }

  void read_files(const Located& files) {
    for (const LocatedMember& member : files.members) {
      const std::filesystem::path name = std::filesystem::path(member.key).lexically_normal();
      if (name.empty() || name.is_absolute() || *name.begin() == ".." || !name.has_filename()) {
        reading_.fault(member.position(reading_.file), "bad_file_name",
                       "'" + member.key + "' is no name of a file in the folder of the case.");
        continue;
      }
      std::string& content = case_.files[name.string()];
      if (member.value.kind != Kind::object) {
        content = text_of(&member.value);
        continue;
      }
      check_parameters(file_source_keys(), &member.value, member.value.position(reading_.file),
                       reading_.file, "the file '" + member.key + "'", reading_.diagnostics);
      if (const Located* from = member.value.find("from")) content = read_beside(reading_, *from);
    }
  }

  void read_credentials(const Located& credentials) {
    std::vector<std::string> used;
    if (reading_.workflow == nullptr) return;
    for (const workflow::WorkflowNode* node : reading_.workflow->by_ordinal) {
      for (const auto& [slot, name] : node->credentials) used.push_back(name);
    }
    for (const LocatedMember& member : credentials.members) {
      if (std::find(used.begin(), used.end(), member.key) == used.end()) {
        reading_.fault(member.position(reading_.file), "unknown_credential",
                       "The workflow uses no credential '" + member.key + "'." +
                           did_you_mean(member.key, used));
      }
      case_.credentials.emplace(member.key, to_value(member.value));
    }
  }

  void read_pins(const Located& pins) {
    for (const LocatedMember& member : pins.members) {
      const Position place = member.position(reading_.file);
      const workflow::WorkflowNode* node = find_node(reading_, member.key, place);
      if (node == nullptr) continue;
      if (node->type->kind == NodeKind::trigger) {
        reading_.fault(place, "bad_pin",
                       "'" + member.key +
                           "' is a trigger. What a trigger gives stands in 'items' of the case.");
        continue;
      }
      std::vector<Items>& outputs = case_.pins[member.key];
      outputs.resize(std::max<std::size_t>(1, node->outputs.size()));
      if (member.value.kind == Kind::object) {
        for (const LocatedMember& output : member.value.members) {
          const std::size_t index =
              find_output(reading_, *node, output.key, output.position(reading_.file));
          outputs[index] = read_items(reading_, output.value);
        }
      } else if (has_main_output(*node)) {
        outputs[0] = read_items(reading_, member.value);
      } else {
        const std::vector<std::string> names = output_names(*node);
        reading_.fault(place, "bad_pin",
                       "The node '" + node->id + "' has the outputs " + list_names(names) +
                           ". Say which: " + node->id + ": { " + names.front() + ": [ … ] }.");
      }
    }
  }

  const Reading& reading_;
  const Located& source_;
  Case case_;
};

void check_names(const Reading& reading, const std::vector<Case>& cases) {
  std::set<std::string> names;
  for (const Case& each : cases) {
    if (names.insert(each.name).second || each.name.empty()) continue;
    reading.fault(*each.source->find("name"), "name_taken",
                  "There is a case '" + each.name + "' above. Give this one another name.");
  }
}

}  // namespace

bool is_test_file(const std::filesystem::path& file) {
  return file.filename().string().ends_with(kEnding);
}

std::filesystem::path workflow_beside(const std::filesystem::path& test_file) {
  const std::string name = test_file.filename().string();
  const std::string stem =
      is_test_file(test_file) ? name.substr(0, name.size() - kEnding.size()) : name;
  const std::filesystem::path usual = test_file.parent_path() / (stem + ".yaml");
  const std::filesystem::path other = test_file.parent_path() / (stem + ".yml");
  std::error_code ignored;
  return !std::filesystem::exists(usual, ignored) && std::filesystem::exists(other, ignored)
             ? other
             : usual;
}

std::filesystem::path tests_beside(const std::filesystem::path& workflow_file) {
  return workflow_file.parent_path() / (workflow_file.stem().string() + std::string(kEnding));
}

TestFile read_test_file(const std::string& text, const std::string& file, const Compile& compile,
                        Diagnostics& diagnostics) {
  TestFile result;
  result.file = file;
  result.text = text;
  result.root = std::make_unique<Located>();
  Located& root = *result.root;
  const bool whole = workflow::read_yaml(text, file, root, diagnostics);
  if (root.kind != Kind::object) {
    if (whole) {
      diagnostics.add(root.position(file), "bad_test_file",
                      "A test file is a map. Expected 'cases:' with a list of cases, each with "
                      "'name:' and 'expect:'.");
    }
    return result;
  }
  check_parameters(file_keys(), &root, root.position(file), file, "the test file", diagnostics,
                   hint);
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  const Located* workflow = root.find("workflow");
  result.workflow_file = workflow != nullptr && workflow->kind == Kind::string
                             ? (folder / text_of(workflow)).lexically_normal().string()
                             : workflow_beside(file).string();
  result.workflow = compile(result.workflow_file, diagnostics);
  const Reading reading{file, text, folder, diagnostics, result.workflow.get()};
  const TimePoint clock = read_clock(reading, root.find("clock"), *parse_time(kFirstTime));
  if (const Located* cases = root.find("cases")) {
    for (std::size_t i = 0; i < cases->elements.size(); ++i) {
      const Located& source = cases->elements[i];
      if (source.kind != Kind::object) continue;  // was reported
      const Path path{std::string("cases"), static_cast<std::int64_t>(i)};
      result.cases.push_back(CaseReader(reading, source, path).read(clock));
    }
  }
  check_names(reading, result.cases);
  return result;
}

}  // namespace engine::flow_test
