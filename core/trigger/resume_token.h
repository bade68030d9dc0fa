// Signed tokens for `$execution.resumeUrl`. A token is good for one wait: the execution counts
// those that were ended by one, and the token says which it is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine::trigger {

class ResumeTokens {
 public:
  /// `key` is secret and stays the same between starts.
  explicit ResumeTokens(std::string key) : key_(std::move(key)) {}

  struct Claim {
    std::string execution;
    std::size_t resumes = 0;
  };
  std::string sign(const Claim& claim) const;
  /// Nothing for a token that was not made with this key. Compares in constant time.
  std::optional<Claim> verify(std::string_view token) const;

 private:
  std::string signature(std::string_view text) const;
  std::string key_;
};

}  // namespace engine::trigger
