// What people read: errors, faults of a file, tables.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/error.h"
#include "core/value/value.h"

namespace CLI {
class App;
}

namespace engine::cli {

/// To stderr: "error: …".
void print_error(const Error& error, bool colours);

/// To stderr, each with its place, the line of the file and a caret under the column.
void print_diagnostics(const std::vector<Diagnostic>& diagnostics, bool colours);

/// For machines: a list of {file, line, column, code, message}.
Value faults_json(const std::vector<Diagnostic>& diagnostics);

/// Columns are as wide as their widest cell; the first row is the head.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

/// Display width of a UTF-8 text: its code points.
std::size_t text_width(std::string_view text);
/// At most `width` code points; "…" stands for what is cut. Control characters become spaces.
std::string shortened(std::string_view text, std::size_t width);

/// "There is no command 'rnu'. Did you mean 'run'?" for the first word that is no command or
/// option; empty when all are known.
std::string unknown_word(const CLI::App& app, int count, char** arguments);

}  // namespace engine::cli
