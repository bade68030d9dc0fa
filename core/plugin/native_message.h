// What the engine and the process of a plugin say to each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/native_call.h"
#include "core/plugin/native_library.h"
#include "core/process/wire.h"

namespace engine::plugin {

using process::WireBroken;
using process::WireReader;
using process::WireWriter;

/// What a plugin's process asks in the middle of a call. `log` and `progress` are told, not asked.
enum class NativeService : std::uint8_t {
  parameter,
  evaluate,
  send,
  send_begin,  ///< when several are under way at the same time; see PendingSends
  send_next,
  credential_field,
  signature_matches,
  binary_read,
  binary_begin,
  binary_write,
  binary_finish,
  stored,
  store,
  now_ms,
  log,
  progress,
};

/// How a parameter of one item stands in a request.
enum class GivenParameter : std::uint8_t {
  value,      ///< its JSON, empty when not given
  as_before,  ///< the same as that of the item before
  failed,     ///< an error document
};

void write_source(const LibrarySource& source, WireWriter& out);
LibrarySource read_source(WireReader& in);
void skip_source(WireReader& in);

void write_types(const std::vector<NativeType>& types, WireWriter& out);
std::vector<NativeType> read_types(WireReader& in);

/// A request: which library, then nothing more (to learn its types), or a call.
struct CallHead {
  std::size_t type = 0;
  NativeFunction function = NativeFunction::run;
  std::string_view argument;
};
std::string load_request(const LibrarySource& source);
/// Everything of the call that is known before it begins goes with it.
std::string call_request(const LibrarySource& source, const CallHead& head, NativeCall& call);

class PendingSends;
/// Carries out one question of a plugin's process; gives what `read_reply` reads. Never throws.
std::string answer_question(NativeCall& call, PendingSends& sends, std::string_view question);
/// The same of one request.
std::string send_reply(NativeCall& call, std::string_view request, std::string_view body);
void take_note(NativeCall& call, std::string_view note);

/// The reader of the answer to a question. Throws the Error that the engine answered.
WireReader read_reply(std::string_view reply);

}  // namespace engine::plugin
