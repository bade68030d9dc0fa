#include "core/node/binary_store.h"
#include "core/node/declare.h"
#include "core/node/pretended.h"
#include "nodes/http_request/answer.h"
#include "nodes/http_request/paging.h"
#include "nodes/http_request/request_builder.h"

namespace engine::nodes {
namespace {

Parameter paging_parameter() {
  return Declare("paging", ParameterType::object,
                 "Asks for further pages. Expressions here see `$response` {status, headers, body, "
                 "url}, `$pageCount` and `$request.url`.")
      .late()
      .of({Declare("next", ParameterType::string,
                   "The URL of the next page; ends when it is empty, null or missing.")
               .nullable()
               .example("{{ $response.body.next }}"),
           Declare("query", ParameterType::map, "Query parameters of the next page.")
               .example(Value::object({{"page", "{{ $pageCount + 1 }}"}})),
           Declare("headers", ParameterType::map, "Headers of the next page."),
           Declare("json", ParameterType::map, "Members of the JSON body of the next page."),
           Declare("until", ParameterType::any,
                   "Ends when it is true. Without it, and without `next`, the first empty answer "
                   "is the last.")
               .nullable()
               .example("{{ $response.body.last_page }}"),
           Declare("max_pages", ParameterType::integer, "The most pages.")
               .otherwise(100)
               .at_least(1)
               .unit("pages"),
           Declare("interval", ParameterType::duration, "How long to wait between two pages.")});
}

std::vector<Parameter> parameters() {
  return {Declare("url", ParameterType::string, "Where the request goes.")
              .title("URL")
              .required()
              .example("https://example.com/items/{{ $json.id }}"),
          Declare("method", ParameterType::choice, "What is asked for.")
              .one_of({{"GET", ""},
                       {"POST", ""},
                       {"PUT", ""},
                       {"PATCH", ""},
                       {"DELETE", ""},
                       {"HEAD", ""},
                       {"OPTIONS", ""}})
              .otherwise("GET"),
          Declare("query", ParameterType::map,
                  "Query parameters. Null is left out; a list is given several times."),
          Declare("headers", ParameterType::map, "Headers by name."),
          Declare("json", ParameterType::any, "A JSON body.").title("JSON").nullable(),
          Declare("form", ParameterType::map, "A body like that of a web form."),
          Declare("multipart", ParameterType::map,
                  "A body of parts: texts, and files as {binary: name, file_name: optional}.")
              .example(Value::object({{"file", Value::object({{"binary", "data"}})}})),
          Declare("body", ParameterType::string, "A body as text; set its type with `headers`."),
          Declare("binary", ParameterType::string, "The name of binary data that is the body.")
              .example("data"),
          Declare("response", ParameterType::choice, "What is made of the answer.")
              .one_of({{"auto", "By its content type."},
                       {"json", "Items; one for each element of a list."},
                       {"text", "{data: text}"},
                       {"binary", "Binary data `data`."},
                       {"full", "{status, headers, url, body}"}})
              .otherwise("auto"),
          Declare("never_fail", ParameterType::boolean,
                  "Answers with a status of 400 and above are items too, not errors.")
              .otherwise(false),
          paging_parameter(),
          Declare("timeout", ParameterType::duration, "For the whole answer.").otherwise("60s"),
          Declare("redirects", ParameterType::integer,
                  "How many redirects are followed; with 0 a redirect is the answer.")
              .otherwise(5)
              .at_least(0)
              .at_most(20)};
}

Description describe() {
  Description d;
  d.id = "http_request";
  d.title = "HTTP request";
  d.text =
      "Sends a request to any web service, once per item, and makes items of the answer. A "
      "credential of any type signs it.";
  d.parameters = parameters();
  d.credentials = {{"", {}, false}};
  d.traits = {false, false, true};
  d.examples = {
      "- id: users\n  type: http_request\n  with:\n    url: https://example.com/users\n"
      "    query: { active: true }\n    paging: { next: \"{{ $response.body.next }}\" }\n"};
  return d;
}

bool only_reads(const std::string& method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

std::string file_name_of(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const std::string name = http::percent_decode(path.substr(path.rfind('/') + 1));
  const bool usable = !name.empty() && path.size() > origin_of(path).size() + 1 &&
                      name.find_first_of("/\\") == std::string::npos;
  return usable ? name : "data";
}

// Streams the bytes of a good answer to the store, however large they are.
class Download {
 public:
  Download(NodeContext& context, http::Request& request) : out_(context.binaries().writer()) {
    request.max_response_bytes = kMostBytes;
    request.sink = [this](std::string_view bytes) { out_->write(bytes); };
  }

  Value finish(const http::Response& response, const std::string& file_name) {
    const std::string type(
        response.headers.find("Content-Type").value_or("application/octet-stream"));
    return Value::object({{"data", out_->finish(type.substr(0, type.find(';')), file_name)}});
  }

 private:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 30U;
  std::unique_ptr<BinaryStore::Writer> out_;
};

class HttpRequest final : public ItemNode {
 protected:
  Items run_item(NodeContext& context, std::size_t index) const override {
    http::Request request = build_request(context, index);
    if (context.dry_run() && (!only_reads(request.method) || names_pretended(request.url))) {
      return preview(context, request, index);
    }
    const AnswerForm form =
        parse_answer_form(context.parameter("response", index).as_string("auto"));
    Paging paging(context, index);
    Items items;
    while (true) {
      const Answer answer = send(context, request, form, index);
      for (Item& item : items_of(answer, form)) items.push_back(std::move(item));
      if (answer.status >= 400 || !paging.next(request, answer)) return items;
    }
  }

 private:
  static http::Response receive(NodeContext& context, const http::Request& request,
                                AnswerForm form) try {
    return context.send(request);
  } catch (const Error& error) {
    if (error.code() != "answer_too_large" || form == AnswerForm::binary) throw;
    throw Error(
        error.cause(), error.code(),
        error.message() + " With 'response: binary' it may be as large as the disk allows.");
  }

  static Answer send(NodeContext& context, http::Request request, AnswerForm form,
                     std::size_t index) {
    const std::string name = file_name_of(request.url);
    std::optional<Download> download;
    if (form == AnswerForm::binary) download.emplace(context, request);
    const http::Response response = receive(context, request, form);
    const bool never_fail = context.parameter("never_fail", index).as_bool();
    if (response.status >= 400 && !never_fail)
      throw answer_error(request, response, context.credential_key());
    if (!download || !response.ok())
      return read_answer(context, response, download ? AnswerForm::by_type : form, name);
    // A context without streaming gives the body in the answer.
    if (!response.body.empty()) request.sink(response.body);
    Answer answer{response.status, {}, {}, {}, response.url};
    answer.binary = download->finish(response, name);
    return answer;
  }

  static bool names_pretended(const std::string& url) {
    return url.find("/" + std::string(kPretendedId)) != std::string::npos;
  }

  static Items preview(NodeContext& context, const http::Request& request, std::size_t index) {
    const Value details = Value::object({{"method", request.method},
                                         {"url", http::shown_url(request)},
                                         {"json", context.parameter("json", index)},
                                         {"form", context.parameter("form", index)}});
    context.would("send a request", details);
    return {pretended(details["json"], {}, details)};
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const char* first = nullptr;
  for (const char* name : {"json", "form", "multipart", "body", "binary"}) {
    const Located* given = with.find(name);
    if (given == nullptr) continue;
    if (first != nullptr) {
      diagnostics.add(given->position(file), "two_bodies",
                      std::string("'") + first + "' and '" + name +
                          "' are both given, but a request has one body. Keep one of them.");
    }
    first = name;
  }
}

}  // namespace

NodeType http_request() {
  NodeType type = action(describe(), std::make_shared<HttpRequest>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
