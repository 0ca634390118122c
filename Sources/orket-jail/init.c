/*
 * Pid 1 of a sandbox: makes what no two sandboxes share, forks the payload, reaps, tells the supervisor how the payload
 * ended, and by its own end takes every other process of the sandbox with it. It lives outside the payload's cgroup,
 * filter and identity.
 */
#include "steps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int step_tie_to_parent(struct sandbox *s)
{
    (void)s;
    return prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ? -errno : 0;
}

/* A network namespace comes from the warden's pool; one in which a socket is left is not used again. */
static int namespace_is_empty(void)
{
    char text[64];
    int fd = open("/proc/self/net/sockstat", O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return 0;
    text[n] = 0;
    return !strncmp(text, "sockets: used 0\n", 16);
}

int step_network(struct sandbox *s)
{
    return syscall(SYS_setns, s->netns, CLONE_NEWNET) < 0 ? -errno : 0;
}

int step_loopback(struct sandbox *s)
{
    struct ifreq request = {.ifr_name = "lo"};

    if (!(s->shape->flags & SHAPE_LOOPBACK))
        return 0;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    int result = ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
    close(fd);
    return result;
}

int step_handles(struct sandbox *s)
{
    /* What the warden keeps for itself is nothing for this sandbox. */
    close_range(FD_END, ~0u, 0);
    s->subject = "/box";
    int workspace = open("/box", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (workspace < 0)
        return -errno;
    s->subject = "pid 1";
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (self < 0)
        return -errno;
    /* By pid 1: the payload's own limit on descriptors bounds what may be on its way between processes of its user. It
     * waits in the socket until READY comes, so nobody is woken for it. */
    const int handles[] = {workspace, self};
    int result = wire_send(FD_CONTROL, WIRE_HANDLES, s->id, NULL, 0, handles, 2);
    close(workspace);
    close(self);
    if (result < 0)
        return result;
    s->subject = "network namespace";
    /* Here, and not in step_network: only now is there a /proc to ask. */
    if (shape_protects(s->shape, PROTECT_NET_NS) && !(s->shape->flags & SHAPE_LOOPBACK) && !namespace_is_empty())
        return syscall(SYS_unshare, CLONE_NEWNET) < 0 ? -errno : 0;
    return 0;
}

static int payload_main(void *sandbox)
{
    steps_perform(PHASE_PAYLOAD, sandbox);
    payload_live(sandbox);
}

/*
 * Until it executes the candidate, the payload is code of ours, so it may live in pid 1's memory: nothing is copied for it
 * and nothing taken down at exec. Pid 1 sleeps in ppoll meanwhile. Not where pid 1's memory must stay closed to a
 * supervisor that is allowed to look into the payload's (unprivileged), nor where only clone3 can name the cgroup (v2).
 */
static int may_share_memory(const struct sandbox *s)
{
    return !s->rootless && s->shape->cgroup != 2;
}

static long clone_sharing_memory(const struct sandbox *s)
{
    static _Alignas(16) unsigned char stack[64 << 10];
    static struct sandbox payload;

    payload = *s;
    return clone(payload_main, stack + sizeof stack, CLONE_VM | SIGCHLD, &payload);
}

static long clone_copying_memory(struct sandbox *s)
{
    struct clone_args arguments = {.exit_signal = SIGCHLD};

    if (s->shape->cgroup == 2 && s->request.leaf_count == 1) {
        /* Born in its leaf: a later move would wait for a grace period whenever the machine was idle. */
        arguments.flags = CLONE_INTO_CGROUP;
        arguments.cgroup = FD_LEAF;
    }
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0)
        payload_main(s);
    return pid;
}

int step_fork_payload(struct sandbox *s)
{
    sigset_t child;

    /* SIGCHLD stays blocked but in ppoll, so that none is missed between two looks. */
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, NULL) < 0)
        return -errno;
    long pid = may_share_memory(s) ? clone_sharing_memory(s) : clone_copying_memory(s);
    if (pid < 0)
        return -errno;
    s->payload_pid = (int)pid;
    close_range(FD_START, ~0u, 0);
    return 0;
}

int step_guard_init(struct sandbox *s)
{
    (void)s;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -errno;
    /* Not dumpable: neither traced nor read, also where the payload has the same uid (an unprivileged supervisor). */
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int step_disarm_init(struct sandbox *s)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};

    (void)s;
    return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

static void on_child(int signal)
{
    (void)signal;
}

/* One field of /proc/PID/stat behind the command's name, which may itself hold spaces and parentheses. */
static uint64_t stat_field(const char *text, int field)
{
    const char *at = strrchr(text, ')');

    for (int i = 2; at && i < field; i++) {
        at = strchr(at + 1, ' ');
    }
    return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* Sums the living processes for a supervisor that has no cgroup to ask. */
static void count_processes(struct sandbox *s)
{
    struct wire_count count = {0};
    struct rusage reaped;
    uint64_t tick_us = 1000000u / (uint64_t)sysconf(_SC_CLK_TCK), page = (uint64_t)sysconf(_SC_PAGESIZE);
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    while (proc && (entry = readdir(proc))) {
        char path[300], text[1024];

        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !strcmp(entry->d_name, "1"))
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0)
            close(fd);
        if (n <= 0)
            continue;
        text[n] = 0;
        count.processes++;
        count.cpu_us += (stat_field(text, 14) + stat_field(text, 15) + stat_field(text, 16) + stat_field(text, 17)) * tick_us;
        count.rss_bytes += stat_field(text, 24) * page;
    }
    if (proc)
        closedir(proc);
    getrusage(RUSAGE_CHILDREN, &reaped);
    count.cpu_us += (uint64_t)(reaped.ru_utime.tv_sec + reaped.ru_stime.tv_sec) * 1000000u +
                    (uint64_t)(reaped.ru_utime.tv_usec + reaped.ru_stime.tv_usec);
    wire_send(FD_CONTROL, WIRE_COUNTED, s->id, &count, sizeof count, NULL, 0);
}

/* Reaps what has died; 1 when no child is left, alive or dead. Orphans are pid 1's children, so nobody else is there. */
static int reap_orphans(void)
{
    pid_t pid;

    do
        pid = waitpid(-1, NULL, WNOHANG);
    while (pid > 0);
    return pid < 0 && errno == ECHILD;
}

/* Reaps whatever is dead, or with 0 for WNOHANG the next to die; when it is the payload, reports and ends the sandbox. */
static void reap(struct sandbox *s, int nohang)
{
    for (;;) {
        siginfo_t info = {0};
        struct rusage usage;

        if (syscall(SYS_waitid, P_ALL, 0, &info, WEXITED | nohang, &usage) < 0 || info.si_pid == 0)
            return;
        if (info.si_pid != s->payload_pid)
            continue;
        struct wire_exit report = {
            .code = info.si_code,
            .status = info.si_status,
            .user_us = (uint64_t)usage.ru_utime.tv_sec * 1000000u + (uint64_t)usage.ru_utime.tv_usec,
            .system_us = (uint64_t)usage.ru_stime.tv_sec * 1000000u + (uint64_t)usage.ru_stime.tv_usec,
            .max_rss_kib = (uint64_t)usage.ru_maxrss,
            .alone = shape_protects(s->shape, PROTECT_PID_NS) && reap_orphans(),
        };
        wire_send(FD_CONTROL, WIRE_EXITED, s->id, &report, sizeof report, NULL, 0);
        /* The kernel kills and reaps every other process of the namespace before this process is seen to be gone. */
        _exit(0);
    }
}

/* Waits for deaths only: whoever has a cgroup to ask needs nothing from pid 1 but the end. The supervisor's own end reaches
 * it as the warden's, which ends the broker's and the warden's sockets. */
static _Noreturn void wait_for_deaths(struct sandbox *s)
{
    for (;;)
        reap(s, 0);
}

_Noreturn void init_live(struct sandbox *s)
{
    struct sigaction action = {.sa_handler = on_child};
    sigset_t open_mask;

    if (s->shape->cgroup != 0)
        wait_for_deaths(s);
    sigemptyset(&open_mask);
    sigaction(SIGCHLD, &action, NULL);
    for (;;) {
        struct pollfd control = {.fd = FD_CONTROL, .events = POLLIN};
        unsigned char buffer[256];
        struct wire_record record;

        reap(s, WNOHANG);
        if (ppoll(&control, 1, NULL, &open_mask) <= 0)
            continue;
        /* End of file: the supervisor is gone, and nothing may survive it. */
        if (wire_receive(FD_CONTROL, buffer, sizeof buffer, &record) <= 0)
            _exit(0);
        if (record.header.type == WIRE_COUNT)
            count_processes(s);
        wire_close_descriptors(&record);
    }
}
