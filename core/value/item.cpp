#include "core/value/item.h"

#include <atomic>

namespace engine {

struct Origin::Many {
  std::atomic<std::uint32_t> references{1};
  std::vector<Source> sources;
};

Origin Origin::of(std::size_t item, std::size_t input) {
  Origin origin;
  origin.bits_ = (static_cast<std::uint64_t>(item) << 32U) |
                 (static_cast<std::uint64_t>(input & 0x7fffffffU) << 1U) | 1U;
  return origin;
}

Origin Origin::of(std::vector<Source> sources) {
  if (sources.empty()) return {};
  if (sources.size() == 1) return of(sources[0].item, sources[0].input);
  Origin origin;
  auto* many = new Many;
  many->sources = std::move(sources);
  origin.bits_ = reinterpret_cast<std::uint64_t>(many);
  return origin;
}

Origin::Many* Origin::many() const {
  return reinterpret_cast<Many*>(bits_);  // NOLINT(performance-no-int-to-ptr): see bits_
}

Origin::Origin(const Origin& other) : bits_(other.bits_) {
  if (bits_ != 0 && (bits_ & 1U) == 0) {
    many()->references.fetch_add(1, std::memory_order_relaxed);
  }
}

Origin::~Origin() {
  if (bits_ == 0 || (bits_ & 1U) != 0) return;
  if (many()->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete many();
}

std::size_t Origin::size() const {
  if (bits_ == 0) return 0;
  return (bits_ & 1U) != 0 ? 1 : many()->sources.size();
}

Origin::Source Origin::operator[](std::size_t index) const {
  if ((bits_ & 1U) != 0) {
    return {static_cast<std::uint32_t>((bits_ >> 1U) & 0x7fffffffU),
            static_cast<std::uint32_t>(bits_ >> 32U)};
  }
  return many()->sources[index];
}

}  // namespace engine
