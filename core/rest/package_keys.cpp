// The keys of package.yaml.
#include <array>

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

using enum Takes;

constexpr auto kPackage = std::to_array<Key>({
    {"name", text, "Ids of its types begin with it: lower case letters, digits and '_'.", "", true},
    {"title", text, "What people call the service."},
    {"text", text, "Markdown, for its page."},
    {"version", text, "Of the package, as in 1.2.3."},
    {"engine", text, "The versions of the engine it is for, as in \">=0.1 <2\"."},
    {"base_url", text, "Where the service's API is: http or https.", "", true},
    {"base_url_field", text, "The field of the credential that says it instead."},
    {"credential", texts, "The credential types its operations take."},
    {"credential_optional", flag, "Operations work without a credential too."},
    {"headers", text_map, "Sent with every request."},
    {"errors", object, "Where failed answers say what is wrong.", "errors"},
    {"ids", object_map, "What people may paste as an id.", "id"},
    {"lookups", object_map, "How names become ids.", "lookup"},
    {"scopes", object_map, "Parameters that a call tells when they are not given.", "lookup_call"},
    {"values", object, "Values whose form depends on the field they belong to.", "values"},
    {"timezone", object, "The call that tells the account's time zone.", "lookup_call"},
    {"parameters", object_map, "Parameters that operations take over by `use`.", "parameter"},
    {"groups", any_map, "Groups of parameters that operations take over by `include`."},
});

// Of a package whose node types are in a library.
constexpr auto kNativePackage = std::to_array<Key>({
    {"name", text, "Ids of its types begin with it.", "", true},
    {"title", text, "What people call the service."},
    {"text", text, "Markdown, for its page."},
    {"version", text, "Of the package, as in 1.2.3.", "", true},
    {"engine", text, "The versions of the engine it is for, as in \">=0.1 <2\"."},
    {"library", text, "The file of the library, in the package's folder.", "", true},
});

constexpr auto kErrors = std::to_array<Key>({
    {"message", texts, "Paths in the answer; the first that is there counts."},
    {"code", texts, "Paths of the service's own code."},
    {"hints", objects, "For answers that mislead.", "hint"},
});

constexpr auto kHint = std::to_array<Key>({
    {"status", texts, "Statuses it is for; any without."},
    {"codes", texts, "Codes of the service it is for; any without."},
    {"cause", word, "Who has to act, instead of what the status says.",
     "user credential upstream rate_limited timeout"},
    {"text", text, "One or two sentences.", "", true},
});

constexpr auto kId = std::to_array<Key>({
    {"prefixes", texts, "Dropped, whatever their case."},
    {"keep_prefix_with", text, "A parameter: when true, prefixes stay."},
    {"special", text, "Ids with this text need that parameter."},
    {"links", texts_or_objects, "Paths of links an id is taken from: \"/t/*/{id}\".", "link"},
});

constexpr auto kLink = std::to_array<Key>({
    {"path", text, "The path, with {id}, {parameter} and *.", "", true},
    {"contains", text, "Only when the id contains this."},
    {"set", any_map, "Parameters that it tells."},
});

constexpr auto kLookup = std::to_array<Key>({
    {"title", text, "What it finds, in errors."},
    {"of", text, "A look-up above: this one is made for each of its elements."},
    {"otherwise", text, "The look-up when nothing says which element of `of` is meant."},
    {"parameter", text, "How ids are called by parameters."},
    {"form", word, "What ids look like, which are not looked up.", "name number uuid"},
    {"call", text, "GET and a path."},
    {"calls", objects, "Several of them.", "lookup_call"},
    {"query", text_map, "Sent with the call."},
    {"items", text, "Where the elements are in the answer."},
    {"id", text, "Path of the id in an element."},
    {"match", texts, "Paths of its names.", "", true},
    {"within", text, "Path of the name of what it is in."},
    {"words", object_map, "Fixed names and their calls.", "lookup_call"},
    {"refused_with", texts, "Names are tried as they are, and looked up on these codes."},
});

constexpr auto kLookupCall = std::to_array<Key>({
    {"call", text, "GET and a path.", "", true},
    {"query", text_map, "Sent with it."},
    {"items", text, "Where the elements are in the answer."},
});

constexpr auto kValues = std::to_array<Key>({
    {"kind", text, "Path of the kind in a field's description."},
    {"name", text, "Path of its name."},
    {"kinds", object_map, "What each kind takes.", "kind"},
});

constexpr auto kKind = std::to_array<Key>({
    {"takes", text, "For errors: \"a date, or a date and time\"."},
    {"convert", word, "As of a parameter.",
     "none text integer number boolean integers texts csv json json_text time_ms duration_ms id"},
    {"date_hour", integer, "As of a parameter."},
    {"map", any_map, "As of a parameter."},
    {"id", text, "As of a parameter."},
    {"lookup", text, "As of a parameter."},
    {"options", text, "Path of the options in the field."},
    {"match", texts, "Paths of an option's names."},
    {"many", flag, "A list of them."},
    {"changes", flag, "The value is {add, rem}."},
    {"read_only", flag, "The service computes it."},
    {"into", text, "Wrapped as {into: value}."},
    {"members", text_map, "Members of an object by their place."},
    {"min", text, "Path of the bound in the field."},
    {"max", text, "Path of the bound in the field."},
    {"form", word, "What the text must be.", "email url phone"},
});

constexpr auto kPackageObjects = std::to_array<KeyedObject>({
    {"package", kPackage},
    {"native_package", kNativePackage},
    {"errors", kErrors},
    {"hint", kHint},
    {"id", kId},
    {"link", kLink},
    {"lookup", kLookup},
    {"lookup_call", kLookupCall},
    {"values", kValues},
    {"kind", kKind},
});

}  // namespace

std::span<const KeyedObject> package_objects() {
  return kPackageObjects;
}

}  // namespace engine::rest
