/* See include/orket_linux.h. */
#include "orket_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 8

static int checked(int result)
{
    return result < 0 ? -errno : result;
}

int orket_epoll_create(void)
{
    return checked(epoll_create1(EPOLL_CLOEXEC));
}

int orket_epoll_add(int epoll, int fd, uint32_t events, uint64_t token)
{
    struct epoll_event event = {.events = events, .data.u64 = token};

    return checked(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

int orket_epoll_modify(int epoll, int fd, uint32_t events, uint64_t token)
{
    struct epoll_event event = {.events = events, .data.u64 = token};

    return checked(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event));
}

int orket_epoll_remove(int epoll, int fd)
{
    return checked(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}

int orket_eventfd(void)
{
    return checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

int orket_timerfd(void)
{
    return checked(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
}

int orket_timerfd_set(int fd, uint64_t absolute_nanoseconds)
{
    struct itimerspec spec = {0};

    spec.it_value.tv_sec = (time_t)(absolute_nanoseconds / 1000000000u);
    spec.it_value.tv_nsec = (long)(absolute_nanoseconds % 1000000000u);
    return checked(timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL));
}

uint64_t orket_boottime_nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int orket_pipe(int ends[2], int nonblocking_end)
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    if (nonblocking_end >= 0 && fcntl(ends[nonblocking_end], F_SETFL, O_NONBLOCK) < 0)
        return -errno;
    return 0;
}

int orket_socketpair(int ends[2])
{
    return checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
}

int orket_streampair(int ends[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    return checked(fcntl(ends[0], F_SETFL, O_NONBLOCK));
}

int orket_pass_credentials(int socket)
{
    int on = 1;

    return checked(setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
}

union control {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * MAX_DESCRIPTORS) + CMSG_SPACE(sizeof(struct ucred))];
};

int orket_send(int socket, const void *bytes, size_t size, const int *descriptors, int count)
{
    union control control;
    struct iovec vector = {(void *)(uintptr_t)bytes, size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    ssize_t sent;

    if (count > MAX_DESCRIPTORS)
        return -EINVAL;
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
        memcpy(CMSG_DATA(c), descriptors, sizeof(int) * (size_t)count);
    }
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

ssize_t orket_receive(int socket, void *buffer, size_t capacity, int *descriptors, int *count, pid_t *pid)
{
    union control control;
    struct iovec vector = {buffer, capacity};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int room = *count;
    ssize_t size;

    *count = 0;
    *pid = 0;
    do
        size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return -errno;
    int bad = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET)
            continue;
        if (c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(c), sizeof credentials);
            *pid = credentials.pid;
        }
        int n = c->cmsg_type == SCM_RIGHTS ? (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int)) : 0;
        for (int i = 0; i < n; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + (size_t)i * sizeof(int), sizeof fd);
            if (*count < room && !bad)
                descriptors[(*count)++] = fd;
            else
                close(fd);
        }
    }
    return bad ? -EMSGSIZE : size;
}

int orket_sealed_memfd(const char *name, const void *bytes, size_t size)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    size_t done = 0;

    if (fd < 0)
        return -errno;
    while (done < size) {
        ssize_t n = write(fd, (const char *)bytes + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            goto fail;
        done += (size_t)n;
    }
    if (lseek(fd, 0, SEEK_SET) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        goto fail;
    return fd;
fail:;
    int error = errno;
    close(fd);
    return -error;
}

int orket_pidfd_open(pid_t pid)
{
    return checked((int)syscall(SYS_pidfd_open, pid, 0));
}

int orket_pidfd_signal(int pidfd, int signal)
{
    return checked((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int orket_open_beneath(int directory, const char *path, uint64_t flags, uint64_t mode)
{
    struct open_how how = {
        .flags = flags | O_CLOEXEC,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };

    return checked((int)syscall(SYS_openat2, directory, path, &how, sizeof how));
}

/* Copies above the targets: a source in 0..3 must not be overwritten before its turn, and no fixed number is surely free. */
static int lift(const int descriptors[4], int copies[4])
{
    for (int i = 0; i < 4; i++)
        copies[i] = -1;
    for (int i = 0; i < 4; i++) {
        if (descriptors[i] < 0)
            continue;
        copies[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 4);
        if (copies[i] < 0)
            return errno;
    }
    return 0;
}

static void arrange(posix_spawn_file_actions_t *actions, const int copies[4])
{
    for (int i = 0; i < 4; i++) {
        if (copies[i] >= 0)
            posix_spawn_file_actions_adddup2(actions, copies[i], i);
        else if (i == 0)
            posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
        else
            posix_spawn_file_actions_addclose(actions, i);
    }
    posix_spawn_file_actions_addclosefrom_np(actions, 4);
}

int orket_spawn(const char *path, char *const argv[], char *const envp[], const int descriptors[4])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int copies[4];
    pid_t pid = 0;

    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return -error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return -error;
    }
    error = lift(descriptors, copies);
    arrange(&actions, copies);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    for (int i = 0; i < 4; i++)
        if (copies[i] >= 0)
            close(copies[i]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error ? -error : pid;
}

int orket_wait(pid_t pid, int *status, int nohang)
{
    pid_t result;

    do
        result = waitpid(pid, status, nohang ? WNOHANG : 0);
    while (result < 0 && errno == EINTR);
    return checked(result);
}

int orket_is_regular(mode_t mode)
{
    return S_ISREG(mode);
}

int orket_is_directory(mode_t mode)
{
    return S_ISDIR(mode);
}

int orket_is_symlink(mode_t mode)
{
    return S_ISLNK(mode);
}

int orket_ioctl_winsize(int fd, int *columns)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return -errno;
    *columns = size.ws_col;
    return 0;
}

int orket_rename_new(const char *from, const char *to)
{
    return checked(renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE));
}

int orket_flock_exclusive_nonblocking(int fd)
{
    return checked(flock(fd, LOCK_EX | LOCK_NB));
}

const char *orket_signal_name(int signal)
{
    return sigabbrev_np(signal);
}

int orket_memfd(const char *name)
{
    return checked(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

int orket_landlock_version(void)
{
    return checked((int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */));
}
