// The `paging` and `response` of an operation, from its source.
#pragma once

#include "core/rest/operation.h"
#include "core/rest/source_reader.h"

namespace engine::rest {

Paging read_paging(SourceReader& reader, const Located& at);
ResponseSpec read_response(SourceReader& reader, const Located& at);

}  // namespace engine::rest
