// Binary data of one call: what is being written, and reading by pieces.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/node/binary_store.h"

namespace engine::plugin {

/// What is not finished is dropped with it. Thread-safe.
class BinaryPorts {
 public:
  explicit BinaryPorts(BinaryStore& store) : store_(store) {}

  std::string read(std::string_view binary_json, std::uint64_t offset, std::size_t most) const;
  /// Throws Error{user, "plugin_bad_request"} for too many at once.
  std::uint64_t begin();
  void write(std::uint64_t writer, std::string_view bytes);
  std::string finish(std::uint64_t writer, std::string_view mime_type, std::string_view file_name);

 private:
  std::shared_ptr<BinaryStore::Writer> find(std::uint64_t writer);

  BinaryStore& store_;
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::shared_ptr<BinaryStore::Writer>> writers_;
};

}  // namespace engine::plugin
