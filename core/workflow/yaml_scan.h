// What is looked for in the bytes of a YAML file, before and beside its syntax. Private to
// core/workflow.
#pragma once

#include <string>
#include <string_view>

#include "core/base/diagnostic.h"

namespace engine::workflow {

/// Bytes that no YAML file may hold: bad UTF-8, control characters. False when there are any; then
/// reading cannot go on.
bool check_bytes(std::string_view text, const std::string& file, Diagnostics& diagnostics);

/// Looks for the usual causes of a syntax error: tabs in the indentation and `{{` outside of
/// quotes. Knows quotes, comments and blocks well enough for files that do not parse. Returns the
/// first line with a fault, 0 when there is none.
int scan_for_causes(std::string_view text, const std::string& file, Diagnostics& diagnostics);

/// The fault of an unquoted `{{`; `line` is the text of the line it stands in.
void report_unquoted(const Position& position, std::string_view line, Diagnostics& diagnostics);

/// Whether the quoted text that begins at `position` ends: yaml-cpp takes the end of the file for a
/// closing quote. True as well when no quote stands there.
bool closes_quote(std::string_view text, const Position& position);

/// Line `number` (from 1) of the text, without its end; empty when there is none.
std::string_view line_of(std::string_view text, int number);

}  // namespace engine::workflow
