// Raw sockets for tests: a client that sends what it likes, and a server that answers by script.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <sys/socket.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace engine::test {

inline void send_all(Poco::Net::StreamSocket& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const int sent = socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()), MSG_NOSIGNAL);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

inline std::string receive_until(Poco::Net::StreamSocket& socket, std::string_view end) {
  std::string text;
  char byte = 0;
  while (!text.ends_with(end) && socket.receiveBytes(&byte, 1) == 1) text += byte;
  return text;
}

inline std::string receive_all(Poco::Net::StreamSocket& socket) {
  std::string text;
  char buffer[4096];
  for (int count = 0; (count = socket.receiveBytes(buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

inline Poco::Net::StreamSocket connect_to(std::uint16_t port) {
  Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
  socket.setReceiveTimeout(Poco::Timespan(20, 0));
  return socket;
}

/// Sends bytes and gives everything that comes back until the server closes.
inline std::string raw_exchange(std::uint16_t port, std::string_view bytes) {
  Poco::Net::StreamSocket socket = connect_to(port);
  send_all(socket, bytes);
  return receive_all(socket);
}

/// Accepts connections one after the other and runs the script on each, with its number from 0;
/// ends after `connections`. The destructor waits for the script.
class ScriptedServer {
 public:
  using Script = std::function<void(Poco::Net::StreamSocket& socket, int connection)>;

  ScriptedServer(int connections, Script script)
      : listener_(Poco::Net::SocketAddress("127.0.0.1", 0)),
        thread_([this, connections, script = std::move(script)] {
          for (int i = 0; i < connections; ++i) {
            try {
              Poco::Net::StreamSocket socket = listener_.acceptConnection();
              socket.setReceiveTimeout(Poco::Timespan(20, 0));
              script(socket, i);
            } catch (const std::exception&) {
              continue;  // the client went away, as many tests want it to
            }
          }
        }) {}
  ~ScriptedServer() { thread_.join(); }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return listener_.address().port(); }
  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
  }

 private:
  Poco::Net::ServerSocket listener_;
  std::thread thread_;
};

}  // namespace engine::test
