// A request as the item that a webhook gives.
#pragma once

#include "core/node/trigger.h"

namespace engine::nodes {

/// {method, url, path, params, query, headers, body}. JSON and forms are read, files of a multipart
/// form and bodies that are no text become binary data; `raw` gives every body as it came, as
/// binary data `body`. Names of headers are in lower case; what is given twice in a query or form
/// becomes a list. Throws Error{user, "bad_body"} for a body that is not what its type says.
Item request_item(TriggerContext& context, const Delivery& delivery, bool raw);

}  // namespace engine::nodes
