// Parameters of declarative nodes and fields of declarative credential types.
#pragma once

#include "core/rest/operation.h"
#include "core/rest/source_reader.h"

namespace engine::rest {

/// What `core/schema/parameter.h` describes; `further` keys are left to the caller.
Parameter read_parameter(SourceReader& reader, const std::string& name, const Located& at,
                         const std::vector<std::string>& further = {});

/// The same with its way into the request.
RestParameter read_rest_parameter(SourceReader& reader, const std::string& name, const Located& at);

/// Only the conversion: of fields whose kind the service tells.
void read_conversion(SourceReader& reader, const Located& at, Wire& wire);

/// All members of a map of parameters, in order.
std::vector<RestParameter> read_rest_parameters(SourceReader& reader, const Located& map);

}  // namespace engine::rest
