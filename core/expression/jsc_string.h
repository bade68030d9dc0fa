// An owned JSStringRef.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/expression/jsc_library.h"

namespace engine::expression {

class JscString {
 public:
  JscString(const JscLibrary& jsc, std::string_view text);
  /// Takes over `string`, which may be null: then it is empty.
  JscString(const JscLibrary& jsc, JSStringRef string) : jsc_(jsc), string_(string) {}
  ~JscString() {
    if (string_ != nullptr) jsc_.JSStringRelease(string_);
  }
  JscString(const JscString&) = delete;
  JscString& operator=(const JscString&) = delete;

  operator JSStringRef() const { return string_; }

  /// UTF-8; lone surrogates become U+FFFD.
  std::string str() const;

 private:
  const JscLibrary& jsc_;
  JSStringRef string_;
};

}  // namespace engine::expression
