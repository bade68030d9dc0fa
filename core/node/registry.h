// All node types of a process. Filled once, then frozen and passed around by reference.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/node/node.h"

namespace engine {

class Registry {
 public:
  using Loader = std::function<NodeType()>;

  /// Throws Error{bug, "duplicate_node_type"} when id and version are known already.
  void add(NodeType type);
  /// A type that is made on first use; so a package of 200 operations costs nothing until one is
  /// used.
  void add_lazy(const std::string& id, int version, std::string title, Loader load);

  /// The latest version, or the given one. Null when there is none. Thread-safe.
  const NodeType* find(std::string_view id, int version = 0) const;

  /// A package that is there and could not be loaded; `reason` is a full sentence.
  void refuse(std::string package, std::string reason);
  /// Why a type "package.…" that nobody registered is not there; empty when nothing is known.
  std::string refusal(std::string_view id) const;

  std::vector<std::string> ids() const;  ///< sorted
  std::vector<int> versions(std::string_view id) const;
  std::string title(std::string_view id) const;  ///< without loading a lazy type

 private:
  struct Entry {
    std::string title;
    Loader load;
    std::unique_ptr<NodeType> type;
  };
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::map<int, Entry>, std::less<>> entries_;
  std::map<std::string, std::string, std::less<>> refused_;
};

}  // namespace engine
