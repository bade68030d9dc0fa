// Host names to addresses, and which addresses the outside may be led to.
#pragma once

#include <Poco/Net/IPAddress.h>

#include <string>
#include <vector>

#include "core/http/wire.h"

namespace engine::http {

/// Loopback, private, link-local (cloud metadata lives there), unique-local, shared (RFC 6598),
/// multicast, reserved and unspecified addresses, also inside IPv6 (mapped, NAT64, 6to4).
/// Source: IANA special-purpose address registries (RFC 6890).
bool is_private_address(const Poco::Net::IPAddress& address);

/// In the order to try. Throws WireError{lost} when there is none, and {deadline, woken}: the
/// system's resolver cannot be interrupted, so it is asked in a thread that may be left behind.
std::vector<Poco::Net::IPAddress> resolve_host(const std::string& host, const WireLimits& limits);

}  // namespace engine::http
