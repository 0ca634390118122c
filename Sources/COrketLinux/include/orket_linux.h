/*
 * Kernel calls that Swift cannot spell: one function per call, no logic, no state. Every function returns a value >= 0 or
 * -errno; descriptors are close-on-exec from birth.
 */
#ifndef ORKET_LINUX_H
#define ORKET_LINUX_H

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "orket_evidence.h"
#include "orket_features.h"
#include "orket_signals.h"

int orket_epoll_create(void);
/* `events` as in epoll_ctl(2); `token` comes back with the event. */
int orket_epoll_add(int epoll, int fd, uint32_t events, uint64_t token);
int orket_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token);
int orket_epoll_remove(int epoll, int fd);
int orket_eventfd(void);

/* Arms a CLOCK_BOOTTIME timer at an absolute time in nanoseconds; 0 disarms. */
int orket_timerfd(void);
int orket_timerfd_set(int fd, uint64_t absolute_nanoseconds);
uint64_t orket_boottime_nanoseconds(void);

int orket_pipe(int ends[2], int nonblocking_end);
int orket_socketpair(int ends[2]);
/* A stream pair, both close-on-exec, the first non-blocking. */
int orket_streampair(int ends[2]);
/* The kernel then adds the sender's pid, in this process's pid namespace, to each record. */
int orket_pass_credentials(int socket);
int orket_send(int socket, const void *bytes, size_t size, const int *descriptors, int count);
/* Bytes received, 0 at end of file. `*count` holds the capacity of `descriptors` and then their number; `*pid` the
 * sender's pid or 0. A record that does not fit is -EMSGSIZE and its descriptors are closed. */
ssize_t orket_receive(int socket, void *buffer, size_t capacity, int *descriptors, int *count, pid_t *pid);

/* Highest Landlock ABI, or -errno. */
int orket_landlock_version(void);
int orket_memfd(const char *name);
/* A memory file that nobody can change any more. */
int orket_sealed_memfd(const char *name, const void *bytes, size_t size);

int orket_pidfd_open(pid_t pid);
int orket_pidfd_signal(int pidfd, int signal);
/* openat2(2) beneath `directory`, never through a link of any kind. */
int orket_open_beneath(int directory, const char *path, uint64_t flags, uint64_t mode);

/* Starts a program whose descriptor i is `descriptors[i]` for i < 4, nothing else open; -1 leaves i closed, but 0 is then
 * /dev/null. Its pid or -errno. */
int orket_spawn(const char *path, char *const argv[], char *const envp[], const int descriptors[4]);
/* Waits for one child without blocking when `nohang`; 0: still running, pid: ended, *status as wait(2). */
int orket_wait(pid_t pid, int *status, int nohang);

/* st_mode predicates of a stat that Swift has no macro for. */
int orket_is_regular(mode_t mode);
int orket_is_directory(mode_t mode);
int orket_is_symlink(mode_t mode);
int orket_ioctl_winsize(int fd, int *columns);
int orket_flock_exclusive_nonblocking(int fd);
/* Gives a file a name that must not exist yet: -EEXIST when it does. */
int orket_rename_new(const char *from, const char *to);

/* Abbreviation of a signal, or NULL (glibc 2.32). */
const char *orket_signal_name(int signal);

#endif
