#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/flow_test/keys.h"
#include "core/flow_test/reading.h"
#include "core/value/json.h"

namespace engine::flow_test {
namespace {

constexpr const char* kForms =
    "Expected a line such as GET https://api.example.com/items?page=1, or a map with 'method', "
    "'url' and what else must be in the request ('query', 'headers', 'json', 'form', 'text').";

bool is_method(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isupper(c) != 0 || c == '-';
  });
}

void read_url(const Reading& reading, const std::string& text, const Located& place,
              RequestPattern& request) {
  try {
    request.url = without_query(http::parse_url(text).text(), request.query);
  } catch (const Error& error) {
    reading.fault(place, error.code(), error.message());
  }
}

void read_line(const Reading& reading, const Located& source, RequestPattern& request) {
  const std::string line = text_of(&source);
  const std::size_t blank = line.find(' ');
  if (blank == std::string::npos || !is_method(line.substr(0, blank))) {
    reading.fault(source, "bad_request", "This does not name a request. " + std::string(kForms));
    return;
  }
  request.method = line.substr(0, blank);
  read_url(reading, line.substr(blank + 1), source, request);
}

void read_map(const Reading& reading, const Located& source, RequestPattern& request) {
  check_parameters(request_keys(), &source, source.position(reading.file), reading.file,
                   "a request", reading.diagnostics);
  if (const Located* method = source.find("method")) {
    request.method = text_of(method);
    if (!is_method(request.method)) {
      reading.fault(*method, "bad_request",
                    "'" + request.method + "' is no method. Expected GET, POST, … in capitals.");
    }
  }
  if (const Located* query = source.find("query")) request.query = read_pairs(*query);
  if (const Located* url = source.find("url")) read_url(reading, text_of(url), *url, request);
  if (const Located* headers = source.find("headers")) request.headers = read_pairs(*headers);
  request.json = source.find("json");
  if (const Located* form = source.find("form")) request.form = read_pairs(*form);
  if (const Located* text = source.find("text")) request.text = text_of(text);
}

http::Response read_response(const Reading& reading, const Located& source) {
  http::Response response;
  response.status = 200;
  if (const Located* status = source.find("status")) {
    response.status = static_cast<int>(status->scalar.as_integer().value_or(200));
  }
  if (const Located* headers = source.find("headers")) {
    for (auto& [name, value] : read_pairs(*headers)) response.headers.add(name, value);
  }
  const auto type = [&](const char* name) {
    if (!response.headers.find("Content-Type")) response.headers.add("Content-Type", name);
  };
  if (const Located* json = source.find("json")) {
    response.body = print_json(to_value(*json));
    type("application/json");
  } else if (const Located* text = source.find("text")) {
    response.body = text_of(text);
    type("text/plain; charset=utf-8");
  } else if (const Located* file = source.find("file")) {
    response.body = read_beside(reading, *file);
  }
  return response;
}

std::optional<std::size_t> read_times(const Reading& reading, const Located& times) {
  if (text_of(&times) == "any") return std::nullopt;
  const auto number = times.scalar.as_integer();
  if (number && *number > 0) return static_cast<std::size_t>(*number);
  reading.fault(times, "bad_parameter",
                "'times' says how many requests the answer is for: expected a whole number of at "
                "least 1, or any.");
  return 1;
}

void check_one_answer(const Reading& reading, const Located& source) {
  const bool fails = source.find("fails") != nullptr;
  const Located* response = source.find("response");
  if (fails == (response != nullptr)) {
    reading.fault(source, "bad_exchange",
                  fails ? "The exchange has both 'response' and 'fails'. Keep one of them."
                        : "The exchange has no answer. Add 'response', for example response: "
                          "{ json: { id: 1 } }, or 'fails'.");
  }
  if (response == nullptr) return;
  const auto bodies =
      std::count_if(response->members.begin(), response->members.end(), [](const auto& member) {
        return member.key == "json" || member.key == "text" || member.key == "file";
      });
  if (bodies > 1) {
    reading.fault(*response, "bad_exchange",
                  "The response has several bodies. Keep one of 'json', 'text' and 'file'.");
  }
}

}  // namespace

RequestPattern read_request(const Reading& reading, const Located& source) {
  RequestPattern request;
  request.position = source.position(reading.file);
  if (source.kind == Kind::object) {
    read_map(reading, source, request);
  } else if (source.kind == Kind::string) {
    read_line(reading, source, request);
  } else {
    reading.fault(source, "bad_request", "This does not name a request. " + std::string(kForms));
  }
  return request;
}

std::vector<Exchange> read_exchanges(const Reading& reading, const Located& list) {
  std::vector<Exchange> exchanges;
  for (const Located& source : list.elements) {
    if (source.kind != Kind::object) continue;  // was reported
    Exchange exchange;
    exchange.times = 1;
    if (const Located* request = source.find("request")) {
      exchange.request = read_request(reading, *request);
    }
    if (const Located* response = source.find("response")) {
      exchange.response = read_response(reading, *response);
    }
    exchange.fails = text_of(source.find("fails"));
    if (const Located* times = source.find("times")) exchange.times = read_times(reading, *times);
    check_one_answer(reading, source);
    exchanges.push_back(std::move(exchange));
  }
  return exchanges;
}

}  // namespace engine::flow_test
