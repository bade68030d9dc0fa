// Undoes gzip and deflate piece by piece. On zlib itself: Poco's stream does not tell a cut answer
// from a complete one.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace engine::http {

class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Gives what comes out to `sink` in pieces of bounded size. Throws WireError{malformed}.
  void write(std::string_view bytes, const std::function<void(std::string_view)>& sink);
  /// Throws WireError{lost} when the data was not complete.
  void finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::http
