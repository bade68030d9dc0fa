#include "core/flow_test/report.h"

#include <cstdio>

#include "core/value/json.h"

namespace engine::flow_test {
namespace {

std::string seconds(Milliseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(time.count()) / 1000.0);
  return text;
}

Value as_json(const Difference& difference) {
  ValueBuilder builder;
  builder.begin_object();
  const auto member = [&](const char* key, const Value& value) {
    builder.key(key);
    builder.value(value);
  };
  member("file", difference.position.file);
  member("line", difference.position.line);
  member("column", difference.position.column);
  member("code", difference.code);
  if (!difference.what.empty()) {
    member("what", difference.what);
    member("expected", difference.expected);
    member("given", difference.given);
  }
  member("message", difference.message);
  builder.end_object();
  return builder.finish();
}

Value as_json(const CaseReport& report) {
  std::vector<Value> differences;
  for (const Difference& difference : report.differences) {
    differences.push_back(as_json(difference));
  }
  return Value::object({{"name", report.name},
                        {"line", report.position.line},
                        {"passed", report.differences.empty()},
                        {"updated", report.updated},
                        {"took_ms", static_cast<std::int64_t>(report.took.count())},
                        {"differences", Value::array(differences)}});
}

Value as_json(const Diagnostic& fault) {
  return Value::object({{"file", fault.position.file},
                        {"line", fault.position.line},
                        {"column", fault.position.column},
                        {"code", fault.code},
                        {"message", fault.message}});
}

Value as_json(const FileReport& report) {
  std::vector<Value> faults;
  for (const Diagnostic& fault : report.faults) faults.push_back(as_json(fault));
  std::vector<Value> cases;
  for (const CaseReport& each : report.cases) cases.push_back(as_json(each));
  return Value::object({{"file", report.file},
                        {"workflow", report.workflow},
                        {"valid", report.faults.empty()},
                        {"faults", Value::array(faults)},
                        {"cases", Value::array(cases)}});
}

// Text of XML 1.0, which has no way to write most control characters.
std::string xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\n': result += "&#10;"; break;
      default: result += byte < 0x20 && c != '\t' ? '?' : c;
    }
  }
  return result;
}

std::string place_and_message(const Position& position, const std::string& message) {
  return to_string(position) + ": " + message;
}

std::string junit_case(const FileReport& file, const CaseReport& report) {
  std::string text = "    <testcase classname=\"" + xml(file.file) + "\" name=\"" +
                     xml(report.name) + "\" file=\"" + xml(report.position.file) + "\" line=\"" +
                     std::to_string(report.position.line) + "\" time=\"" + seconds(report.took) +
                     "\"";
  if (report.differences.empty()) return text + "/>\n";
  std::string all;
  for (const Difference& difference : report.differences) {
    all += place_and_message(difference.position, difference.message) + "\n";
  }
  return text + ">\n      <failure message=\"" + xml(report.differences.front().message) + "\">" +
         xml(all) + "</failure>\n    </testcase>\n";
}

std::string junit_suite(const FileReport& file) {
  const Counts counts = count({file});
  Milliseconds took{};
  std::string cases;
  for (const CaseReport& report : file.cases) {
    took += report.took;
    cases += junit_case(file, report);
  }
  if (!file.faults.empty()) {
    std::string all;
    for (const Diagnostic& fault : file.faults) all += to_string(fault) + "\n";
    cases += "    <testcase classname=\"" + xml(file.file) +
             "\" name=\"the file is valid\">\n      <error message=\"" +
             xml(file.faults.front().message) + "\">" + xml(all) + "</error>\n    </testcase>\n";
  }
  return "  <testsuite name=\"" + xml(file.file) + "\" tests=\"" +
         std::to_string(counts.passed + counts.failed + counts.invalid) + "\" failures=\"" +
         std::to_string(counts.failed) + "\" errors=\"" + std::to_string(counts.invalid) +
         "\" time=\"" + seconds(took) + "\">\n" + cases + "  </testsuite>\n";
}

}  // namespace

Counts count(const std::vector<FileReport>& files) {
  Counts counts;
  for (const FileReport& file : files) {
    if (!file.faults.empty()) ++counts.invalid;
    for (const CaseReport& report : file.cases) {
      ++(report.differences.empty() ? counts.passed : counts.failed);
      if (report.updated) ++counts.updated;
    }
  }
  return counts;
}

std::string text_report(const std::vector<FileReport>& files) {
  std::string text;
  for (const FileReport& file : files) {
    for (const CaseReport& report : file.cases) {
      const char* verdict = !report.differences.empty() ? "FAILED   "
                            : report.updated            ? "updated  "
                                                        : "ok       ";
      text += verdict + file.file + ": " + report.name + "\n";
      for (const Difference& difference : report.differences) {
        text += "    " + place_and_message(difference.position, difference.message) + "\n";
      }
    }
  }
  const Counts counts = count(files);
  text += std::to_string(counts.passed) + " passed, " + std::to_string(counts.failed) + " failed";
  if (counts.updated > 0) text += ", " + std::to_string(counts.updated) + " of them updated";
  if (counts.invalid > 0) {
    text += ", " + std::to_string(counts.invalid) +
            (counts.invalid == 1 ? " file is invalid" : " files are invalid");
  }
  return text + "\n";
}

std::string json_report(const std::vector<FileReport>& files) {
  const Counts counts = count(files);
  std::vector<Value> values;
  for (const FileReport& file : files) values.push_back(as_json(file));
  return print_json_pretty(Value::object({{"passed", static_cast<std::int64_t>(counts.passed)},
                                          {"failed", static_cast<std::int64_t>(counts.failed)},
                                          {"updated", static_cast<std::int64_t>(counts.updated)},
                                          {"files", Value::array(values)}})) +
         "\n";
}

std::string junit_report(const std::vector<FileReport>& files) {
  const Counts counts = count(files);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"" +
                     std::to_string(counts.passed + counts.failed + counts.invalid) +
                     "\" failures=\"" + std::to_string(counts.failed) + "\" errors=\"" +
                     std::to_string(counts.invalid) + "\">\n";
  for (const FileReport& file : files) text += junit_suite(file);
  return text + "</testsuites>\n";
}

}  // namespace engine::flow_test
