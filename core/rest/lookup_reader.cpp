#include "core/rest/lookup_reader.h"

#include <algorithm>

#include "core/rest/parameter_reader.h"
#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

LookupCall read_call(SourceReader& reader, const Located& at) {
  LookupCall call;
  const std::string line = reader.required_text(at, "call", "A look-up");
  if (line.rfind("GET /", 0) != 0) {
    reader.fault(at, "A look-up only reads: write 'call: GET /path'.");
    return call;
  }
  call.path = line.substr(4);
  call.query = reader.text_map(at, "query");
  call.items = reader.selector(at, "items");
  return call;
}

std::vector<LookupCall> read_calls(SourceReader& reader, const Located& at) {
  std::vector<LookupCall> calls;
  if (const Located* several = at.find("calls")) {
    for (const Located& call : several->elements) {
      if (!reader.check_keys(call, "A call", key_names("lookup_call"))) continue;
      calls.push_back(read_call(reader, call));
    }
  } else if (at.find("call") != nullptr) {
    calls.push_back(read_call(reader, at));
  }
  return calls;
}

std::vector<std::pair<std::string, LookupCall>> read_named_calls(SourceReader& reader,
                                                                 const Located& at,
                                                                 std::string_view key) {
  std::vector<std::pair<std::string, LookupCall>> calls;
  const Located* map = at.find(key);
  if (map == nullptr) return calls;
  for (const LocatedMember& member : map->members) {
    if (!reader.check_keys(member.value, "A call", {"call", "query", "items"})) continue;
    calls.emplace_back(member.key, read_call(reader, member.value));
  }
  return calls;
}

Lookup read_lookup(SourceReader& reader, const LocatedMember& member) {
  Lookup lookup;
  lookup.name = member.key;
  const Located& at = member.value;
  if (!reader.check_keys(at, "A look-up", key_names("lookup"))) {
    return lookup;
  }
  lookup.title = reader.text(at, "title", member.key);
  lookup.of = reader.text(at, "of");
  lookup.otherwise = reader.text(at, "otherwise");
  lookup.parameter = reader.text(at, "parameter");
  if (const Located* form = at.find("form")) {
    const auto found =
        reader.one_of(*form, reader.text(at, "form"), "The form", words_of("lookup", "form"));
    lookup.form = static_cast<IdForm>(found.value_or(0));
  }
  lookup.calls = read_calls(reader, at);
  if (lookup.calls.empty()) lookup.items = reader.selector(at, "items");
  lookup.id = reader.path(at, "id").value_or(Path{"id"});
  lookup.match = reader.paths(at, "match");
  lookup.within = reader.path(at, "within");
  lookup.words = read_named_calls(reader, at, "words");
  lookup.refused_with = reader.texts(at, "refused_with");
  if (lookup.match.empty()) reader.fault(member, "A look-up needs 'match'.");
  if (lookup.of.empty() && lookup.calls.empty()) {
    reader.fault(member, "A look-up needs 'call', 'calls' or 'of'.");
  }
  return lookup;
}

// Those that come first need nothing that comes later, so there is no circle.
void check_order(SourceReader& reader, const Located& lookups, const Package& package) {
  for (std::size_t i = 0; i < package.lookups.size(); ++i) {
    for (const std::string& needed : {package.lookups[i].of, package.lookups[i].otherwise}) {
      const auto end = package.lookups.begin() + static_cast<std::ptrdiff_t>(i);
      const bool known = std::any_of(package.lookups.begin(), end,
                                     [&](const Lookup& other) { return other.name == needed; });
      if (!needed.empty() && !known) {
        reader.fault(lookups.members[i], "There is no look-up '" + needed + "' above this one.");
      }
    }
  }
}

ValueKind read_kind(SourceReader& reader, const LocatedMember& member) {
  ValueKind kind;
  kind.name = member.key;
  const Located& at = member.value;
  if (!reader.check_keys(at, "A kind", key_names("kind"))) {
    return kind;
  }
  kind.read_only = reader.boolean(at, "read_only");
  kind.takes = kind.read_only ? "" : reader.required_text(at, "takes", "A kind");
  read_conversion(reader, at, kind.wire);
  kind.options = reader.path(at, "options");
  kind.option_names = reader.paths(at, "match");
  kind.many = reader.boolean(at, "many");
  kind.changes = reader.boolean(at, "changes");
  kind.into = reader.text(at, "into");
  kind.members = reader.text_map(at, "members");
  kind.min = reader.path(at, "min");
  kind.max = reader.path(at, "max");
  if (const Located* form = at.find("form")) {
    reader.one_of(*form, reader.text(at, "form"), "The form", words_of("kind", "form"));
    kind.form = reader.text(at, "form");
  }
  return kind;
}

void read_values(SourceReader& reader, const Located& at, ValueSpec& values) {
  if (!reader.check_keys(at, "'values'", key_names("values"))) return;
  values.kind = reader.path(at, "kind").value_or(Path{});
  values.name = reader.path(at, "name").value_or(Path{});
  if (const Located* kinds = at.find("kinds")) {
    for (const LocatedMember& kind : kinds->members) {
      values.kinds.push_back(read_kind(reader, kind));
    }
  }
}

}  // namespace

void read_lookups(SourceReader& reader, const Located& source, Package& package) {
  if (const Located* lookups = source.find("lookups")) {
    for (const LocatedMember& lookup : lookups->members) {
      package.lookups.push_back(read_lookup(reader, lookup));
    }
    check_order(reader, *lookups, package);
  }
  package.scopes = read_named_calls(reader, source, "scopes");
  if (const Located* values = source.find("values")) read_values(reader, *values, package.values);
  if (const Located* timezone = source.find("timezone")) {
    if (reader.check_keys(*timezone, "'timezone'", key_names("lookup_call"))) {
      package.timezone = read_call(reader, *timezone);
    }
  }
}

}  // namespace engine::rest
