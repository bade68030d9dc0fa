// A headless Chromium, driven through the DevTools protocol over a pair of pipes
// (--remote-debugging-pipe: JSON messages, each ended by a zero byte).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "core/value/value.h"

namespace engine::e2e {

/// One tab. Every step that loads a page ends when the page is loaded; waits end after two minutes
/// with a std::runtime_error. The destructor ends the browser.
class Chromium {
 public:
  /// Keeps its data below `folder`. Throws std::runtime_error when there is no Chromium.
  explicit Chromium(const std::filesystem::path& folder);
  ~Chromium();
  Chromium(const Chromium&) = delete;
  Chromium& operator=(const Chromium&) = delete;

  void open(const std::string& url);
  /// Clicks what a CSS selector finds, and waits for the page that comes.
  void press(const std::string& selector);
  /// The value of a JavaScript expression in the page, as text.
  std::string evaluate(const std::string& expression);
  std::string text() { return evaluate("document.body.innerText"); }

 private:
  Value call(const std::string& method, const Value& parameters);
  Value read_message();
  void wait_for_load();

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int last_id_ = 0;
  bool loaded_ = false;
  std::string session_;
  std::string buffer_;
};

}  // namespace engine::e2e
