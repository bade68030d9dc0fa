// What the engine and the process that runs scripts say to each other. Private to core/expression.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/expression/script_run.h"

namespace engine::expression {

/// The level of a line that tells what the kernel does not shut out.
constexpr std::string_view kRefusedByKernel = "refused";

/// Scripts with the same `place` (a workflow) share a global object.
struct ScriptRequest {
  std::string place;
  ScriptRun run;
};

std::string to_message(const ScriptRequest& request);
std::string to_message(const Question& question);
std::string to_message(const std::optional<std::string>& answer);
std::string to_message(const Error& error);
/// What a script gave.
std::string result_message(std::string_view text);
std::string log_message(std::string_view level, std::string_view text);

/// Of the child: it believes the engine.
ScriptRequest read_request(std::string_view message);
std::optional<std::string> read_answer(std::string_view message);

/// Of the engine: a child may send anything. Throw Error{upstream, "script_crashed"} when it is not
/// what it should be.
Question read_question(std::string_view message);
/// Throws the error that the child tells.
std::string read_result_message(std::string_view message);
std::pair<std::string_view, std::string_view> read_log(std::string_view message);

}  // namespace engine::expression
