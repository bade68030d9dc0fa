// TLS on a connected socket, with the system's certificate authorities ($SSL_CERT_FILE and
// $SSL_CERT_DIR are honoured by OpenSSL). On OpenSSL and not on Poco's secure sockets: those block,
// and do not say why a certificate was refused.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/http/wire.h"

struct ssl_ctx_st;

namespace engine::http {

/// Thread-safe. OpenSSL is not touched before the first connection: reading the authorities takes
/// longer than running a small workflow.
class TlsContext {
 public:
  TlsContext() = default;

  /// Handshake, certificate and host name. Throws WireError{untrusted, lost, deadline, woken} with
  /// a text that says why.
  std::unique_ptr<Stream> connect(const Poco::Net::StreamSocket& socket, const std::string& host,
                                  const WireLimits& limits);

 private:
  ssl_ctx_st* context();

  std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace engine::http
