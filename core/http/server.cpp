#include "core/http/server.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/base/error.h"
#include "core/http/server_connection.h"

namespace engine::http {
namespace {

using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

Poco::Net::ServerSocket listen_on(const ServerOptions& options) {
  const std::string place = options.host + ":" + std::to_string(options.port);
  try {
    Poco::Net::ServerSocket socket;
    socket.bind(SocketAddress(options.host, options.port), true, false);
    socket.listen(512);
    socket.setBlocking(false);
    return socket;
  } catch (const Poco::Net::NetException& error) {
    if (error.code() == EADDRINUSE) {
      throw Error(ErrorCause::user, "address_in_use",
                  "Cannot listen on " + place +
                      " because another program does. Stop it, or choose another port.");
    }
    throw Error(ErrorCause::user, "cannot_listen",
                "Cannot listen on " + place + ": " + error.displayText() + ".");
  } catch (const Poco::Exception& error) {
    throw Error(ErrorCause::user, "cannot_listen",
                "Cannot listen on " + place + ": " + error.displayText() + ".");
  }
}

constexpr std::size_t kMostConnections = 10'000;
constexpr std::size_t kMostRefusals = 16;  // at once; others are closed at once
// A thread that is done counts as busy until it is back in the pool.
constexpr std::size_t kSpareThreads = kMostRefusals + 16;

}  // namespace

struct Server::State {
  // Runs one connection in the pool and deletes itself.
  class Task final : public Poco::Runnable {
   public:
    Task(State& state, const StreamSocket& socket) : state_(state), socket_(socket) {}
    void run() override {
      const std::unique_ptr<Task> self(this);
      if (refused_) {
        refuse_connection(socket_, state_.shared);
        state_.refusals.fetch_sub(1);
      } else {
        serve_connection(socket_, state_.shared);
        state_.open.fetch_sub(1);
      }
    }
    void refuse() { refused_ = true; }

   private:
    State& state_;
    StreamSocket socket_;
    bool refused_ = false;
  };

  State(const ServerOptions& options, Handler handler)
      : shared(options, std::move(handler)),
        listener(listen_on(options)),
        port(listener.address().port()),
        most_open(std::clamp<std::size_t>(options.max_connections, 1, kMostConnections)),
        pool(1, static_cast<int>(most_open + kSpareThreads)),
        acceptor([this] { accept_until_stopped(); }) {}

  void accept_until_stopped() {
    const int fd = listener.impl()->sockfd();
    for (;;) {
      try {
        wait_ready(fd, POLLIN, {SteadyTime::max(), shared.stopping.fd()});
        accept_one();
      } catch (const WireError&) {
        return;
      } catch (const std::exception&) {
        // Out of descriptors, perhaps: some connection has to end first.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
  }

  void accept_one() {
    // The socket is the task's alone from here on.
    auto task = std::make_unique<Task>(*this, listener.acceptConnection());
    std::atomic<std::size_t>* counted = &open;
    if (open.fetch_add(1) >= most_open) {
      open.fetch_sub(1);
      counted = &refusals;
      task->refuse();
      if (refusals.fetch_add(1) >= kMostRefusals) {
        refusals.fetch_sub(1);
        return;
      }
    }
    try {
      pool.start(*task);
      [[maybe_unused]] const Task* running = task.release();
    } catch (const Poco::Exception&) {
      counted->fetch_sub(1);
    }
  }

  ServerShared shared;
  Poco::Net::ServerSocket listener;
  const std::uint16_t port;
  const std::size_t most_open;
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> refusals{0};
  Poco::ThreadPool pool;
  std::mutex stop_mutex;
  std::thread acceptor;
};

Server::Server(const ServerOptions& options, Handler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {}

Server::~Server() {
  stop();
}

std::uint16_t Server::port() const {
  return state_->port;
}

void Server::stop() {
  const std::lock_guard lock(state_->stop_mutex);
  if (!state_->acceptor.joinable()) return;
  state_->shared.stopping.wake();
  state_->acceptor.join();
  state_->listener.close();
  state_->pool.joinAll();
}

}  // namespace engine::http
