// Where webhooks end in tests: keeps what was sent, and answers as told.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/http/client.h"
#include "core/value/json.h"

namespace engine::clickup::sandbox::test {

class Mailbox final : public http::Client {
 public:
  struct Mail {
    std::string url;
    std::string body;
    std::string signature;
    Milliseconds timeout{0};
    Value json;
  };

  http::Response send(const http::Request& request, const Cancellation& cancellation) override {
    cancellation.check();
    const std::lock_guard lock(mutex_);
    Mail mail;
    mail.url = request.url;
    mail.body = std::get<std::string>(request.body.parts.front());
    mail.signature = request.headers.find("X-Signature").value_or("");
    mail.timeout = request.timeout;
    mail.json = parse_json(mail.body, "the delivery");
    mails_.push_back(std::move(mail));
    if (status == 0) throw Error(ErrorCause::timeout, "request_timeout", "Too late.");
    http::Response response;
    response.status = status;
    return response;
  }

  /// What came, oldest first; forgets it.
  std::vector<Mail> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mails_, {});
  }

  int status = 200;  ///< of every answer; 0: too late. Set while nothing is under way.

 private:
  std::mutex mutex_;
  std::vector<Mail> mails_;
};

}  // namespace engine::clickup::sandbox::test
