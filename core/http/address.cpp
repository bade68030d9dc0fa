#include "core/http/address.h"

#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

namespace engine::http {
namespace {

using Poco::Net::IPAddress;

struct Range {
  std::uint32_t first;
  unsigned bits;
};

constexpr std::array<Range, 14> kPrivateRanges{{
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // shared by carriers
    {0x7F000000, 8},   // loopback
    {0xA9FE0000, 16},  // link-local, metadata services
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 4},   // multicast
    {0xF0000000, 4},   // reserved, broadcast
}};

using Bytes = std::array<std::uint8_t, 16>;

std::uint32_t four_bytes(const std::uint8_t* from) {
  return (std::uint32_t{from[0]} << 24U) | (std::uint32_t{from[1]} << 16U) |
         (std::uint32_t{from[2]} << 8U) | std::uint32_t{from[3]};
}

bool is_private_v4(std::uint32_t address) {
  return std::any_of(kPrivateRanges.begin(), kPrivateRanges.end(), [&](const Range& range) {
    return ((address ^ range.first) >> (32 - range.bits)) == 0;
  });
}

bool is_private_v6(const Bytes& bytes) {
  const bool zeros = std::all_of(bytes.begin(), bytes.begin() + 10, [](auto b) { return b == 0; });
  const bool mapped = zeros && ((bytes[10] == 0xFF && bytes[11] == 0xFF) ||
                                (bytes[10] == 0 && bytes[11] == 0));  // ::, ::1, ::a.b.c.d
  if (mapped) return is_private_v4(four_bytes(&bytes[12]));
  if (four_bytes(bytes.data()) == 0x0064FF9B)
    return is_private_v4(four_bytes(&bytes[12]));                                         // NAT64
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_private_v4(four_bytes(&bytes[2]));  // 6to4
  const bool global = (bytes[0] & 0xE0U) == 0x20;  // 2000::/3; fc00::, fe80:: and ff00:: are not
  const bool documentation = four_bytes(bytes.data()) == 0x20010DB8;
  const bool teredo = four_bytes(bytes.data()) == 0x20010000;
  return !global || documentation || teredo;
}

// Shared with a resolver thread that may outlive whoever asked.
struct Lookup {
  std::mutex mutex;
  Wakeup done;
  std::vector<IPAddress> addresses;
  std::string failure;
};

void look_up(const std::string& host, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const std::lock_guard lock(lookup.mutex);
  if (error != 0) lookup.failure = ::gai_strerror(error);
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    lookup.addresses.emplace_back(*entry->ai_addr);
  }
  lookup.done.wake();
}

}  // namespace

bool is_private_address(const IPAddress& address) {
  const auto* bytes = static_cast<const std::uint8_t*>(address.addr());
  if (address.family() == IPAddress::IPv4) return is_private_v4(four_bytes(bytes));
  Bytes copy{};
  std::copy(bytes, bytes + copy.size(), copy.begin());
  return is_private_v6(copy);
}

std::vector<IPAddress> resolve_host(const std::string& host, const WireLimits& limits) {
  IPAddress literal;
  if (IPAddress::tryParse(host, literal)) return {literal};
  const auto lookup = std::make_shared<Lookup>();
  std::thread([host, lookup] { look_up(host, *lookup); }).detach();
  wait_ready(lookup->done.fd(), POLLIN, limits);
  const std::lock_guard lock(lookup->mutex);
  if (lookup->addresses.empty()) throw WireError(WireFault::lost, lookup->failure);
  return lookup->addresses;
}

}  // namespace engine::http
