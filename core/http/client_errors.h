// What goes wrong on the wire, said to people.
#pragma once

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/http/url.h"
#include "core/http/wire.h"

namespace engine::http {

enum class Phase { connecting, exchanging };

/// For every fault but `woken`.
Error client_error(const WireError& fault, Phase phase, const Request& request, const Url& url);

}  // namespace engine::http
