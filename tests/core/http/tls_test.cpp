#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "core/base/error.h"
#include "tests/support/http_ports.h"
#include "tests/support/http_raw.h"

using namespace engine;
using namespace engine::http;

namespace {

template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, decltype([](T* object) { Free(object); })>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Owned<X509, X509_free>;

// A certificate that signs itself, for one name ("DNS:localhost", "IP:127.0.0.1").
struct Identity {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate{X509_new()};

  explicit Identity(const char* name, long valid_seconds = 3600) {
    X509* x509 = certificate.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -7200);
    X509_gmtime_adj(X509_getm_notAfter(x509), valid_seconds);
    X509_set_pubkey(x509, key.get());
    X509_NAME* subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name);
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, key.get(), EVP_sha256());
  }
};

// $SSL_CERT_FILE names the certificate as long as this lives.
class TrustedFile {
 public:
  explicit TrustedFile(const Identity& identity)
      : path_(std::filesystem::temp_directory_path() / "engine_tls_test.pem") {
    std::FILE* file = std::fopen(path_.c_str(), "w");
    REQUIRE(file != nullptr);
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
    setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~TrustedFile() {
    unsetenv("SSL_CERT_FILE");
    std::filesystem::remove(path_);
  }
  TrustedFile(const TrustedFile&) = delete;
  TrustedFile& operator=(const TrustedFile&) = delete;

 private:
  std::filesystem::path path_;
};

// Answers one request on each connection; `cut` leaves without saying goodbye.
void serve(Poco::Net::StreamSocket& socket, const Identity& identity, const std::string& answer,
           bool cut = false) {
  Owned<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  Owned<SSL, SSL_free> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), static_cast<int>(socket.impl()->sockfd()));
  if (SSL_accept(ssl.get()) != 1) return;
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n") && SSL_read(ssl.get(), &byte, 1) == 1) head += byte;
  SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
  if (!cut) SSL_shutdown(ssl.get());
}

Error failure(const std::string& url) {
  test::TestClient client;
  Request request;
  request.url = url;
  request.attempts = 1;
  try {
    client.send(request);
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error(ErrorCause::bug, "", "");
}

std::string secure_url(const test::ScriptedServer& server, const std::string& host) {
  return "https://" + host + ":" + std::to_string(server.port()) + "/";
}

constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret";

}  // namespace

TEST_CASE("a trusted certificate with the right name is accepted") {
  for (const auto& [name, host] :
       {std::pair{"DNS:localhost", "localhost"}, {"IP:127.0.0.1", "127.0.0.1"}}) {
    const Identity identity(name);
    const TrustedFile trusted(identity);
    const test::ScriptedServer server(
        1, [&](Poco::Net::StreamSocket& socket, int) { serve(socket, identity, kAnswer); });
    test::TestClient client;
    CHECK(client.fetch(secure_url(server, host)).body == "secret");
  }
}

TEST_CASE("certificates that prove nothing are refused with the reason") {
  struct Case {
    const char* name;
    long valid_seconds;
    bool trusted;
    const char* reason;
  };
  for (const Case& c : {Case{"DNS:localhost", 3600, false, "self-signed"},
                        {"DNS:other.example", 3600, true, "hostname mismatch"},
                        {"DNS:localhost", -60, true, "expired"}}) {
    CAPTURE(c.reason);
    const Identity identity(c.name, c.valid_seconds);
    const Identity other("DNS:localhost");
    const TrustedFile trusted(c.trusted ? identity : other);
    const test::ScriptedServer server(
        1, [&](Poco::Net::StreamSocket& socket, int) { serve(socket, identity, kAnswer); });
    const Error error = failure(secure_url(server, "localhost"));
    CHECK(error.code() == "tls_failed");
    CHECK(error.cause() == ErrorCause::upstream);
    CHECK(error.message().find(c.reason) != std::string::npos);
  }
}

TEST_CASE("a server that speaks no TLS is told from one that cannot be trusted") {
  const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
    test::send_all(socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
    socket.shutdownSend();
    test::receive_all(socket);
  });
  const Error error = failure(secure_url(server, "localhost"));
  CHECK(error.code() == "tls_failed");
  CHECK(error.message().find("does not speak TLS") != std::string::npos);
}

TEST_CASE("a server that leaves when TLS begins is asked about in words") {
  const test::ScriptedServer server(
      1, [](Poco::Net::StreamSocket& socket, int) { socket.shutdownSend(); });
  const Error error = failure(secure_url(server, "localhost"));
  CHECK(error.code() == "connection_failed");
  CHECK(error.message().find("does it speak https?") != std::string::npos);
}

TEST_CASE("an answer without a length that ends without goodbye is cut") {
  for (const bool cut : {false, true}) {
    const Identity identity("DNS:localhost");
    const TrustedFile trusted(identity);
    const test::ScriptedServer server(1, [&](Poco::Net::StreamSocket& socket, int) {
      serve(socket, identity, "HTTP/1.1 200 OK\r\n\r\nsecret", cut);
    });
    if (cut) {
      CHECK(failure(secure_url(server, "localhost")).code() == "connection_lost");
    } else {
      test::TestClient client;
      CHECK(client.fetch(secure_url(server, "localhost")).body == "secret");
    }
  }
}

TEST_CASE("a handshake that never ends is left in time") {
  const test::ScriptedServer server(
      1, [&](Poco::Net::StreamSocket& socket, int) { test::receive_all(socket); });
  test::TestClient client;
  Request request;
  request.url = secure_url(server, "localhost");
  request.connect_timeout = std::chrono::milliseconds(50);
  CHECK_THROWS_WITH_AS(
      client.send(request),
      ("GET " + request.url.substr(0, request.url.size() - 1) +
       ": no connection within 50ms. Check host and network, or give it more time.")
          .c_str(),
      Error);
}
