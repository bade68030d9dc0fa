#include "core/expression/jsc_string.h"

#include "core/expression/utf16.h"

namespace engine::expression {

// ASCII goes in as bytes: JavaScriptCore then keeps one byte a character and reads it faster.
JscString::JscString(const JscLibrary& jsc, std::string_view text) : jsc_(jsc), string_(nullptr) {
  if (is_ascii(text) && text.find('\0') == std::string_view::npos) {
    string_ = jsc.JSStringCreateWithUTF8CString(std::string(text).c_str());
    return;
  }
  const std::u16string wide = to_utf16(text);
  static_assert(sizeof(JSChar) == sizeof(char16_t));
  string_ =
      jsc.JSStringCreateWithCharacters(reinterpret_cast<const JSChar*>(wide.data()), wide.size());
}

std::string JscString::str() const {
  if (string_ == nullptr) return {};
  std::string text(jsc_.JSStringGetMaximumUTF8CStringSize(string_), '\0');
  const std::size_t written = jsc_.JSStringGetUTF8CString(string_, text.data(), text.size());
  // A lone surrogate has no UTF-8: the library stops at it, or gives up.
  const std::size_t length = jsc_.JSStringGetLength(string_);
  if (written > length || length == 0) {
    text.resize(written == 0 ? 0 : written - 1);
    if (text.find("\xED\xA0") == std::string::npos && text.find('\xED') == std::string::npos) {
      return text;
    }
  }
  const auto* units = reinterpret_cast<const char16_t*>(jsc_.JSStringGetCharactersPtr(string_));
  return to_utf8({units, length});
}

}  // namespace engine::expression
