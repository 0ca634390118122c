/*
 * The warden: lives in the pivoted root of one shape and forks its sandboxes. Keeps the network namespaces: making one
 * costs as much as all else together, so a namespace whose sandbox is dead is used again, by one sandbox at a time, after
 * pid 1 of the next one found no socket in it.
 */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SANDBOXES 1024
#define MAX_SPARE_NAMESPACES 64

struct slot {
    pid_t pid; /* 0: free */
    uint32_t id;
    int netns;
};

static struct slot slots[MAX_SANDBOXES];
static unsigned slots_used; /* slots at and above this were never used */
static int spare[MAX_SPARE_NAMESPACES];
static int spare_count;
static int home_netns = -1, host_proc = -1;

int warden_keep_host_handles(const struct sandbox *warden)
{
    /* An ordinary user may leave the host's network but not come back to it (setns(2) asks for power over its owner), so
     * home is then a namespace of the warden's own. */
    if (warden->rootless && shape_protects(warden->shape, PROTECT_NET_NS) && syscall(SYS_unshare, CLONE_NEWNET) < 0)
        return -errno;
    home_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    host_proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return home_netns < 0 || host_proc < 0 ? -errno : 0;
}

/* A namespace of which only this descriptor is left: no process lives in it, and none of the payload's kind ever may. */
static int take_netns(void)
{
    if (spare_count > 0)
        return spare[--spare_count];
    if (syscall(SYS_unshare, CLONE_NEWNET) < 0)
        return -errno;
    int fd = openat(host_proc, "self/ns/net", O_RDONLY | O_CLOEXEC);
    int error = errno;
    if (syscall(SYS_setns, home_netns, CLONE_NEWNET) < 0)
        _exit(1); /* the warden must not stay where a payload will be */
    return fd < 0 ? -error : fd;
}

static void give_back_netns(const struct shape *shape, int fd)
{
    /* With loopback up a namespace keeps routes and connections of its last user: never used again. */
    if (fd < 0)
        return;
    if (spare_count < MAX_SPARE_NAMESPACES && !(shape->flags & SHAPE_LOOPBACK))
        spare[spare_count++] = fd;
    else
        close(fd);
}

/* Puts the descriptors that pid 1 keeps on their fixed numbers and closes all others. */
static void arrange_descriptors(const struct wire_record *record, int netns)
{
    int high[FD_END], count = record->descriptor_count;

    /* Out of the way first: a source may sit on another's target. */
    for (int i = 0; i < count; i++)
        high[i] = fcntl(record->descriptors[i], F_DUPFD_CLOEXEC, 512);
    int net = netns >= 0 ? fcntl(netns, F_DUPFD_CLOEXEC, 512) : -1;
    dup3(high[0], FD_CONTROL, O_CLOEXEC);
    dup3(high[1], FD_START, O_CLOEXEC);
    for (int i = 2; i < count; i++)
        dup3(high[i], FD_LEAF + i - 2, O_CLOEXEC);
    if (net >= 0)
        dup3(net, FD_NETNS, O_CLOEXEC);
    close_range((unsigned)(FD_LEAF + count - 2), ~0u, 0);
}

static uint64_t namespace_flags(const struct shape *shape)
{
    uint64_t flags = CLONE_PIDFD;

    flags |= CLONE_NEWNS; /* without it a sandbox would mount over its neighbours; no shape may leave it out */
    if (shape_protects(shape, PROTECT_PID_NS))
        flags |= CLONE_NEWPID;
    if (shape_protects(shape, PROTECT_IPC_NS))
        flags |= CLONE_NEWIPC;
    if (shape_protects(shape, PROTECT_UTS_NS))
        flags |= CLONE_NEWUTS;
    return flags;
}

static void refuse(int socket, uint32_t id, const char *name, int error)
{
    struct wire_failure failure = {.error = error};

    strncpy(failure.name, name, sizeof failure.name - 1);
    wire_send(socket, WIRE_FAILED, id, &failure, sizeof failure, NULL, 0);
}

static void become_init(struct sandbox *sandbox, const struct wire_record *record, int netns)
{
    arrange_descriptors(record, netns);
    sandbox->report_socket = FD_CONTROL;
    if (!shape_protects(sandbox->shape, PROTECT_PID_NS) && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        steps_fail(sandbox, 0, "subreaper", errno);
    steps_perform(PHASE_INIT, sandbox);
    init_live(sandbox);
}

static void prepare(const struct sandbox *warden, int socket, struct wire_record *record)
{
    struct sandbox sandbox = *warden;
    uint32_t id = record->header.id;
    unsigned slot = 0;
    int pidfd = -1, netns = -1;

    memcpy(&sandbox.request, record->body, sizeof sandbox.request);
    sandbox.id = id;
    while (slot < slots_used && slots[slot].pid)
        slot++;
    if (slot == MAX_SANDBOXES)
        return refuse(socket, id, "prepare", EAGAIN);
    if (sandbox.request.leaf_count + 2 != (uint32_t)record->descriptor_count)
        return refuse(socket, id, "prepare", EPROTO);
    if (shape_protects(warden->shape, PROTECT_NET_NS)) {
        netns = take_netns();
        if (netns < 0)
            return refuse(socket, id, "network_namespace", -netns);
    }
    struct clone_args arguments = {
        .flags = namespace_flags(warden->shape),
        .pidfd = (uint64_t)(uintptr_t)&pidfd,
        .exit_signal = SIGCHLD,
    };
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0)
        become_init(&sandbox, record, netns);
    if (pid < 0) {
        int error = errno;

        give_back_netns(warden->shape, netns);
        return refuse(socket, id, "clone", error);
    }
    slots[slot] = (struct slot){.pid = (pid_t)pid, .id = id, .netns = netns};
    if (slot == slots_used)
        slots_used++;
    struct wire_pid spawned = {.pid = (int32_t)pid};
    wire_send(socket, WIRE_SPAWNED, id, &spawned, sizeof spawned, &pidfd, 1);
    close(pidfd);
}

static void reap(const struct sandbox *warden, int socket)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (unsigned i = 0; i < slots_used; i++) {
            if (slots[i].pid != pid)
                continue;
            struct wire_pid reaped = {.pid = pid, .status = status};

            give_back_netns(warden->shape, slots[i].netns);
            slots[i].pid = 0;
            wire_send(socket, WIRE_REAPED, slots[i].id, &reaped, sizeof reaped, NULL, 0);
        }
    }
}

static void on_child(int signal)
{
    (void)signal;
}

int warden_live(struct sandbox *warden, int socket)
{
    static unsigned char buffer[4096];
    struct sigaction action = {.sa_handler = on_child};
    sigset_t child, open_mask;
    struct wire_record record;

    sigemptyset(&open_mask);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    sigaction(SIGCHLD, &action, NULL);
    for (;;) {
        struct pollfd poll = {.fd = socket, .events = POLLIN};

        reap(warden, socket);
        if (ppoll(&poll, 1, NULL, &open_mask) <= 0)
            continue;
        int result = wire_receive(socket, buffer, sizeof buffer, &record);
        if (result <= 0) {
            for (unsigned i = 0; i < slots_used; i++)
                if (slots[i].pid)
                    kill(slots[i].pid, SIGKILL);
            while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
                ;
            return result < 0;
        }
        if (record.header.type == WIRE_PREPARE)
            prepare(warden, socket, &record);
        wire_close_descriptors(&record);
    }
}
