#include "core/plugin/compiled_package.h"

#include <cstdint>
#include <cstring>

namespace engine::plugin {
namespace {

void put_number(std::string& out, std::uint32_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

void put(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// Everything reads as empty from the first fault on.
class CompiledReader {
 public:
  explicit CompiledReader(std::string_view rest) : rest_(rest) {}

  std::uint32_t number() {
    std::uint32_t number = 0;
    const std::string_view bytes = take(sizeof number);
    if (bytes.size() == sizeof number) std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }

  std::string_view text() { return take(number()); }

  /// Of parts that take at least one byte each, so that a wrong number cannot fill the memory.
  std::size_t count() {
    const std::size_t count = number();
    if (count > rest_.size()) good_ = false;
    return good_ ? count : 0;
  }

  bool done() const { return good_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string encode(const PackageParts& parts) {
  std::string out;
  for (const std::string* text :
       {&parts.name, &parts.title, &parts.text, &parts.version, &parts.package.source}) {
    put(out, *text);
  }
  put_number(out, static_cast<std::uint32_t>(parts.package.operations.size()));
  for (const rest::CompiledOperation& operation : parts.package.operations) {
    put(out, operation.id);
    put_number(out, static_cast<std::uint32_t>(operation.version));
    put(out, operation.title);
    put(out, operation.source);
    put_number(out, operation.trigger ? 1 : 0);
  }
  put_number(out, static_cast<std::uint32_t>(parts.credentials.size()));
  for (const PackageParts::Credential& credential : parts.credentials) {
    put(out, credential.id);
    put(out, credential.source);
  }
  return out;
}

std::shared_ptr<const CompiledPackage> decode(std::string bytes) {
  const auto result = std::make_shared<CompiledPackage>();
  result->bytes = std::move(bytes);
  CompiledReader reader(result->bytes);
  for (std::string_view* text :
       {&result->name, &result->title, &result->text, &result->version, &result->source}) {
    *text = reader.text();
  }
  const std::size_t operations = reader.count();
  result->operations.reserve(operations);
  for (std::size_t i = 0; i < operations; ++i) {
    rest::PackedOperation operation{};
    operation.id = reader.text();
    operation.version = static_cast<int>(reader.number());
    operation.title = reader.text();
    operation.source = reader.text();
    operation.trigger = reader.number() == 1;
    result->operations.push_back(operation);
  }
  const std::size_t credentials = reader.count();
  for (std::size_t i = 0; i < credentials; ++i) {
    rest::PackedCredentialType type{};
    type.id = reader.text();
    type.source = reader.text();
    result->credentials.push_back(type);
  }
  return reader.done() ? result : nullptr;
}

}  // namespace engine::plugin
