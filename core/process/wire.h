// Numbers and texts in the bodies of messages between the engine and a child process.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engine::process {

/// Both ends are the same program on the same machine: numbers are as they lie in memory.
class WireWriter {
 public:
  void number(std::uint64_t value) {
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  /// The text that `print(std::string&)` adds to the message.
  template <typename Print>
  void text_by(const Print& print) {
    const std::size_t before = out_.size();
    number(0);
    print(out_);
    const std::uint64_t size = out_.size() - before - sizeof(std::uint64_t);
    std::memcpy(out_.data() + before, &size, sizeof size);
  }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  /// What another one wrote.
  void append(const WireWriter& other) { out_ += other.out_; }

  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// A message that ends too early or says what nobody can.
struct WireBroken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Texts are parts of the message. Throws WireBroken.
class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1).front()); }
  std::string_view text() { return take(number()); }
  /// A number of things that take at least `each` bytes each.
  std::size_t count(std::size_t each) {
    const std::uint64_t value = number();
    if (value > rest_.size() / each) throw WireBroken("a message counts more than it has");
    return static_cast<std::size_t>(value);
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) throw WireBroken("a message ends too early");
    const std::string_view part = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return part;
  }

  std::string_view rest_;
};

}  // namespace engine::process
