#include "core/rest/package_reader.h"

#include "core/rest/lookup_reader.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

std::optional<ErrorCause> read_cause(SourceReader& reader, const Located& at) {
  const Located* cause = at.find("cause");
  if (cause == nullptr) return std::nullopt;
  const std::vector<std::string> names = words_of("hint", "cause");
  const auto index = reader.one_of(*cause, reader.text(at, "cause"), "The cause", names);
  if (!index) return std::nullopt;
  return parse_error_cause(names[*index]);
}

ErrorHint read_hint(SourceReader& reader, const Located& at) {
  ErrorHint hint;
  if (!reader.check_keys(at, "A hint", key_names("hint"))) return hint;
  for (const std::string& status : reader.texts(at, "status")) {
    hint.status.push_back(std::atoi(status.c_str()));
  }
  hint.codes = reader.texts(at, "codes");
  hint.text = reader.required_text(at, "text", "A hint");
  hint.cause = read_cause(reader, at);
  return hint;
}

ErrorSpec read_errors(SourceReader& reader, const Located& at) {
  ErrorSpec errors;
  if (!reader.check_keys(at, "'errors'", key_names("errors"))) return errors;
  errors.message = reader.paths(at, "message");
  errors.code = reader.paths(at, "code");
  if (const Located* hints = at.find("hints")) {
    for (const Located& hint : hints->elements) errors.hints.push_back(read_hint(reader, hint));
  }
  return errors;
}

std::vector<std::string> split_segments(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    segments.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return segments;
}

IdKind read_id(SourceReader& reader, const LocatedMember& member) {
  IdKind kind;
  kind.name = member.key;
  const Located& at = member.value;
  if (!reader.check_keys(at, "An id", key_names("id"))) return kind;
  kind.prefixes = reader.texts(at, "prefixes");
  kind.keep_prefix_with = reader.text(at, "keep_prefix_with");
  kind.special = reader.text(at, "special");
  const Located* links = at.find("links");
  if (links == nullptr) return kind;
  for (const Located& link : links->elements) {
    IdLink read;
    if (link.kind == Kind::object) {
      reader.check_keys(link, "A link", key_names("link"));
      read.segments = split_segments(reader.required_text(link, "path", "A link"));
      read.contains = reader.text(link, "contains");
      read.set = reader.value_map(link, "set");
    } else {
      read.segments = split_segments(std::string(link.scalar.as_string()));
    }
    kind.links.push_back(std::move(read));
  }
  return kind;
}

}  // namespace

Package read_package(const Located& source, const std::string& file, Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  Package package;
  if (!reader.check_keys(source, "A package", key_names("package"))) {
    return package;
  }
  package.id = reader.required_text(source, "name", "A package");
  package.title = reader.text(source, "title", package.id);
  package.text = reader.text(source, "text");
  package.base_url = reader.required_text(source, "base_url", "A package");
  package.base_url_field = reader.text(source, "base_url_field");
  if (source.find("credential") != nullptr) {
    const bool optional = reader.boolean(source, "credential_optional");
    package.credentials.push_back({"", reader.texts(source, "credential"), !optional});
  }
  package.headers = reader.text_map(source, "headers");
  if (const Located* errors = source.find("errors")) package.errors = read_errors(reader, *errors);
  if (const Located* ids = source.find("ids")) {
    for (const LocatedMember& id : ids->members) package.ids.push_back(read_id(reader, id));
  }
  read_lookups(reader, source, package);
  return package;
}

}  // namespace engine::rest
