// The keys of files with operations.
#include <array>

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

using enum Takes;

constexpr auto kResource = std::to_array<Key>({
    {"resource", text, "Ids of its operations are package.resource.operation.", "", true},
    {"title", text, "What people call it."},
    {"text", text, "Markdown."},
    {"parameters", object_map, "Parameters that operations take over by `use`.", "parameter"},
    {"groups", any_map, "Groups of parameters that operations take over by `include`."},
    {"operations", object_map, "By name.", "operation", true},
});

constexpr auto kOperation = std::to_array<Key>({
    {"title", text, "A few words: \"Create a Folder\".", "", true},
    {"text", text, "What it does, in Markdown."},
    {"version", integer, "Of the node type; 1 without."},
    {"api", texts, "What the API's documents call it."},
    {"request", text_or_object, "METHOD /path; {name} in the path is a parameter.", "request",
     true},
    {"traits", object, "Where the method does not tell.", "traits"},
    {"parameters", object_map, "By name, in order.", "parameter"},
    {"rules", objects, "What must hold between parameters.", "rule"},
    {"paging", object, "How the next page is asked for.", "paging"},
    {"response", object, "What items are made of.", "response"},
    {"examples", texts, "YAML of a node."},
});

constexpr auto kOperationInFile = std::to_array<Key>({
    {"include", texts, "Shared groups of parameters."},
});

constexpr auto kRequest = std::to_array<Key>({
    {"call", text, "METHOD /path.", "", true},
    {"query", text_map, "Always sent; \"{name}\" stands for a parameter."},
    {"headers", text_map, "Always sent."},
    {"body", any, "Always sent; \"{name}\" stands for a parameter."},
    {"repeatable", flag, "Whether it may be sent again when no answer came."},
});

constexpr auto kTraits = std::to_array<Key>({
    {"writes", flag, "It changes something: a dry run does not send it."},
    {"pure", flag, "It only reads."},
    {"idempotent", flag, "Done twice it is the same as done once."},
});

constexpr auto kRule = std::to_array<Key>({
    {"exactly_one", texts, "Exactly one of these is given."},
    {"at_most_one", texts, "At most one of these is given."},
    {"at_least_one", texts, "At least one of these is given."},
    {"together", texts, "All of these are given, or none."},
    {"requires", texts, "The first needs the others."},
});

constexpr auto kParameter = std::to_array<Key>({
    {"type", word, "What it takes.",
     "any string integer number boolean choice duration time object map list"},
    {"title", text, "A few words; made from the name without."},
    {"text", text, "A sentence."},
    {"required", flag, "It must be given."},
    {"default", any, "The value when it is not given."},
    {"choices", list_or_map, "The values of a choice, or a map of values and their texts."},
    {"min", number, "The least number, or the least length."},
    {"max", number, "The greatest number, or the greatest length."},
    {"unit", text, "Of a number."},
    {"secret", flag, "It is not shown."},
    {"show_when", any_map, "Only with these values of other parameters."},
    {"children", object_map, "Members of an object.", "parameter"},
    {"nullable", flag, "null is a value."},
    {"list_or_one", flag, "One element may stand without its list."},
    {"examples", any_list, "Values that fit."},
    {"of", text_or_object, "The elements of a list, the values of a map.", "parameter"},
});

constexpr auto kWire = std::to_array<Key>({
    {"send", word, "Where it goes.", "none path query header body form binary file urlencoded"},
    {"as", text, "Its name on the wire; dotted in the body; '.' is the whole body."},
    {"convert", word, "How the value changes on its way.",
     "none text integer number boolean integers texts csv json json_text time_ms duration_ms id"},
    {"map", any_map, "Values by name."},
    {"id", text, "A kind of id of the package."},
    {"date_hour", integer, "The local hour of a date alone."},
    {"flag", text, "The boolean that tells whether there is a time of day."},
    {"also", text_map, "Further query parameters when the value is true."},
    {"lookup", text, "Names become ids by this look-up."},
    {"or_only", flag, "When not given, the only thing that the look-up finds."},
    {"typed_by", text, "The parameter that names the field it is a value of."},
    {"compared", flag, "A typed value that is compared with, not set."},
});

// Only in files: what `use` names is taken over before anything is read.
constexpr auto kParameterInFile = std::to_array<Key>({
    {"use", text, "A shared parameter; keys beside it change it."},
});

constexpr auto kPaging = std::to_array<Key>({
    {"kind", word, "How pages follow each other.", "page offset cursor link keys", true},
    {"parameter", text, "Its name in the query."},
    {"first", integer, "The first page or offset; 0 without."},
    {"size", integer, "Elements of a full page."},
    {"size_parameter", text, "The parameter of the query that says how many."},
    {"last", text, "Path of what is true on the last page."},
    {"next", text, "Path of the cursor or link of the next page."},
    {"header", text, "The header with the link of the next page: Link (RFC 8288)."},
    {"keys", text_map, "Names in the query and members of the last element."},
});

constexpr auto kResponse = std::to_array<Key>({
    {"items", texts, "Paths of the elements, \"a[].b\"; the whole answer without."},
    {"filter", any_map, "Elements with these values at these paths."},
    {"then", text, "A path in each element that is left."},
    {"required", flag, "No element is an error."},
    {"entries_as", text, "The answer is a map: its keys get this name."},
    {"rename", text_map, "Members by their new names."},
    {"omit", texts, "Members that are left out."},
    {"result", any, "The item, whatever the answer is."},
    {"ignore_status", texts, "Statuses that are no errors."},
    {"binary", text, "The answer's bytes become the binary of this name."},
});

constexpr auto kOperationObjects = std::to_array<KeyedObject>({
    {"resource", kResource},
    {"operation", kOperation},
    {"operation_in_file", kOperationInFile},
    {"request", kRequest},
    {"traits", kTraits},
    {"rule", kRule},
    {"parameter", kParameter},
    {"wire", kWire},
    {"parameter_in_file", kParameterInFile},
    {"paging", kPaging},
    {"response", kResponse},
});

}  // namespace

std::span<const KeyedObject> operation_objects() {
  return kOperationObjects;
}

}  // namespace engine::rest
