/* The edge between the engine and native plugins: C11, nothing but these two headers.
 *
 * A plugin is a shared library that exports one function, engine_plugin_entry. The engine opens it,
 * compares versions, and calls `load`, in which the plugin adds its node types, triggers and
 * credential types. What is added counts only if all of it is good.
 *
 * Data     Text is UTF-8 with its length; no zero ends it. JSON is RFC 8259, at most 100 levels
 *          deep. An item is a JSON object. Descriptions are what `engine nodes show TYPE --format
 *          json` prints.
 * Owners   What is called `borrowed` belongs to the other side and may be read until the function
 *          that was given it returns, or as long as its comment says. What is called `owned`
 *          becomes the caller's: it calls `release(keeper)` once, unless `release` is null.
 * Threads  The functions of a plugin may be called from several threads at once, each with a call
 *          of its own. The functions of the engine may be called from any thread, until the
 *          function that was given the call returns.
 * Failure  Functions that can fail return ENGINE_OK or ENGINE_FAILED and put an error document into
 *          their last parameter: {"cause": "user" | "credential" | "upstream" | "rate_limited" |
 *          "timeout" | "cancelled" | "storage" | "bug", "code": "snake_case", "message": "A
 *          sentence.", "item": 0, "parameter": "name", "http_status": 404, "retry_after_ms": 1000};
 *          the last four may be left out. No exception and no longjmp crosses.
 * Life     What a plugin adds is copied; its `self` and functions stay valid until the process
 *          ends. A library is never unloaded.
 * Growth   Structs begin with their size and grow at their end only. A member is there if it ends
 *          within `struct_size`; see ENGINE_HAS. The minor version counts what was added. The major
 *          version changes when something cannot be kept; the engine says which range it takes.
 */
#ifndef ENGINE_PLUGIN_H
#define ENGINE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

/* NOLINTBEGIN(readability-identifier-naming): C has no namespaces */

#ifdef __cplusplus
extern "C" {
#endif

#define ENGINE_ABI_MAJOR 1u
#define ENGINE_ABI_MINOR 0u

#define ENGINE_OK 0
#define ENGINE_FAILED 1

/* Whether the other side's struct is new enough to have the member. */
#define ENGINE_HAS(pointer, type, member) \
  ((pointer)->struct_size >= offsetof(type, member) + sizeof((pointer)->member))

#if defined(__GNUC__)
#define ENGINE_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define ENGINE_PLUGIN_EXPORT
#endif

/* ------------------------------------------------------------------------------------- bytes */

/* Bytes of somebody else. `data` may be null when `size` is 0. */
typedef struct engine_borrowed {
  const char* data;
  size_t size;
} engine_borrowed;

/* Bytes that the receiver owns: it calls release(keeper) once, from any thread. */
typedef struct engine_owned {
  const char* data;
  size_t size;
  void* keeper;
  void (*release)(void* keeper); /* null: nothing to release */
} engine_owned;

/* One call of a plugin's function. Valid until that function returns. */
typedef struct engine_call engine_call;

/* -------------------------------------------------------------------------------------- items */

/* An input item that an item was made from. */
typedef struct engine_origin {
  uint32_t input;
  uint32_t item;
} engine_origin;

/* An item that a node gives. */
typedef struct engine_item {
  uint32_t struct_size;
  uint32_t output;                       /* index of the output */
  engine_borrowed json;                  /* an object */
  engine_borrowed binary_json;           /* empty, or {name: what binary_finish gave} */
  const engine_origin* borrowed_origins; /* may be null when there are none */
  size_t origin_count;
} engine_item;

/* ----------------------------------------------------------------------------- the engine's side
 */

enum { ENGINE_LOG_DEBUG = 0, ENGINE_LOG_INFO = 1, ENGINE_LOG_WARN = 2, ENGINE_LOG_ERROR = 3 };
enum { ENGINE_RUNS = 0, ENGINE_CANCELLED = 1, ENGINE_TIMED_OUT = 2 };

/* What the engine does for a call. Valid until the process ends. Every function may be called from
 * any thread until the call ends; those that do not fit the kind of call fail with the code
 * "not_for_this_call". */
typedef struct engine_host {
  uint32_t struct_size;
  uint32_t abi_major; /* of the engine */
  uint32_t abi_minor;
  uint32_t reserved;

  /* ---- the call */

  /* Of a node run: {"kind": "run", "timezone", "concurrency", "keeps_going", "dry_run",
   * "credentials"}. Of a trigger's function: {"kind": "trigger", "workflow", "node", "timezone",
   * "url", "state", "credentials"}. The last is a list of the slots that have a credential.
   * Borrowed until the call ends. */
  engine_borrowed (*facts)(engine_call* call);
  /* Body of the request that a webhook trigger receives; empty in other calls. Borrowed until the
   * call ends. */
  engine_borrowed (*body)(engine_call* call);
  /* ENGINE_RUNS, or why the call is to end. A function that goes on after that is given up. Apart,
   * in a process of its own, the process is killed at once, and nobody sees anything else here. */
  int32_t (*cancelled)(engine_call* call);
  /* Milliseconds that are left; -1 when there is no limit. */
  int64_t (*time_left_ms)(engine_call* call);
  /* Milliseconds since 1970-01-01T00:00:00Z. Tests of workflows fix it. */
  int64_t (*now_ms)(engine_call* call);

  /* ---- data of a node run */

  size_t (*input_count)(engine_call* call);
  size_t (*item_count)(engine_call* call, size_t input); /* 0 for an input that is not there */
  /* The JSON object of an item. Borrowed until the call ends; empty when there is no such item. */
  engine_borrowed (*item_json)(engine_call* call, size_t input, size_t item);
  /* {name: {"id", "mime_type", "file_name", "size"}}, or empty. Borrowed until the call ends. */
  engine_borrowed (*item_binary_json)(engine_call* call, size_t input, size_t item);
  /* The value of a parameter for an item of the first input (0 also when there are no items, and
   * for triggers): checked, defaults filled in, empty when not given. Borrowed until the call
   * ends. */
  int32_t (*parameter)(engine_call* call, engine_borrowed name, size_t item,
                       engine_borrowed* borrowed_json, engine_owned* owned_error);
  /* The value of a `late` parameter. Members of `extra_json` become further names in its
   * expressions; they begin with `$`. */
  int32_t (*evaluate)(engine_call* call, engine_borrowed name, size_t item,
                      engine_borrowed extra_json, engine_owned* owned_json);
  /* Adds an item to an output. Everything is copied. Fails when the answer grows too large. */
  int32_t (*give)(engine_call* call, const engine_item* borrowed_item, engine_owned* owned_error);
  /* An item of the first input failed, and what the others gave is kept. */
  int32_t (*fail_item)(engine_call* call, size_t item, engine_borrowed error_json,
                       engine_owned* owned_error);
  /* An item of the first input was left when an earlier failure stopped the run. */
  int32_t (*leave_item)(engine_call* call, size_t item, engine_owned* owned_error);

  /* ---- the world */

  /* Signs a request with the credential of its slot, when the node has one there, and sends it
   * through the engine's client (connections, proxies, pace, retries, host rules). The secret is
   * never seen here. `request_json`: {"method": "GET", "url", "query": {name: text}, "headers":
   * {name: text}, "slot": "", "timeout_ms": 60000, "attempts": 3}; only "url" is required.
   * `owned_head_json`: {"status", "headers": {name in lower case: text}} of an answer of any
   * status, or the error document. In a dry run, requests that may change something are shown and
   * not sent; the answer is then what was sent, with "id": "dry_run". */
  int32_t (*send)(engine_call* call, engine_borrowed request_json, engine_borrowed body,
                  engine_owned* owned_head_json, engine_owned* owned_body);
  /* A field of the credential of `slot` ("" for a node with one) that is not secret, as JSON;
   * empty when there is none. */
  int32_t (*credential_field)(engine_call* call, engine_borrowed slot, engine_borrowed field,
                              engine_owned* owned_json);
  /* Whether an HMAC (RFC 2104) of `bytes` is right, in constant time. `request_json`: {"algorithm":
   * "sha256", "encoding": "hex" | "base64", "signature", and either "key" or "field" and "slot" of
   * the credential}. `owned_json`: true or false. For triggers. */
  int32_t (*signature_matches)(engine_call* call, engine_borrowed request_json,
                               engine_borrowed bytes, engine_owned* owned_json);
  /* Up to `most` bytes of binary data, from `offset`; empty at its end. `binary_json` is a member
   * of item_binary_json. */
  int32_t (*binary_read)(engine_call* call, engine_borrowed binary_json, uint64_t offset,
                         size_t most, engine_owned* owned_bytes);
  /* Binary data is written piece by piece; it counts from binary_finish on, which gives what an
   * item carries. One that is not finished when the call ends is dropped. */
  int32_t (*binary_begin)(engine_call* call, uint64_t* writer, engine_owned* owned_error);
  int32_t (*binary_write)(engine_call* call, uint64_t writer, engine_borrowed bytes,
                          engine_owned* owned_error);
  int32_t (*binary_finish)(engine_call* call, uint64_t writer, engine_borrowed mime_type,
                           engine_borrowed file_name, engine_owned* owned_json);
  /* Small values of this node, kept between executions. Empty when nothing was stored. What is
   * stored counts when the node run succeeds. */
  int32_t (*stored)(engine_call* call, engine_borrowed key, engine_owned* owned_json);
  int32_t (*store)(engine_call* call, engine_borrowed key, engine_borrowed json,
                   engine_owned* owned_error);

  /* ---- what people see */

  void (*log)(engine_call* call, int32_t level, engine_borrowed message);
  void (*progress)(engine_call* call, uint64_t done, uint64_t total); /* total 0: unknown */
} engine_host;

/* ----------------------------------------------------------------------------- the plugin's side
 */

/* A function of a plugin. `self` is that of the struct it stands in; `argument_json` and what
 * `owned_result` holds on success are told there. The caller releases `owned_result`, whatever is
 * returned. */
typedef int32_t (*engine_function)(void* self, engine_call* call, engine_borrowed argument_json,
                                   engine_owned* owned_result);

/* A node type that works on items. `run`: no argument; it gives its items by engine_host::give, and
 * its result is empty. A type whose description has the trait `writes` changes something in other
 * ways than by engine_host::send, and is not run by `--dry-run`. */
typedef struct engine_action {
  uint32_t struct_size;
  uint32_t reserved;
  engine_borrowed description_json;
  void* self;
  engine_function run;
} engine_action;

/* A trigger that is called by HTTP.
 * `route`: no argument; {"path": "orders/:id", "methods": ["POST"], "max_body_bytes": 1000}. An
 *   empty path leaves it to the engine; the last member may be left out.
 * `receive`: {"method", "path", "peer", "query": [[name, text]…], "headers": [[name, text]…],
 *   "params": {name: text}}, with the body by engine_host::body; gives {"starts": STARTS, "state",
 *   "answer": {"status": 200, "headers": {name: text}, "body": "text"}, "when": "received" |
 *   "last_node" | "respond"}. All may be left out. It is short: what takes long belongs into `run`.
 *   STARTS is [{"items": [object…], "dedupe_key": "text"}…]. "state" replaces the stored one.
 * `run` may be null. It is run over the items of a start when they are stored and acknowledged, as
 *   the first node run of the execution. */
typedef struct engine_webhook_trigger {
  uint32_t struct_size;
  uint32_t reserved;
  engine_borrowed description_json;
  void* self;
  engine_function route;
  engine_function receive;
  engine_function run;
} engine_webhook_trigger;

/* A webhook that has to be registered with the service which calls it. `route`, `receive` and `run`
 * are those of engine_webhook_trigger.
 * `activate`: no argument; makes sure that the service calls the "url" of the facts, and gives the
 *   state to store, any JSON. Called again every `check_every_ms`.
 * `deactivate`: no argument, no result; undoes the registration.
 * `catch_up`: may be null. No argument; {"starts": STARTS, "state"} of what happened while nobody
 *   listened. */
typedef struct engine_service_webhook_trigger {
  uint32_t struct_size;
  uint32_t reserved;
  engine_borrowed description_json;
  void* self;
  engine_function route;
  engine_function receive;
  engine_function run;
  engine_function activate;
  engine_function deactivate;
  engine_function catch_up;
  int64_t check_every_ms;
} engine_service_webhook_trigger;

/* A trigger that asks a service for news.
 * `every`: no argument; the number of milliseconds between two polls.
 * `poll`: no argument; {"starts": STARTS, "state"} of what is new since the "state" of the facts.
 *   With no state yet: a state for "now", and no starts. Never called twice at once for a node.
 * `run` may be null; see engine_webhook_trigger. */
typedef struct engine_poll_trigger {
  uint32_t struct_size;
  uint32_t reserved;
  engine_borrowed description_json;
  void* self;
  engine_function every;
  engine_function poll;
  engine_function run;
} engine_poll_trigger;

/* A credential type. `declaration_json` is what a credential.yaml holds, as JSON; its `sign` may be
 * "none" when there is a function.
 * `sign` may be null. {"fields": {…}, "request": {"method", "url", "headers": [[name, text]…]}},
 *   with the body of the request by engine_host::body; gives {"headers": {name: text}, "query":
 *   {name: text}} to be added. This is the only function of a plugin that sees secrets: those of
 *   its own type. */
typedef struct engine_credential_type {
  uint32_t struct_size;
  uint32_t reserved;
  engine_borrowed declaration_json;
  void* self;
  engine_function sign;
} engine_credential_type;

/* What `load` adds to. Valid until `load` returns, and used by its thread only. Ids are the name of
 * the plugin, or begin with it and a dot (node types) or underscore (credential types). What is
 * added is copied, texts included. A failed addition makes all of the plugin fail. */
typedef struct engine_registrar engine_registrar;
struct engine_registrar {
  uint32_t struct_size;
  uint32_t reserved;
  int32_t (*add_action)(engine_registrar* registrar, const engine_action* borrowed,
                        engine_owned* owned_error);
  int32_t (*add_webhook_trigger)(engine_registrar* registrar,
                                 const engine_webhook_trigger* borrowed, engine_owned* owned_error);
  int32_t (*add_service_webhook_trigger)(engine_registrar* registrar,
                                         const engine_service_webhook_trigger* borrowed,
                                         engine_owned* owned_error);
  int32_t (*add_poll_trigger)(engine_registrar* registrar, const engine_poll_trigger* borrowed,
                              engine_owned* owned_error);
  int32_t (*add_credential_type)(engine_registrar* registrar,
                                 const engine_credential_type* borrowed, engine_owned* owned_error);
};

/* The plugin itself. The first four members never move, so that versions can always be compared. */
typedef struct engine_plugin {
  uint32_t struct_size;
  uint32_t abi_major; /* ENGINE_ABI_MAJOR and ENGINE_ABI_MINOR of the header it was built with */
  uint32_t abi_minor;
  uint32_t reserved;
  engine_borrowed name;    /* as in its package.yaml */
  engine_borrowed version; /* "1.2.3" */
  /* Called once, before anything else. `host` stays valid until the process ends. */
  int32_t (*load)(const engine_host* host, engine_registrar* registrar, engine_owned* owned_error);
} engine_plugin;

/* The one symbol of a plugin. Gives the same pointer whenever it is called; it is not released. */
ENGINE_PLUGIN_EXPORT const engine_plugin* engine_plugin_entry(void);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(readability-identifier-naming) */

#endif /* ENGINE_PLUGIN_H */
