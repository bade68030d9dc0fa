#include "core/process/sandbox.h"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace engine::process {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

// What a program does that computes, with threads, and talks over what is open already.
// clang-format off
constexpr int kAllowed[] = {
    __NR_read, __NR_write, __NR_readv, __NR_writev, __NR_recvfrom, __NR_recvmsg, __NR_sendto,
    __NR_sendmsg, __NR_close, __NR_fstat, __NR_lseek, __NR_ppoll, __NR_eventfd2,
    __NR_mprotect, __NR_munmap, __NR_mremap, __NR_madvise, __NR_brk, __NR_get_mempolicy,
    __NR_futex, __NR_membarrier, __NR_set_robust_list, __NR_rseq,
    __NR_clock_gettime, __NR_clock_getres, __NR_clock_nanosleep, __NR_nanosleep,
    __NR_gettimeofday, __NR_sched_yield, __NR_sched_getaffinity, __NR_sched_getparam,
    __NR_sched_getscheduler,
    __NR_getpid, __NR_gettid, __NR_getppid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid,
    __NR_getrandom, __NR_getrusage, __NR_sysinfo, __NR_uname,
    __NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_rt_sigtimedwait,
    __NR_rt_sigsuspend,  // JavaScriptCore stops its threads for the collector with it
    __NR_sigaltstack, __NR_restart_syscall, __NR_exit, __NR_exit_group,
#if defined(__x86_64__)
    __NR_poll, __NR_time,
#endif
};
// clang-format on

using Program = std::vector<sock_filter>;

sock_filter statement(unsigned code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}
sock_filter jump(unsigned test, std::uint32_t value, std::size_t yes, std::size_t no) {
  return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | test), static_cast<std::uint8_t>(yes),
          static_cast<std::uint8_t>(no), value};
}
sock_filter load(std::size_t offset) {
  return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
sock_filter allow() {
  return statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
}
sock_filter refuse(int reason) {
  return statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(reason));
}

// The lower half of an argument; the upper one follows. Both architectures are little endian.
std::size_t argument(std::size_t number) {
  return offsetof(seccomp_data, args) + number * sizeof(std::uint64_t);
}

void allow_if(Program& program, int call, const Program& test) {
  program.push_back(jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, test.size()));
  program.insert(program.end(), test.begin(), test.end());
}

void equals(Program& program, int call, std::size_t number, std::uint32_t value) {
  allow_if(program, call,
           {load(argument(number)), jump(BPF_JEQ, value, 0, 3),
            load(argument(number) + sizeof(std::uint32_t)), jump(BPF_JEQ, 0, 0, 1), allow(),
            refuse(EPERM)});
}

// Threads, but no processes and no namespaces.
void threads(Program& program) {
  constexpr auto kNeeded = static_cast<std::uint32_t>(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
  constexpr auto kNamespaces =
      static_cast<std::uint32_t>(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET);
  allow_if(program, __NR_clone,
           {load(argument(0)), statement(BPF_ALU | BPF_AND | BPF_K, kNeeded | kNamespaces),
            jump(BPF_JEQ, kNeeded, 0, 1), allow(), refuse(EPERM)});
  // Its flags cannot be looked at; the C library then takes the one above.
  allow_if(program, __NR_clone3, {refuse(ENOSYS)});
}

// New memory, and none that a file holds.
void memory(Program& program) {
  allow_if(program, __NR_mmap,
           {load(argument(3)), jump(BPF_JSET, MAP_ANONYMOUS, 0, 1), allow(), refuse(EPERM)});
}

Program filter() {
  Program program{load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, kArchitecture, 1, 0),
                  statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                  load(offsetof(seccomp_data, nr))};
  for (const int call : kAllowed) allow_if(program, call, {allow()});
  memory(program);
  threads(program);
  // To itself only: JavaScriptCore stops its threads by signals.
  equals(program, __NR_tgkill, 0, static_cast<std::uint32_t>(getpid()));
  equals(program, __NR_prlimit64, 2, 0);
  equals(program, __NR_prctl, 0, PR_SET_NAME);
  program.push_back(refuse(EPERM));
  return program;
}

// Of a kernel that knows filters but not this question, the answer is EINVAL.
bool may_have_filters() {
  if (kArchitecture == 0) return false;
  const std::uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0 || errno == EINVAL;
}

// Otherwise errno says why.
bool set_filter() {
  if (kArchitecture == 0) {
    errno = ENOSYS;
    return false;
  }
  Program program = filter();
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}

void give_up_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2]{};
  syscall(__NR_capset, &header, none);
}

// Of the mount namespace of this process alone. A limit on open files would do for every kernel,
// but the threads of JavaScriptCore need some while they run.
bool enter_empty_root() {
  constexpr const char* kPlace = "/proc";  // any folder that is there
  constexpr unsigned long kFlags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  const bool done = mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                    mount("none", kPlace, "tmpfs", kFlags, nullptr) == 0 && chroot(kPlace) == 0 &&
                    chdir("/") == 0;
  give_up_capabilities();
  return done;
}

}  // namespace

Sandbox::Sandbox() {
  if (may_have_filters()) return;
  namespaces_ = unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS) == 0 ||
                unshare(CLONE_NEWNET | CLONE_NEWNS) == 0;
}

std::string Sandbox::shut_out_the_world() const {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_FSIZE, &none);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (set_filter()) return {};
  const std::string refused =
      std::string("Filtering system calls is not possible here (") + std::strerror(errno) + ")";
  if (namespaces_ && enter_empty_root()) {
    return refused + "; namespaces keep files and the network away instead.";
  }
  return refused + ", nor are namespaces: nothing of the system keeps files and the network away.";
}

}  // namespace engine::process
