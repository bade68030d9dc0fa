// Asks for pages while earlier ones are handled.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "core/http/message.h"
#include "core/rest/call.h"

namespace engine::rest {

/// One walk over pages, on a thread of its own: where the text of an answer tells already that
/// there is a next page, that one is asked for at once, up to a few pages ahead of the reader. The
/// public functions are for one reading thread. Whatever an exchange throws, `take` throws in its
/// place.
class PagesAhead {
 public:
  using Exchange = std::function<http::Response(const Call&)>;
  /// The call after page `page` (from 0) that was answered with `body`; nothing when only a reader
  /// of the page can tell.
  using Next = std::function<std::optional<Call>(std::size_t page, std::string_view body)>;

  PagesAhead(Exchange exchange, Next next);
  /// Waits for the request that is under way.
  ~PagesAhead();
  PagesAhead(const PagesAhead&) = delete;
  PagesAhead& operator=(const PagesAhead&) = delete;

  /// Asks for the page after those that were taken, unless it is known already.
  void ask(const Call& call);
  http::Response take();

 private:
  struct Page {
    http::Response response;
    std::exception_ptr error;
  };
  void loop();
  Page fetch(const Call& call) const;

  const Exchange exchange_;
  const Next next_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Page> ready_;
  std::optional<Call> call_;  // to be sent, or under way
  std::size_t answered_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace engine::rest
