// The keys of files with a trigger.
#include <array>

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

using enum Takes;

constexpr auto kTrigger = std::to_array<Key>({
    {"trigger", text, "Its id is package.trigger.", "", true},
    {"title", text, "A few words: \"An issue changed\".", "", true},
    {"text", text, "What starts the workflow, and what items hold, in Markdown."},
    {"version", integer, "Of the node type; 1 without."},
    {"parameters", object_map, "By name, in order.", "parameter"},
    {"rules", objects, "What must hold between parameters.", "rule"},
    {"webhook", object, "The service calls.", "webhook"},
    {"poll", object, "The service is asked.", "poll"},
    {"examples", texts, "YAML of a node."},
});

constexpr auto kWebhook = std::to_array<Key>({
    {"subscribe", object, "The request that registers \"{url}\".", "webhook_call"},
    {"unsubscribe", object, "The request that undoes it.", "webhook_call"},
    {"find", object, "The request that lists what is registered.", "webhook_find"},
    {"keep", text_map, "Paths in a registration of what later requests and checks need."},
    {"check_every", text, "How often it is looked at; 10m without."},
    {"methods", texts, "Of deliveries; POST without."},
    {"challenge", text, "Answered with itself: \"{query.challenge}\"."},
    {"verify", object, "How a delivery shows that it is genuine.", "verify"},
    {"event", text, "What happened: \"{header.X-Event}\" or \"{body.event}\"."},
    {"wanted", text, "The parameter that lists the events; '*' is all of them."},
    {"filter", text_map, "Deliveries with these values: \"{body.project}\": \"{project}\"."},
    {"items", text, "Where items are in the body; the whole body without."},
    {"dedupe", text, "The same for what is delivered again: \"{header.X-Delivery}\"."},
    {"answer", integer, "The status of the answer; 200 without."},
});

constexpr auto kWebhookCall = std::to_array<Key>({
    {"request", text_or_object, "METHOD /path; {name} stands for a parameter.", "request", true},
    {"response", object, "Where the registration is in the answer.", "response"},
});

constexpr auto kWebhookFind = std::to_array<Key>({
    {"request", text_or_object, "GET /path; {name} stands for a parameter.", "request", true},
    {"paging", object, "How the next page is asked for.", "paging"},
    {"response", object, "Where the registrations are in the answer.", "response"},
    {"match", text_map, "Paths and values of the one that is this trigger's.", "", true},
});

constexpr auto kVerify = std::to_array<Key>({
    {"hmac", word, "A signature with this hash.", "sha1 sha256 sha512"},
    {"header", text, "Where the signature or token is."},
    {"query", text, "Where the token is, when not in a header."},
    {"secret", text, "\"{name}\" of what is kept, or \"{credential.field}\".", "", true},
    {"signed", text, "What is signed; \"{body}\" without."},
    {"encoding", word, "Of the signature.", "hex base64"},
    {"prefix", text, "Before the signature, as in sha256=."},
    {"part", text, "The signature is this part of \"t=1,v1=abc\"; {part.t} is another one."},
    {"timestamp", text, "When it was signed, in seconds: \"{header.X-Timestamp}\"."},
    {"within", text, "How old it may be; 5m without."},
});

constexpr auto kPoll = std::to_array<Key>({
    {"every", text, "How often, unless the node says it; 5m without."},
    {"request", text_or_object, "METHOD /path; \"{cursor}\" stands for the cursor.", "request",
     true},
    {"paging", object, "How the next page is asked for.", "paging"},
    {"response", object, "Where the items are in the answer.", "response"},
    {"cursor", text, "Path of an item's cursor; the greatest one is asked from next."},
    {"cursor_is", word, "What it is.", "time time_ms time_s number text"},
    {"dedupe", text, "The same for what was seen: \"{item.id}:{item.updated_at}\".", "", true},
});

constexpr auto kTriggerObjects = std::to_array<KeyedObject>({
    {"trigger", kTrigger},
    {"webhook", kWebhook},
    {"webhook_call", kWebhookCall},
    {"webhook_find", kWebhookFind},
    {"verify", kVerify},
    {"poll", kPoll},
});

}  // namespace

std::span<const KeyedObject> trigger_objects() {
  return kTriggerObjects;
}

}  // namespace engine::rest
