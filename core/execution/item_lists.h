// Item lists as text: the format inside stored events.
#pragma once

#include <string>
#include <vector>

#include "core/execution/history.h"

namespace engine::execution {

/// Writes `lists` as members of the open object `data` ("name": {"counts": […], "items": […]}), or
/// hands them to the sink in pieces and writes "pieces": true. Nothing in `inputs` is written
/// again.
void write_lists(std::string& data, std::string_view name, const std::vector<Items>& lists,
                 const std::vector<RunInput>& inputs, const PieceSink& sink);

std::vector<Items> read_lists(View lists, const std::vector<RunInput>& inputs,
                              const PieceSource& pieces);

}  // namespace engine::execution
