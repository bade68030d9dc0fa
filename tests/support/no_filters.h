// A kernel without filters of system calls, for the tests of what is done then.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace engine::test {

/// From now on this process, and what it starts, can set no filter (seccomp(2)). False: it could
/// not be arranged.
inline bool be_without_filters() {
  std::array<sock_filter, 4> program{
      {{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
       {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<std::uint32_t>(__NR_seccomp)},
       {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
       {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}};
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/// Whether a process may enter namespaces without a network and with mounts of its own.
inline bool has_namespaces() {
  const pid_t child = fork();
  if (child == 0) {
    const bool entered = unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 ||
                         unshare(CLONE_NEWNET | CLONE_NEWNS) == 0;
    _exit(entered ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace engine::test
