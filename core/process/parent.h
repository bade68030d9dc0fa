// The engine, as its child process sees it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/process/alertness.h"
#include "core/process/frame.h"

namespace engine::process {

/// Made once, first thing in a child's main. From then on the process dies with the engine, leaves
/// no core file, and is the first to go when the machine runs out of memory. When the engine is
/// gone or not understood, the process ends by itself. Used by one thread.
class Parent {
 public:
  explicit Parent(std::size_t largest_message = std::size_t{4} << 30U);

  /// Waits for work; nothing when the engine wants no more.
  std::optional<std::string> next_request();
  /// Asks the engine in the middle of the work.
  std::string call(std::string_view question);
  void note(std::string_view text);
  void result(std::string_view body);

 private:
  FrameReader::Got receive(Frame& frame);
  void send(FrameKind kind, std::string_view body);
  FrameReader reader_;
  Alertness alertness_;
};

}  // namespace engine::process
