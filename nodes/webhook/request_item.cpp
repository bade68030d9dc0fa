#include "nodes/webhook/request_item.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

#include "core/base/utf8.h"
#include "core/http/form.h"
#include "core/node/binary_store.h"
#include "core/node/text.h"
#include "core/value/json.h"
#include "nodes/webhook/multipart.h"

namespace engine::nodes {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// A name that comes twice has a list.
void write_pairs(ValueBuilder& builder, const Pairs& pairs) {
  // Sorted, because a form may have millions of them.
  std::vector<std::size_t> by_name(pairs.size());
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](std::size_t a, std::size_t b) { return pairs[a].first < pairs[b].first; });
  const auto same = [&](std::size_t a, std::size_t b) { return pairs[a].first == pairs[b].first; };
  std::vector<std::size_t> group(pairs.size(), pairs.size());  // where that of its first one begins
  for (std::size_t i = 0; i < by_name.size(); ++i) {
    if (i == 0 || !same(by_name[i - 1], by_name[i])) group[by_name[i]] = i;
  }
  builder.begin_object();
  for (const std::size_t begin : group) {
    if (begin == pairs.size()) continue;
    std::size_t end = begin + 1;
    while (end < pairs.size() && same(by_name[begin], by_name[end])) ++end;
    builder.key(as_utf8(pairs[by_name[begin]].first));
    if (end - begin > 1) builder.begin_array();
    for (std::size_t i = begin; i < end; ++i) builder.string(as_utf8(pairs[by_name[i]].second));
    if (end - begin > 1) builder.end_array();
  }
  builder.end_object();
}

class Reader {
 public:
  Reader(TriggerContext& context, const Delivery& delivery)
      : context_(context), request_(delivery.request), params_(delivery.params) {}

  Item read(bool raw) {
    const Value body = raw ? keep("body", type_or("application/octet-stream")) : read_body();
    ValueBuilder builder(1024);
    builder.begin_object();
    builder.key("method");
    builder.string(request_.method);
    builder.key("url");
    builder.string(request_.query.empty()
                       ? as_utf8(request_.path)
                       : as_utf8(request_.path + '?' + http::encode_query(request_.query)));
    builder.key("path");
    builder.string(as_utf8(request_.path));
    builder.key("params");
    write_pairs(builder, params_);
    builder.key("query");
    write_pairs(builder, request_.query);
    builder.key("headers");
    // The secret has done its work; it is not to be stored with the execution.
    const std::string secret = context_.parameter("auth").as_string() == "header"
                                   ? lower(to_text(context_.credential_secret("name")))
                                   : "authorization";
    Pairs headers;
    for (const auto& [name, value] : request_.headers) {
      std::string key = lower(name);
      if (key != secret && key != "authorization") headers.emplace_back(std::move(key), value);
    }
    write_pairs(builder, headers);
    builder.key("body");
    builder.value(body);
    builder.end_object();
    Item item{builder.finish(), {}, {}};
    if (!binaries_.empty()) {
      ValueBuilder files;
      files.begin_object();
      for (const auto& [name, file] : binaries_) {
        files.key(name);
        files.value(file);
      }
      files.end_object();
      item.binary = files.finish();
    }
    return item;
  }

 private:
  std::string type_or(std::string fallback) const {
    const auto type = request_.headers.find("Content-Type");
    return type ? std::string(*type) : std::move(fallback);
  }

  Value keep(const std::string& name, const std::string& type) {
    binaries_.emplace(name, context_.binaries().put(request_.body, type, ""));
    return {nullptr};
  }

  Value read_body() {
    if (request_.body.empty()) return {nullptr};
    const std::string type = type_or("");
    const std::string kind = lower(type.substr(0, std::min(type.find(';'), type.size())));
    if (kind == "application/x-www-form-urlencoded") {
      ValueBuilder builder;
      write_pairs(builder, http::parse_form(request_.body));
      return builder.finish();
    }
    if (kind == "multipart/form-data") return read_multipart(type);
    if (kind == "application/json" || kind.ends_with("+json")) {
      try {
        return parse_json(request_.body, "the body");
      } catch (const Error& error) {
        throw Error(ErrorCause::user, "bad_body", error.message());
      }
    }
    if (is_utf8(request_.body) && request_.body.find('\0') == std::string::npos) {
      return {request_.body};
    }
    return keep("body", kind.empty() ? "application/octet-stream" : type);
  }

  Value read_multipart(const std::string& type) {
    Pairs fields;
    for (const FormPart& part : split_multipart(request_.body, type)) {
      if (!part.is_file) {
        if (!is_utf8(part.content)) {
          throw Error(ErrorCause::user, "bad_body", "A field of the form is not UTF-8.");
        }
        fields.emplace_back(part.name, std::string(part.content));
        continue;
      }
      if (part.file_name.empty() && part.content.empty()) continue;  // no file was chosen
      std::string name = part.name.empty() ? "file" : part.name;
      for (int i = 2; binaries_.contains(name); ++i) name = part.name + std::to_string(i);
      binaries_.emplace(
          name, context_.binaries().put(
                    part.content,
                    part.content_type.empty() ? "application/octet-stream" : part.content_type,
                    part.file_name));
    }
    ValueBuilder builder;
    write_pairs(builder, fields);
    return builder.finish();
  }

  TriggerContext& context_;
  const http::ServerRequest& request_;
  const Pairs& params_;
  std::map<std::string, Value> binaries_;
};

}  // namespace

Item request_item(TriggerContext& context, const Delivery& delivery, bool raw) {
  return Reader(context, delivery).read(raw);
}

}  // namespace engine::nodes
