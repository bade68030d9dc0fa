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
  const std::size_t length = jsc_.JSStringGetLength(string_);
  // Most texts are ASCII and fit exactly; room for the worst case would be three times as much.
  std::string text(length + 1, '\0');
  if (jsc_.JSStringGetUTF8CString(string_, text.data(), text.size()) == length + 1) {
    text.pop_back();
    if (is_ascii(text)) return text;
  }
  const auto* units = reinterpret_cast<const char16_t*>(jsc_.JSStringGetCharactersPtr(string_));
  return to_utf8({units, length});
}

}  // namespace engine::expression
