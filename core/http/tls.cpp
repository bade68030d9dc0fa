#include "core/http/tls.h"

#include <Poco/Net/IPAddress.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace engine::http {
namespace {

// OpenSSL's socket BIO writes with write(2), which raises SIGPIPE when the peer is gone.
int send_quietly(BIO* bio, const char* bytes, int size) {
  const auto sent = ::send(static_cast<int>(BIO_get_fd(bio, nullptr)), bytes,
                           static_cast<std::size_t>(size), MSG_NOSIGNAL);
  BIO_clear_retry_flags(bio);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

using BioMethod = std::shared_ptr<BIO_METHOD>;

BioMethod quiet_socket_method() {
  const BIO_METHOD* socket = BIO_s_socket();
  BioMethod method(BIO_meth_new(BIO_TYPE_SOCKET, "socket without signals"), BIO_meth_free);
  BIO_meth_set_write(method.get(), send_quietly);
  BIO_meth_set_read(method.get(), BIO_meth_get_read(socket));
  BIO_meth_set_ctrl(method.get(), BIO_meth_get_ctrl(socket));
  BIO_meth_set_create(method.get(), BIO_meth_get_create(socket));
  BIO_meth_set_destroy(method.get(), BIO_meth_get_destroy(socket));
  return method;
}

std::string last_reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(error);
  return reason == nullptr ? "the connection was closed" : reason;
}

class TlsStream final : public Stream {
 public:
  TlsStream(const Poco::Net::StreamSocket& socket, SSL_CTX* context)
      : socket_(socket), method_(quiet_socket_method()), ssl_(SSL_new(context), SSL_free) {
    socket_.setBlocking(false);
    socket_.setNoDelay(true);
    BIO* bio = BIO_new(method_.get());
    BIO_set_fd(bio, fd(), BIO_NOCLOSE);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_connect_state(ssl_.get());
  }

  ~TlsStream() override {
    if (!broken_) SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  void expect(const std::string& host) {
    Poco::Net::IPAddress literal;
    if (Poco::Net::IPAddress::tryParse(host, literal)) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
      return;
    }
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl_.get(), host.c_str());
    SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
  }

  void handshake(const WireLimits& limits) {
    try {
      run(limits, [this] { return SSL_do_handshake(ssl_.get()); });
    } catch (const WireError& error) {
      const long verdict = SSL_get_verify_result(ssl_.get());
      if (verdict != X509_V_OK && error.fault() != WireFault::woken) {
        throw WireError(WireFault::untrusted, X509_verify_cert_error_string(verdict));
      }
      if (error.fault() == WireFault::lost) {
        throw WireError(WireFault::lost,
                        "the server ended the connection when TLS began; does it speak https?");
      }
      throw;
    }
  }

  std::size_t read(char* buffer, std::size_t size, const WireLimits& limits) override {
    const int most = static_cast<int>(std::min<std::size_t>(size, INT_MAX));
    wait_ready(-1, 0, limits);
    return static_cast<std::size_t>(
        run(limits, [&] { return SSL_read(ssl_.get(), buffer, most); }));
  }

  void write(std::string_view bytes, const WireLimits& limits) override {
    while (!bytes.empty()) {
      const int most = static_cast<int>(std::min<std::size_t>(bytes.size(), 64U << 10U));
      wait_ready(-1, 0, limits);
      const int sent = run(limits, [&] { return SSL_write(ssl_.get(), bytes.data(), most); });
      if (sent == 0) throw WireError(WireFault::lost, "the connection was closed");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  int fd() const override { return socket_.impl()->sockfd(); }

 private:
  // Repeats a step of OpenSSL until it is done; 0 when the peer has closed in order.
  template <typename Step>
  int run(const WireLimits& limits, const Step& step) {
    for (;;) {
      ERR_clear_error();
      const int result = step();
      if (result > 0) return result;
      switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ: wait_ready(fd(), POLLIN, limits); break;
        case SSL_ERROR_WANT_WRITE: wait_ready(fd(), POLLOUT, limits); break;
        case SSL_ERROR_ZERO_RETURN: return 0;
        case SSL_ERROR_SYSCALL:
          broken_ = true;
          throw WireError(WireFault::lost, "the connection was closed");
        default: fail();
      }
    }
  }

  [[noreturn]] void fail() {
    broken_ = true;
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    const bool cut = reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    const bool plain = reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST;
    const std::string text = plain ? "the server does not speak TLS on this port" : last_reason();
    throw WireError(cut ? WireFault::lost : WireFault::untrusted, text);
  }

  Poco::Net::StreamSocket socket_;
  BioMethod method_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  bool broken_ = false;
};

}  // namespace

ssl_ctx_st* TlsContext::context() {
  const std::lock_guard lock(mutex_);
  if (!context_) {
    context_.reset(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_default_verify_paths(context_.get());
  }
  return context_.get();
}

std::unique_ptr<Stream> TlsContext::connect(const Poco::Net::StreamSocket& socket,
                                            const std::string& host, const WireLimits& limits) {
  auto stream = std::make_unique<TlsStream>(socket, context());
  stream->expect(host);
  stream->handshake(limits);
  return stream;
}

}  // namespace engine::http
