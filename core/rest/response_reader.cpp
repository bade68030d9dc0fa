#include "core/rest/response_reader.h"

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

void check_paging(SourceReader& reader, const Located& at, const Paging& paging) {
  using enum Paging::Kind;
  const bool counts = paging.kind == page || paging.kind == offset;
  if ((counts || paging.kind == cursor) && paging.parameter.empty()) {
    reader.fault(at, "This paging needs 'parameter', the name in the query.");
  }
  if (counts && !paging.last && paging.size == 0) {
    reader.fault(at, "This paging needs 'last' or 'size', or it would not know the end.");
  }
  if (!paging.header.empty() && paging.kind != link) {
    reader.fault(at, "'header' belongs to the paging 'link'.");
  }
  if ((paging.kind == cursor || paging.kind == link) && !paging.next && paging.header.empty()) {
    reader.fault(at, "This paging needs 'next', the path of the cursor or link.");
  }
  if (paging.kind == keys && paging.keys.empty()) reader.fault(at, "This paging needs 'keys'.");
}

}  // namespace

Paging read_paging(SourceReader& reader, const Located& at) {
  Paging paging;
  if (!reader.check_keys(at, "'paging'", key_names("paging"))) {
    return paging;
  }
  const auto kind = reader.one_of(at, reader.required_text(at, "kind", "'paging'"), "The paging",
                                  words_of("paging", "kind"));
  paging.kind = static_cast<Paging::Kind>(kind.value_or(0));
  paging.parameter = reader.text(at, "parameter");
  paging.first = reader.integer(at, "first", 0);
  paging.size = static_cast<std::size_t>(std::max<std::int64_t>(0, reader.integer(at, "size", 0)));
  paging.size_parameter = reader.text(at, "size_parameter");
  paging.last = reader.path(at, "last");
  if (paging.last && paging.last->size() == 1) paging.last_member = reader.text(at, "last");
  paging.next = reader.path(at, "next");
  paging.header = reader.text(at, "header");
  for (const auto& [name, path] : reader.text_map(at, "keys")) {
    paging.keys.emplace_back(name, parse_path(path).value_or(Path{}));
  }
  check_paging(reader, at, paging);
  return paging;
}

ResponseSpec read_response(SourceReader& reader, const Located& at) {
  ResponseSpec spec;
  if (!reader.check_keys(at, "'response'", key_names("response"))) {
    return spec;
  }
  if (at.find("items") != nullptr) spec.items = reader.selectors(at, "items");
  for (const auto& [path, value] : reader.value_map(at, "filter")) {
    spec.filter.emplace_back(parse_path(path).value_or(Path{}), value);
  }
  if (at.find("then") != nullptr) spec.then = reader.selector(at, "then");
  spec.required = reader.boolean(at, "required");
  spec.entries_as = reader.text(at, "entries_as");
  spec.rename = reader.text_map(at, "rename");
  spec.omit = reader.texts(at, "omit");
  spec.binary = reader.text(at, "binary");
  if (const Located* result = at.find("result")) spec.result = to_value(*result);
  for (const std::string& status : reader.texts(at, "ignore_status")) {
    spec.ignore_status.push_back(std::atoi(status.c_str()));
  }
  return spec;
}

}  // namespace engine::rest
