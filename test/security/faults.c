/*
 * Preloaded into a process that decides and saves: its n-th call on a file of decisions or on a journal fails, writes
 * half, or is its last. Everything else is the real thing.
 *
 *   FAULT_CALL  write, sync, unlink or any
 *   FAULT_AT    number of the call, from 1
 *   FAULT_FOR   so many calls from there on; 0: all
 *   FAULT_DOES  EIO; short: half is written; full: the first time half is written, then ENOSPC; kill-before, kill-half,
 *               kill-after
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long calls = 0;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int does(const char *what) { return strcmp(setting("FAULT_DOES"), what) == 0; }

static int isOurs(const char *path) { return strstr(path, ".review/") != NULL || strstr(path, "unsaved/") != NULL; }

static int isOurFile(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return isOurs(path);
}

/* So that a test knows which numbers there are. */
__attribute__((destructor)) static void tellCalls(void) { dprintf(2, "CALLS %ld\n", calls); }

/* Which of the calls that are to go wrong this is, from 1; 0 for one that is none of them. */
static long isHit(const char *call) {
  const char *wanted = setting("FAULT_CALL");
  if (strcmp(wanted, call) != 0 && strcmp(wanted, "any") != 0) return 0;
  long now = __sync_add_and_fetch(&calls, 1);
  long first = atol(setting("FAULT_AT")), many = atol(setting("FAULT_FOR"));
  if (first == 0 || now < first || (many > 0 && now >= first + many)) return 0;
  dprintf(2, "FAULT %s %ld\n", call, now);
  return now - first + 1;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static int failed(void) {
  if (does("kill-before") || does("kill-half")) die();
  errno = does("full") ? ENOSPC : EIO;
  return -1;
}

static int afterwards(int result) {
  if (does("kill-after")) die();
  return result;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  long hit = isOurFile(fd) ? isHit("write") : 0;
  if (!hit) return REAL(write)(fd, bytes, count);
  if (does("short") || does("kill-half") || (does("full") && hit == 1)) {
    ssize_t half = REAL(write)(fd, bytes, (count + 1) / 2);
    if (does("kill-half")) die();
    return half;
  }
  if (does("kill-after")) {
    REAL(write)(fd, bytes, count);
    die();
  }
  return failed();
}

int fsync(int fd) {
  if (!isOurFile(fd) || !isHit("sync")) return REAL(fsync)(fd);
  return does("kill-after") ? afterwards(REAL(fsync)(fd)) : failed();
}

int fdatasync(int fd) {
  if (!isOurFile(fd) || !isHit("sync")) return REAL(fdatasync)(fd);
  return does("kill-after") ? afterwards(REAL(fdatasync)(fd)) : failed();
}

int unlink(const char *path) {
  if (!isOurs(path) || !isHit("unlink")) return REAL(unlink)(path);
  return does("kill-after") ? afterwards(REAL(unlink)(path)) : failed();
}
