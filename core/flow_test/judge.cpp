#include "core/flow_test/judge.h"

#include <algorithm>

#include "core/flow_test/reading.h"
#include "core/flow_test/value_range.h"
#include "core/value/json.h"

namespace engine::flow_test {
namespace {

// As a test file has it: the json of an item, or the whole item when there is binary data.
Value as_value(const Item& item) {
  if (item.binary.missing()) return item.json;
  return Value::object({{"json", item.json}, {"binary", item.binary}});
}

Value only(const Value& whole, const std::vector<Path>& fields) {
  if (fields.empty()) return whole;
  Value result = Value::object();
  for (const Path& field : fields) {
    const View part = at_path(whole, field);
    if (!part.missing()) result = with_path(result, field, whole.share(part));
  }
  return result;
}

Value as_value(const Items& items, const std::vector<Path>& fields) {
  std::vector<Value> values;
  values.reserve(items.size());
  for (const Item& item : items) values.push_back(only(as_value(item), fields));
  return Value::array(values);
}

Value error_value(const Error& error, const ExpectedError* like) {
  const bool all = like == nullptr || like->slot.open();
  const auto wanted = [&](const std::string& part) { return all || !part.empty(); };
  ValueBuilder builder;
  builder.begin_object();
  const auto member = [&](const char* name, std::string_view value) {
    builder.key(name);
    builder.string(value);
  };
  if (!error.where.node.empty() && (all || !like->node.empty())) member("node", error.where.node);
  if (!all && wanted(like->cause)) member("cause", to_string(error.cause()));
  if (all || wanted(like->code)) member("code", error.code());
  if (all || wanted(like->message)) member("message", error.message());
  builder.end_object();
  return builder.finish();
}

// cases, 0, expect, nodes, id, outputs, name
constexpr std::size_t kPathOfOutput = 7;

class Judge {
 public:
  Judge(const TestFile& file, const Case& test, const CaseOutcome& outcome)
      : file_(file), test_(test), expect_(test.expect), outcome_(outcome) {}

  Verdict take() {
    for (const Diagnostic& fault : outcome_.faults) {
      unsettled(statement(fault.position, fault.code, fault.message));
    }
    if (outcome_.status.empty() || outcome_.status == "stopped") return std::move(verdict_);
    status();
    if (expect_.error && outcome_.error) error(*expect_.error);
    if (expect_.result) items(*expect_.result, outcome_.result, "result");
    for (const ExpectedNode& node : expect_.nodes) this->node(node);
    if (expect_.not_run) not_run(*expect_.not_run);
    if (expect_.requests) requests(*expect_.requests);
    if (expect_.response) response(*expect_.response);
    for (const auto& [name, slot] : expect_.files) written(name, slot);
    if (!test_.expects) first_expectations();
    std::stable_sort(verdict_.differences.begin(), verdict_.differences.end(),
                     [](const Difference& a, const Difference& b) {
                       return std::pair(a.position.line, a.position.column) <
                              std::pair(b.position.line, b.position.column);
                     });
    return std::move(verdict_);
  }

 private:
  Position at(const Located& place) const { return place.position(file_.file); }
  Position at(const Slot& slot) const {
    return slot.open() ? slot.member->position(file_.file) : at(slot.value());
  }

  void unsettled(Difference difference) {
    verdict_.unsettled.push_back(difference);
    verdict_.differences.push_back(std::move(difference));
  }

  void settle(const Slot& slot, const Value& value) {
    verdict_.changes.push_back({slot.path, slot.member, nullptr, slot.flow, value});
  }

  void add_member(const std::string& key, const Value& value) {
    const Located* map = test_.source->find("expect");
    verdict_.changes.push_back({below(below(test_.path, "expect"), key), nullptr, map,
                                between_brackets(file_.text, *map), value});
  }

  // True when the place waits to be filled in.
  bool fill(const Slot& slot, const Value& value) {
    if (!slot.open()) return false;
    verdict_.differences.push_back(
        statement(at(slot), "not_written_yet",
                  "'" + slot.member->key +
                      "' is empty. Write what is expected, or let --update write what was given."));
    settle(slot, value);
    return true;
  }

  void compare_with(const Slot& slot, const Located& expected, const Value& given,
                    const std::string& what, const Value& settled) {
    const std::size_t before = verdict_.differences.size();
    compare(expected, given, what, file_.file, verdict_.differences);
    if (verdict_.differences.size() != before) settle(slot, settled);
  }

  // ---------------------------------------------------------------- how it ends

  void status() {
    const std::string expected = expect_.status && !expect_.status->open()
                                     ? text_of(&expect_.status->value())
                                     : (expect_.error ? "failed" : "success");
    if (expected == outcome_.status) return;
    const Position place = expect_.status  ? at(*expect_.status)
                           : expect_.error ? at(expect_.error->slot)
                                           : test_.position;
    std::string message = "expected " + expected + ", got " + outcome_.status;
    if (outcome_.error) message += ": " + describe(*outcome_.error);
    Difference difference{place,           "different",
                          "status",        expected,
                          outcome_.status, "status: " + message + (outcome_.error ? "" : ".")};
    if (expect_.error || !test_.expects) {
      // A key would have to go, or the first `expect` says it.
      if (expect_.error) return unsettled(std::move(difference));
      verdict_.differences.push_back(std::move(difference));
      return;
    }
    verdict_.differences.push_back(std::move(difference));
    if (expect_.status) {
      settle(*expect_.status, outcome_.status);
    } else {
      add_member("status", outcome_.status);
    }
    if (outcome_.error) add_member("error", error_value(*outcome_.error, nullptr));
  }

  void error(const ExpectedError& expected) {
    const Error& given = *outcome_.error;
    if (fill(expected.slot, error_value(given, nullptr))) return;
    bool differs = false;
    const auto part = [&](const char* key, const std::string& wanted, const std::string& got,
                          bool same) {
      if (wanted.empty() || same) return;
      differs = true;
      verdict_.differences.push_back(difference(at(*expected.slot.value().find(key)),
                                                std::string("error.") + key, Value(wanted),
                                                Value(got)));
    };
    const std::string cause(to_string(given.cause()));
    part("node", expected.node, given.where.node, expected.node == given.where.node);
    part("cause", expected.cause, cause, expected.cause == cause);
    part("code", expected.code, given.code(), expected.code == given.code());
    part("message", expected.message, given.message(),
         given.message().find(expected.message) != std::string::npos);
    if (differs) settle(expected.slot, error_value(given, &expected));
  }

  void first_expectations() {
    const Value content =
        outcome_.error ? Value::object({{"error", error_value(*outcome_.error, nullptr)}})
        : outcome_.status == "success" ? Value::object({{"result", as_value(outcome_.result, {})}})
                                       : Value::object({{"status", outcome_.status}});
    const auto& members = test_.source->members;
    const auto empty = std::find_if(members.begin(), members.end(),
                                    [](const auto& member) { return member.key == "expect"; });
    verdict_.changes.push_back({below(test_.path, "expect"),
                                empty == members.end() ? nullptr : &*empty, test_.source,
                                between_brackets(file_.text, *test_.source), content});
  }

  // ---------------------------------------------------------------- items

  void items(const ExpectedItems& expected, const Items& given, const std::string& what) {
    const Value value = as_value(given, expected.fields);
    const auto count = static_cast<std::int64_t>(given.size());
    const bool counts = expected.slot.member->key == "count";
    if (fill(expected.slot, counts ? Value(count) : value)) return;
    const Located& source = expected.slot.value();
    if (source.kind == Kind::array) return compare_with(expected.slot, source, value, what, value);
    const auto number = source.scalar.as_integer();
    if (number == count) return;
    const std::string wanted = std::to_string(number.value_or(0));
    verdict_.differences.push_back(
        {at(source), "different", what, wanted + " items", std::to_string(count) + " items",
         what + ": expected " + wanted + (number == 1 ? " item" : " items") + ", got " +
             std::to_string(count) + "."});
    settle(expected.slot, count);
  }

  void node(const ExpectedNode& expected) {
    const GivenNode& given = outcome_.nodes.at(expected.id);
    for (const auto& [index, list] : expected.outputs) {
      if (!given.ran) {
        unsettled(statement(list.slot.member->position(file_.file), "did_not_run",
                            "The node '" + expected.id + "' did not run."));
        return;
      }
      const bool named = list.slot.path.size() == kPathOfOutput;
      const std::string what = expected.id + (named ? "." + list.slot.member->key : "");
      items(list, index < given.outputs.size() ? given.outputs[index] : Items{}, what);
    }
  }

  void not_run(const Slot& slot) {
    std::vector<Value> rest;
    bool differs = false;
    for (const Located& id : slot.value().elements) {
      const std::string name = text_of(&id);
      if (!outcome_.nodes.at(name).ran) {
        rest.emplace_back(name);
        continue;
      }
      differs = true;
      verdict_.differences.push_back(
          statement(at(id), "did_run", "The node '" + name + "' must not run, and ran."));
    }
    if (slot.open()) {
      for (const workflow::WorkflowNode* each : file_.workflow->by_ordinal) {
        if (!outcome_.nodes.at(each->id).ran) rest.emplace_back(each->id);
      }
    }
    if (!fill(slot, Value::array(rest)) && differs) settle(slot, Value::array(rest));
  }

  // ---------------------------------------------------------------- what it does outside

  void requests(const Slot& slot) {
    std::vector<Value> all;
    for (const SeenRequest& request : outcome_.requests) {
      all.push_back(flow_test::as_value(request));
    }
    if (fill(slot, Value::array(all))) return;
    const std::size_t before = verdict_.differences.size();
    std::vector<bool> taken(outcome_.requests.size());
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < expect_.wanted_requests.size(); ++i) {
      const std::size_t found = find(expect_.wanted_requests[i], taken);
      if (found == taken.size()) {
        missing.push_back(i);
      } else {
        taken[found] = true;
      }
    }
    for (const std::size_t i : missing) request_missing(i, taken);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (taken[i]) continue;
      verdict_.differences.push_back(
          statement(at(slot), "unexpected_request",
                    "requests: not expected, and made: " + outcome_.requests[i].line() + "."));
    }
    if (verdict_.differences.size() != before) settle(slot, Value::array(all));
  }

  std::size_t find(const RequestPattern& wanted, const std::vector<bool>& taken) const {
    std::size_t i = 0;
    while (i < taken.size() && (taken[i] || !matches(wanted, outcome_.requests[i], Body::whole))) {
      ++i;
    }
    return i;
  }

  // The one that is most like it, if there is one, is what it became.
  void request_missing(std::size_t index, std::vector<bool>& taken) {
    const RequestPattern& wanted = expect_.wanted_requests[index];
    const std::string what = "requests[" + std::to_string(index) + "]";
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const SeenRequest& made = outcome_.requests[i];
      if (taken[i] || made.method != wanted.method || !fits(wanted.url, made.url)) continue;
      taken[i] = true;
      return request_differs(wanted, made, what);
    }
    verdict_.differences.push_back(
        statement(wanted.position, "request_not_made",
                  what + ": " + wanted.method + " " + wanted.url + " was not made."));
  }

  void request_differs(const RequestPattern& wanted, const SeenRequest& made,
                       const std::string& what) {
    const std::size_t before = verdict_.differences.size();
    if (wanted.json != nullptr) {
      compare(*wanted.json, made.json, what + ".json", file_.file, verdict_.differences);
    }
    const auto parts = [&](const Pairs& expected, const Pairs& given, const std::string& name) {
      for (const auto& pair : expected) {
        const auto found = std::find_if(given.begin(), given.end(), [&](const auto& other) {
          return other.first == pair.first;
        });
        const Value got = found == given.end() ? Value() : Value(found->second);
        const Value value(pair.second);
        if (got.view() == value.view()) continue;
        verdict_.differences.push_back(
            difference(wanted.position, what + name + pair.first, value, got));
      }
    };
    parts(wanted.query, made.query, ".query.");
    parts(wanted.headers, made.headers, ".headers.");
    if (wanted.form) parts(*wanted.form, made.form.value_or(Pairs{}), ".form.");
    if (wanted.text && wanted.text != made.text) {
      verdict_.differences.push_back(difference(wanted.position, what + ".text",
                                                Value(*wanted.text),
                                                made.text ? Value(*made.text) : Value()));
    }
    if (verdict_.differences.size() != before) return;
    verdict_.differences.push_back(statement(
        wanted.position, "different", what + ": another request was made: " + made.line() + "."));
  }

  void response(const Slot& slot) {
    if (!outcome_.response) {
      return unsettled(statement(slot.member->position(file_.file), "no_response",
                                 "No node answered the request that started the workflow."));
    }
    const http::ServerResponse& given = *outcome_.response;
    const Value all = response_value(given, slot.open() ? nullptr : &slot.value());
    if (fill(slot, all)) return;
    compare_with(slot, slot.value(), all, "response", all);
  }

  static Value response_value(const http::ServerResponse& given, const Located* like) {
    const auto type = given.headers.find("Content-Type").value_or("");
    const bool json = like == nullptr || like->find("text") == nullptr
                          ? type.find("json") != std::string_view::npos
                          : false;
    ValueBuilder builder;
    builder.begin_object();
    const auto wanted = [&](const char* key) {
      return like == nullptr || like->find(key) != nullptr;
    };
    if (wanted("status")) {
      builder.key("status");
      builder.integer(given.status);
    }
    if (like != nullptr && like->find("headers") != nullptr) {
      builder.key("headers");
      builder.begin_object();
      for (const LocatedMember& header : like->find("headers")->members) {
        const auto value = given.headers.find(header.key);
        if (!value) continue;
        builder.key(header.key);
        builder.string(*value);
      }
      builder.end_object();
    }
    if (json && wanted("json")) {
      builder.key("json");
      builder.value(parse_json(given.body, "the answer of the workflow"));
    } else if (!json && wanted("text") && (like != nullptr || !given.body.empty())) {
      builder.key("text");
      builder.string(given.body);
    }
    builder.end_object();
    return builder.finish();
  }

  // CSV files end their lines with two characters, and YAML cannot show the first of them.
  static std::string with_line_feeds(std::string text) {
    for (std::size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) {
      text.erase(at, 1);
    }
    return text;
  }

  void written(const std::string& name, const Slot& slot) {
    const auto found = outcome_.files.find(name);
    if (found == outcome_.files.end()) {
      std::string others;
      for (const auto& [other, content] : outcome_.files) {
        others += (others.empty() ? " Written were: " : ", ") + other;
      }
      return unsettled(statement(slot.member->position(file_.file), "file_not_written",
                                 "The file '" + name + "' was not written." + others));
    }
    const std::string given = with_line_feeds(found->second);
    if (fill(slot, given)) return;
    const std::string expected = with_line_feeds(text_of(&slot.value()));
    if (expected == given) return;
    verdict_.differences.push_back(
        difference(at(slot.value()), "files." + name, Value(expected), Value(given)));
    settle(slot, given);
  }

  const TestFile& file_;
  const Case& test_;
  const Expectations& expect_;
  const CaseOutcome& outcome_;
  Verdict verdict_;
};

}  // namespace

Verdict judge(const TestFile& file, const Case& test, const CaseOutcome& outcome) {
  return Judge(file, test, outcome).take();
}

}  // namespace engine::flow_test
