// What a node run is given. Implemented by the executor, and by a fake in tests.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/cancellation.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/value/item.h"

namespace engine {

namespace http {
struct Request;
struct Response;
struct ServerResponse;
}  // namespace http

class BinaryStore;

/// Services of one node run. Thread-safe: a node may work on several items at once.
class NodeContext {
 public:
  virtual ~NodeContext() = default;

  // ---- data
  virtual std::size_t input_count() const = 0;
  virtual const Items& input(std::size_t index = 0) const = 0;

  /// The value of a parameter for an item of the first input (0 also when there are no items):
  /// evaluated, checked, defaults filled in; missing when not given and without a default. Throws
  /// Error{user} with item and parameter.
  virtual Value parameter(std::string_view name, std::size_t item = 0) = 0;

  /// A `late` parameter, or a part of one ("paging.next"), with further globals: members of `extra`
  /// are named with their `$` ({"$response": …}).
  virtual Value evaluate(std::string_view parameter, std::size_t item, const Value& extra) = 0;

  /// The `code` node: under limits of processor time and memory.
  virtual Items run_script(const std::string& script, bool each_item, Milliseconds limit,
                           std::uint64_t memory_bytes) = 0;

  // ---- the world
  /// Signs with the credential of `slot` (when the node has one there) and sends. See http::Client
  /// for errors; an answer of any status is returned.
  virtual http::Response send(http::Request request, std::string_view slot = "") = 0;
  /// Whether a credential is given for the slot.
  virtual bool has_credential(std::string_view slot = "") const = 0;
  /// A field of the credential that is not secret ("api_url"); missing when there is none.
  virtual Value credential_field(std::string_view field, std::string_view slot = "") const = 0;
  /// Stable name of the credential, for caches; empty without one.
  virtual std::string credential_key(std::string_view slot = "") const = 0;

  virtual BinaryStore& binaries() = 0;
  /// Resolves a path of `read_file` and `write_file`. Throws Error{user} outside the allowed
  /// folder.
  virtual std::filesystem::path file(const std::string& path) const = 0;

  /// Small values kept for this node between executions (`remove_duplicates`, cursors). Missing
  /// when nothing was stored. Stored when the node run finishes, in one transaction with it.
  virtual Value stored(std::string_view key) = 0;
  virtual void store(std::string_view key, const Value& value) = 0;

  /// Runs another workflow; gives the items of its last nodes, or none when `wait` is false.
  virtual Items call_workflow(const std::string& workflow, const Items& items, bool wait,
                              std::size_t item) = 0;

  /// Answers the request that the execution was started by (the `respond` node). False when nobody
  /// waits for it: another start, an answer given already, or a process that is gone.
  virtual bool respond(http::ServerResponse response) = 0;

  // ---- the run
  virtual const Cancellation& cancellation() const = 0;
  /// When the cancellation will say `timeout`; nothing when the node has no limit.
  virtual std::optional<TimePoint> deadline() const { return std::nullopt; }
  virtual const Clock& clock() const = 0;
  virtual Random& random() = 0;
  virtual std::string timezone() const = 0;
  virtual Logger& log() = 0;
  virtual bool dry_run() const = 0;
  /// In a dry run: what would have been done, shown to the user.
  virtual void would(const std::string& what, const Value& details) = 0;
  /// Shown live; `total` 0 when unknown.
  virtual void progress(std::size_t done, std::size_t total) = 0;
  /// How many items this node may have in flight (`concurrency` of the file).
  virtual std::size_t concurrency() const = 0;
  /// `on_error` is `continue` or `output`: a failing item must not stop the others.
  virtual bool keeps_going() const = 0;
};

}  // namespace engine
