#include "core/rest/credential_reader.h"

#include <map>

#include "core/base/error.h"
#include "core/rest/base_url.h"
#include "core/rest/oauth2_reader.h"
#include "core/rest/parameter_reader.h"
#include "core/rest/path_template.h"
#include "core/rest/selector.h"
#include "core/rest/signing.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

// One part of what a good test says: the values found at the first selector that finds any.
struct SummaryPart {
  std::vector<Selector> at;
  std::string before;
};

struct TestCall {
  std::string method;
  std::string path;
};

Value cleaned(const Value& value, const std::string& how) {
  std::string_view text = value.as_string();
  if (how == "token") return Value(clean_token(text));
  while (text.ends_with('/') && !text.ends_with("://")) text.remove_suffix(1);
  return Value(text);
}

// The declaration, kept by the functions of the CredentialType.
struct DeclaredCredential {
  std::vector<Parameter> fields;
  std::map<std::string, std::string, std::less<>> clean;  // field, how
  std::vector<SignStep> steps;
  std::vector<std::string> hosts;
  std::string base;  // the field that holds the address tests go to
  std::vector<SummaryPart> summary;

  Value complete(const Value& given) const {
    Value result = given.is_object() ? given : Value::object();
    for (const Parameter& field : fields) {
      Value value = result[field.name];
      if (value.missing()) value = field.default_value;
      if (value.missing()) continue;
      const auto how = clean.find(field.name);
      if (how != clean.end() && value.is_string()) value = cleaned(value, how->second);
      result = with_path(result, {field.name}, value);
    }
    return result;
  }
};

std::string found_host(View value) {
  std::string text = to_text(value);
  if (text.find("://") == std::string::npos) return text;
  return host_of(checked_base_url(text));
}

std::vector<std::string> hosts_of(const DeclaredCredential& declared, const Value& given) {
  const Value fields = declared.complete(given);
  std::vector<std::string> hosts;
  for (const std::string& text : declared.hosts) {
    const Value filled =
        fill_values(Value(text), [&](std::string_view name) { return fields[name]; });
    if (filled.is_array()) {
      for (const View element : filled.elements()) hosts.push_back(found_host(element));
    } else if (filled.given()) {
      hosts.push_back(found_host(filled));
    }
  }
  return hosts;
}

http::Request test_request(const DeclaredCredential& declared, const TestCall& call,
                           const Value& given) {
  const Value fields = declared.complete(given);
  http::Request request;
  request.method = call.method;
  request.url = checked_base_url(fields[declared.base].as_string()) + call.path;
  request.headers.set("Accept", "application/json");
  return request;
}

std::string summary_of(const DeclaredCredential& declared, const http::Response& response) {
  Value answer;
  try {
    answer = parse_json(response.body);
  } catch (const Error&) {
    return "";  // a good status with an unreadable body is still a good test
  }
  std::string result;
  for (const SummaryPart& part : declared.summary) {
    for (const Selector& selector : part.at) {
      std::string names;
      for (const Value& value : select(answer, selector)) {
        names += (names.empty() ? "" : ", ") + to_text(value);
      }
      if (names.empty()) continue;
      result += (result.empty() ? "" : ", ") + part.before + names;
      break;
    }
  }
  return result;
}

std::string account_of(const Path& path, const http::Response& response) {
  try {
    return to_text(at_path(parse_json(response.body), path));
  } catch (const Error&) {
    return "";
  }
}

SignStep read_step(SourceReader& reader, const Located& at) {
  SignStep step;
  reader.check_keys(at, "A way to sign", key_names("sign_step"));
  step.when = reader.value_map(at, "when");
  const std::vector<std::pair<std::string, SignStep::Kind>> kinds{
      {"header", SignStep::Kind::header},
      {"query", SignStep::Kind::query},
      {"basic", SignStep::Kind::basic}};
  int found = 0;
  for (const auto& [key, kind] : kinds) {
    const Located* part = at.find(key);
    if (part == nullptr) continue;
    ++found;
    const bool basic = kind == SignStep::Kind::basic;
    const std::string first = basic ? "user" : "name";
    const std::string second = basic ? "password" : "value";
    reader.check_keys(*part, "'" + key + "'", {first, second});
    step.kind = kind;
    step.name = reader.required_text(*part, first, "'" + key + "'");
    step.value = reader.required_text(*part, second, "'" + key + "'");
  }
  if (found != 1) reader.fault(at, "A way to sign is one of 'header', 'query' or 'basic'.");
  return step;
}

void read_fields(SourceReader& reader, const Located& source, DeclaredCredential& declared) {
  const Located* fields = source.find("fields");
  if (fields == nullptr) {
    reader.fault(source, "A credential type needs 'fields'.");
    return;
  }
  for (const LocatedMember& member : fields->members) {
    Parameter field = read_parameter(reader, member.key, member.value, key_names("field_only"));
    field.secret = reader.boolean(member.value, "secret", true);
    const std::string how = reader.text(member.value, "clean");
    if (!how.empty()) {
      reader.one_of(member.value, how, "The cleaning", words_of("field_only", "clean"));
      declared.clean[member.key] = how;
    }
    declared.fields.push_back(std::move(field));
  }
}

TestCall read_call(SourceReader& reader, const Located& test, std::string_view key) {
  const std::string line = reader.text(test, key);
  const std::size_t space = line.find(' ');
  if (space == std::string::npos || line.substr(space + 1, 1) != "/") {
    reader.fault(test, "A test is a method and a path, as in 'GET /v2/user'.");
    return {};
  }
  return {line.substr(0, space), line.substr(space + 1)};
}

void read_summary(SourceReader& reader, const Located& test, DeclaredCredential& declared) {
  const Located* summary = test.find("summary");
  if (summary == nullptr) return;
  for (const Located& at : summary->elements) {
    reader.check_keys(at, "A part of the summary", key_names("summary_part"));
    SummaryPart part;
    part.before = reader.text(at, "before");
    part.at = reader.selectors(at, "at");
    declared.summary.push_back(std::move(part));
  }
}

void read_test(SourceReader& reader, const Located& test,
               const std::shared_ptr<DeclaredCredential>& declared, CredentialType& type) {
  reader.check_keys(test, "'test'", key_names("credential_test"));
  declared->base = reader.required_text(test, "base", "'test'");
  const TestCall call = read_call(reader, test, "call");
  type.test = [declared, call](const Value& fields) {
    return test_request(*declared, call, fields);
  };
  read_summary(reader, test, *declared);
  if (!declared->summary.empty()) {
    type.test_summary = [declared](const http::Response& response) {
      return summary_of(*declared, response);
    };
  }
  if (const auto path = reader.path(test, "account")) {
    type.test_account = [path = *path](const http::Response& response) {
      return account_of(path, response);
    };
  }
  if (test.find("details") == nullptr) return;
  const TestCall details = read_call(reader, test, "details");
  type.test_details = [declared, details](const Value& fields) {
    return test_request(*declared, details, fields);
  };
}

}  // namespace

CredentialType read_credential_type(const Located& source, const std::string& file,
                                    Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  CredentialType type;
  const auto declared = std::make_shared<DeclaredCredential>();
  if (!reader.check_keys(source, "A credential type", key_names("credential"))) {
    return type;
  }
  type.id = reader.required_text(source, "credential", "A credential type");
  type.title = reader.text(source, "title", type.id);
  type.text = reader.text(source, "text");
  read_fields(reader, source, *declared);
  type.fields = declared->fields;
  if (const Located* steps = source.find("sign")) {
    for (const Located& at : steps->elements) declared->steps.push_back(read_step(reader, at));
  }
  // A secret that requests are checked with, and none is signed.
  const Located* how = source.find("sign");
  const bool never = how != nullptr && how->scalar.as_string() == "none";
  if (declared->steps.empty() && !never) {
    reader.fault(source, "A credential type needs 'sign', a list, or 'none'.");
  }
  type.sign = [declared](const Value& fields, http::Request& request) {
    sign(declared->steps, declared->complete(fields), request);
  };
  declared->hosts = reader.texts(source, "hosts");
  type.hosts = [declared](const Value& fields) { return hosts_of(*declared, fields); };
  if (const Located* test = source.find("test")) read_test(reader, *test, declared, type);
  if (const Located* oauth2 = source.find("oauth2")) {
    read_oauth2(
        reader, *oauth2, [declared](const Value& fields) { return declared->complete(fields); },
        type);
  }
  return type;
}

}  // namespace engine::rest
