// What the interpreter of declarative nodes works from: one operation of one package, as read from
// YAML. docs: core/rest/README.md describes the YAML.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/node/description.h"
#include "core/rest/lookup.h"
#include "core/rest/selector.h"
#include "core/value/path.h"

namespace engine::rest {

/// Where a parameter goes in the request.
enum class Place {
  none,   ///< only read by rules, ids or results
  path,   ///< a segment of the path
  query,  ///< lists repeat the name
  header,
  body,        ///< a member of the JSON body, by dotted path; "." is the whole body
  form,        ///< a plain field of a multipart body
  binary,      ///< names a binary of the item, uploaded as a multipart field
  file,        ///< names a file, uploaded as a multipart field
  urlencoded,  ///< a field of a body of the type application/x-www-form-urlencoded
};

/// How a value changes on its way; the whole vocabulary.
enum class Conversion {
  none,
  text,  ///< of numbers and booleans, in lists element by element
  integer,
  number,
  boolean,      ///< also the texts "true" and "false"
  integers,     ///< a list of integers from a list, one value, or "1, 2, 3"
  texts,        ///< the same with texts
  csv,          ///< a list as "a,b,c"
  json,         ///< a text is parsed as JSON, anything else stays
  json_text,    ///< any value printed as JSON text
  time_ms,      ///< milliseconds since 1970 from ISO 8601, a date, or milliseconds
  duration_ms,  ///< milliseconds from "1h30m" or a number of milliseconds
  id,           ///< what people paste (prefixes, links) as an id
};

/// The way of one parameter, or of a part of one, into the request.
struct Wire {
  Place place = Place::none;
  std::string name;  ///< on the wire; of a body member a dotted path
  Conversion conversion = Conversion::none;
  std::vector<std::pair<std::string, Value>> map;  ///< values by their text, before the conversion
  std::string id_kind;                             ///< of Conversion::id
  int date_hour = 0;  ///< local hour of a date without a time (Conversion::time_ms)
  std::string flag;   ///< a boolean sent beside a time: whether it has a time of day
  /// Further query parameters, sent when the value is true; "{name}" stands for a parameter.
  std::vector<std::pair<std::string, std::string>> also;
  std::string lookup;     ///< names become ids by this look-up; "{name}": what a parameter says
  bool or_only = false;   ///< when not given, the only thing that the look-up finds
  std::string typed_by;   ///< the parameter beside it that names the field this is a value of
  bool compared = false;  ///< a typed value that is compared with, not set
  std::vector<Wire> children;  ///< in the order of Parameter::children
};

struct RestParameter {
  Parameter parameter;
  Wire wire;
};

/// What must hold between parameters, beyond each one's own description.
struct Rule {
  enum class Kind { exactly_one, at_most_one, at_least_one, together, requires_all };
  Kind kind = Kind::exactly_one;
  std::vector<std::string> parameters;  ///< requires_all: the first needs the others
};

struct Paging {
  enum class Kind { page, offset, cursor, link, keys };
  Kind kind = Kind::page;
  std::string parameter;       ///< name in the query (page, offset, cursor)
  std::int64_t first = 0;      ///< of page and offset
  std::size_t size = 0;        ///< elements of a full page; 0: unknown
  std::string size_parameter;  ///< sent with the size that is wanted; empty: the service decides
  std::optional<Path> last;    ///< true here: no further page
  std::string last_member;     ///< `last` when it is one top-level name
  std::optional<Path> next;    ///< the cursor or link of the next page
  std::string header;          ///< of link: the header that holds it (RFC 8288)
  std::vector<std::pair<std::string, Path>> keys;  ///< query names and members of the last element
};

/// How items are made from an answer.
struct ResponseSpec {
  std::vector<Selector> items{Selector{}};
  std::vector<std::pair<Path, Value>> filter;  ///< kept when equal as text; "{name}": a parameter
  std::optional<Selector> then;                ///< applied to what the filter leaves
  bool required = false;                       ///< no element is an error `not_found`
  std::string entries_as;  ///< the answer is a map: an item per member, its key under this name
  std::vector<std::pair<std::string, std::string>> rename;  ///< from, to
  std::vector<std::string> omit;
  Value result;  ///< given: the item, whatever the answer; "{name}" stands for a parameter
  std::vector<int> ignore_status;
  std::string binary;  ///< given: the answer's bytes become the binary of this name
};

/// A hint for answers whose plain reading misleads.
struct ErrorHint {
  std::vector<int> status;          ///< empty: any
  std::vector<std::string> codes;   ///< empty: any
  std::optional<ErrorCause> cause;  ///< instead of what the status says
  std::string text;                 ///< one or two sentences
};

struct ErrorSpec {
  std::vector<Path> message;  ///< the first one found
  std::vector<Path> code;
  std::vector<ErrorHint> hints;  ///< the first one that fits
};

/// A link that an id can be taken from: segments are literal, "*", "{id}" or "{parameter}".
struct IdLink {
  std::vector<std::string> segments;
  std::string contains;                            ///< only when the id contains this
  std::vector<std::pair<std::string, Value>> set;  ///< parameters, when not given
};

struct IdKind {
  std::string name;
  std::vector<std::string> prefixes;  ///< dropped, compared without case
  std::string keep_prefix_with;       ///< a parameter: when true, prefixes stay
  std::vector<IdLink> links;
  /// Ids that contain this are refused unless `keep_prefix_with` is true.
  std::string special;
};

/// What a kind of field takes. The keys of the package are described in README.md.
struct ValueKind {
  std::string name;
  std::string takes;  ///< for errors: "a date, or a date and time"
  Wire wire;          ///< conversion, look-up or id of the value or its elements
  std::optional<Path> options;
  std::vector<Path> option_names;
  bool many = false;                                         ///< a list
  bool changes = false;                                      ///< {add, rem}
  bool read_only = false;                                    ///< the service computes it
  std::string into;                                          ///< wrapped as {into: value}
  std::vector<std::pair<std::string, std::string>> members;  ///< of an object, by their place
  std::optional<Path> min;                                   ///< in the field's description
  std::optional<Path> max;
  std::string form;  ///< "email", "url", "phone"
};

/// How values are checked and converted that belong to a field.
struct ValueSpec {
  Path kind;  ///< where a field's description names its kind
  Path name;
  std::vector<ValueKind> kinds;
};

/// What the operations of a package share.
struct Package {
  std::string id;
  std::string title;
  std::string text;  ///< Markdown, for its page
  std::string base_url;
  std::string base_url_field;  ///< of the credential; empty: none
  std::vector<CredentialSlot> credentials;
  std::vector<std::pair<std::string, std::string>> headers;
  ErrorSpec errors;
  std::vector<IdKind> ids;
  std::vector<Lookup> lookups;
  /// Values that paths of look-ups need, found by another call.
  std::vector<std::pair<std::string, LookupCall>> scopes;
  ValueSpec values;
  std::optional<LookupCall> timezone;  ///< of dates without a time: that of the account
};

struct Operation {
  std::string id;
  int version = 1;
  std::string title;
  std::string text;
  std::vector<std::string> api;  ///< the service's own names of the calls it stands for
  std::string method;            ///< or "{parameter}"
  std::string path;              ///< begins with '/'
  std::vector<std::pair<std::string, std::string>> query;  ///< always sent
  std::vector<std::pair<std::string, std::string>> headers;
  /// Members that are always sent; missing: none. In them and in `query`, "{name}" stands for a
  /// parameter; what one that is not given would fill is left out.
  Value body;
  std::optional<bool> repeatable;
  Traits traits;
  std::vector<RestParameter> parameters;
  std::vector<Rule> rules;
  std::optional<Paging> paging;
  ResponseSpec response;
  std::vector<std::string> examples;
  std::shared_ptr<const Package> package;
};

/// What users see of an operation; an example is made where the file has none.
Description describe(const Operation& operation);

/// The parameter that stops a paged operation: `limit`.
inline constexpr const char* kLimit = "limit";

}  // namespace engine::rest
