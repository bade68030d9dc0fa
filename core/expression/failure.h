// What went wrong in one evaluation of one expression, and the Error that tells it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace engine::expression {

struct Segment;

struct Failure {
  std::string name;     ///< "TypeError"
  std::string message;  ///< as JavaScript says it
  int line = 0;         ///< within the expression, from 1; 0: unknown
  int column = 0;       ///< from 1; 0: unknown
  std::string code;     ///< when the engine raised it
};

/// Names of methods, asked for only when a near one is to be suggested.
using MethodNames = std::function<std::vector<std::string>()>;

/// The stable code of its Error.
std::string code_of(const Failure& failure);

/// A sentence for people: what is undefined, what is misspelt, what to do.
std::string explain(const Failure& failure, const MethodNames& methods);

/// Of item `item`, with the place of the segment and the place within it.
Error make_error(const Failure& failure, const Segment& segment, std::size_t item,
                 const MethodNames& methods);

/// The failure of reading `whole` where `base`, a part of it, is undefined or null.
Failure nothing_to_read(std::string_view base, std::string_view whole, bool is_null);

/// Of a global that nobody provides.
Failure unknown_global(std::string_view name);

/// The first characters of a source, for messages.
std::string shortened(std::string_view source);

}  // namespace engine::expression
