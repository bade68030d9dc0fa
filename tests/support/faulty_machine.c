// A machine whose disk is slow, stands still or loses its power, and whose clock jumps: preloaded
// into the engine by tests.
//
// $FAULTY_MACHINE is a folder. What is synced waits while there is a file `hold` in it (a file
// `held` says so), then for the milliseconds written in `delay`; afterwards a copy of the file as
// it is goes to `durable`: of what is not there, a power cut leaves nothing. Only the files of the
// database are looked at. `clock` holds a number of 8 bytes: the seconds that the clock is ahead.
#define _GNU_SOURCE  // NOLINT(bugprone-reserved-identifier): what the C library asks for
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static void* real_function(const char* name) {
  return dlsym(RTLD_NEXT, name);
}

static void pause_ms(long time) {
  const struct timespec span = {time / 1000, (time % 1000) * 1000000L};
  nanosleep(&span, NULL);
}

// ---------------------------------------------------------------- disk

static long wanted_delay(const char* folder) {
  char path[512];
  char text[16] = {0};
  snprintf(path, sizeof path, "%s/delay", folder);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  return count > 0 ? strtol(text, NULL, 10) : 0;
}

static void be_slow(const char* folder) {
  char hold[512];
  char held[512];
  snprintf(hold, sizeof hold, "%s/hold", folder);
  snprintf(held, sizeof held, "%s/held", folder);
  while (access(hold, F_OK) == 0) {
    const int mark = open(held, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (mark >= 0) close(mark);
    pause_ms(1);
  }
  unlink(held);
  const long delay = wanted_delay(folder);
  if (delay > 0) pause_ms(delay);
}

// Takes its place in one step, as a synced file does.
static void keep_durable(const char* folder, int synced, const char* name) {
  char place[512];
  char fresh[512];
  char buffer[65536];
  snprintf(place, sizeof place, "%s/durable/%s", folder, name);
  snprintf(fresh, sizeof fresh, "%s/durable/%s.new", folder, name);
  const int copy = open(fresh, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (copy < 0) abort();
  off_t at = 0;
  for (ssize_t count; (count = pread(synced, buffer, sizeof buffer, at)) > 0; at += count) {
    if (write(copy, buffer, (size_t)count) != count) abort();
  }
  close(copy);
  if (rename(fresh, place) != 0) abort();
}

static int sync_file(int file, const char* function) {
  int (*real)(int) = NULL;
  *(void**)&real = real_function(function);  // as POSIX has it
  const char* folder = getenv("FAULTY_MACHINE");
  char link[64];
  char path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (folder == NULL || size <= 0) return real(file);
  path[size] = '\0';
  const char* name = strrchr(path, '/') + 1;
  if (strncmp(name, "engine.db", 9) != 0) return real(file);
  be_slow(folder);
  const int result = real(file);
  if (result == 0) keep_durable(folder, file, name);
  return result;
}

int fsync(int file) {
  return sync_file(file, "fsync");
}
int fdatasync(int file) {
  return sync_file(file, "fdatasync");
}

// ---------------------------------------------------------------- clock

static int (*real_gettime)(clockid_t, struct timespec*) = NULL;
static const volatile int64_t* ahead = NULL;

__attribute__((constructor)) static void begin(void) {
  char path[512];
  const char* folder = getenv("FAULTY_MACHINE");
  *(void**)&real_gettime = real_function("clock_gettime");
  snprintf(path, sizeof path, "%s/clock", folder == NULL ? "" : folder);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void* mapped = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) ahead = mapped;
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  if (real_gettime == NULL) begin();
  const int result = real_gettime(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME && ahead != NULL) time->tv_sec += (time_t)*ahead;
  return result;
}
