// Binary data of items: files named after their content, so that the same bytes are kept once.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "core/base/random.h"
#include "core/value/value.h"

namespace engine {

/// Thread-safe.
class BinaryStore {
 public:
  /// The folder is made on first use, 0700.
  BinaryStore(std::filesystem::path folder, Random& random);

  /// Receives bytes; the content counts from `finish` on, which writes it durably under its
  /// SHA-256.
  class Writer {
   public:
    virtual ~Writer() = default;
    virtual void write(std::string_view bytes) = 0;  ///< throws Error{storage}
    /// {id, mime_type, file_name, size}: a member of Item::binary.
    virtual Value finish(std::string_view mime_type, std::string_view file_name) = 0;
  };
  std::unique_ptr<Writer> writer();

  Value put(std::string_view bytes, std::string_view mime_type, std::string_view file_name);

  /// Throws Error{storage, "binary_missing"}.
  std::filesystem::path path(View binary) const;
  std::string read(View binary) const;

  static constexpr std::chrono::hours kYoung{24};
  /// Removes files that nothing refers to and that were written before `older_than` (`kYoung`
  /// ago): what was written since may be referred to by items that are not stored yet. Also what a
  /// crash has left half-written. `used` gives the ids that are referred to; it is asked only when
  /// there is something to remove. Gives the number of removed files.
  std::size_t sweep(std::chrono::system_clock::time_point older_than,
                    const std::function<std::set<std::string, std::less<>>()>& used) const;

 private:
  std::filesystem::path folder_;
  Random& random_;
};

}  // namespace engine
