#include "core/cli/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace engine::cli {

void notify_service_manager(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || (path[0] != '/' && path[0] != '@')) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t size = std::strlen(path);
  if (size >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, size);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  // Who is not told waits for its time limit, which is all that can be done.
  [[maybe_unused]] const ssize_t sent = sendto(
      socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size));
  close(socket);
}

std::string systemd_unit(const std::string& arguments) {
  std::error_code error;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", error).string();
  return R"([Unit]
Description=Workflow automations
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
ExecStart=)" +
         (program.empty() ? "/usr/local/bin/engine" : program) + " --log-format json " + arguments +
         R"(
Restart=always
RestartSec=1
TimeoutStopSec=40
DynamicUser=yes
StateDirectory=engine
Environment=ENGINE_DB=/var/lib/engine/engine.db
NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
# The scripts of workflows are compiled to machine code while they run.
MemoryDenyWriteExecute=no
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
)";
}

}  // namespace engine::cli
