#include "core/store/binary_ids.h"

namespace engine::store {

// Whatever looks like one is taken for one: a file that is kept for nothing does less harm than one
// that is missing.
void collect_binary_ids(std::string_view json, std::set<std::string, std::less<>>& ids) {
  constexpr std::string_view kMember = "\"id\":\"";
  constexpr std::size_t kDigits = 64;
  for (std::size_t at = json.find(kMember); at != std::string_view::npos;
       at = json.find(kMember, at + 1)) {
    const std::string_view id = json.substr(at + kMember.size(), kDigits);
    if (id.size() == kDigits &&
        id.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
      ids.emplace(id);
    }
  }
}

}  // namespace engine::store
