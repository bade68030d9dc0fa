// systemd: telling it how the service is, and the unit that it is started by.
#pragma once

#include <string>
#include <string_view>

namespace engine::cli {

/// sd_notify(3): "READY=1", "STOPPING=1". Does nothing where nobody listens ($NOTIFY_SOCKET).
void notify_service_manager(std::string_view state);

/// A unit file that serves `places` with this very program.
std::string systemd_unit(const std::string& arguments);

}  // namespace engine::cli
