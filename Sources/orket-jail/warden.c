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
    int netns;
};

static struct slot slots[MAX_SANDBOXES];
static unsigned slots_used; /* slots at and above this were never used */
static int spare[MAX_SPARE_NAMESPACES];
static int spare_count;
static int home_netns = -1, host_proc = -1;

/* Out of the range in which a record's descriptors arrive; -1 with errno when that fails, also for an `fd` of -1. */
static int move_up(int fd)
{
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FD_WARDEN);

    if (fd >= 0)
        close(fd);
    return high;
}

int warden_keep_host_handles(const struct sandbox *warden)
{
    /* An ordinary user may leave the host's network but not come back to it (setns(2) asks for power over its owner), so
     * home is then a namespace of the warden's own. */
    if (warden->rootless && shape_protects(warden->shape, PROTECT_NET_NS) && syscall(SYS_unshare, CLONE_NEWNET) < 0)
        return -errno;
    home_netns = move_up(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    host_proc = move_up(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    return home_netns < 0 || host_proc < 0 ? -errno : 0;
}

/* A namespace of which only this descriptor is left: no process lives in it, and none of the payload's kind ever may. */
static int take_netns(void)
{
    if (spare_count > 0)
        return spare[--spare_count];
    if (syscall(SYS_unshare, CLONE_NEWNET) < 0)
        return -errno;
    int fd = move_up(openat(host_proc, "self/ns/net", O_RDONLY | O_CLOEXEC));
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

static uint64_t namespace_flags(const struct shape *shape)
{
    uint64_t flags = CLONE_NEWNS; /* without it a sandbox would mount over its neighbours; no shape may leave it out */
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

static void become_init(struct sandbox *sandbox)
{
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
    int netns = -1;

    memcpy(&sandbox.request, record->body, sizeof sandbox.request);
    sandbox.id = id;
    while (slot < slots_used && slots[slot].pid)
        slot++;
    if (slot == MAX_SANDBOXES)
        return refuse(socket, id, "prepare", EAGAIN);
    if (sandbox.request.leaf_count + 2 != (uint32_t)record->descriptor_count)
        return refuse(socket, id, "prepare", EPROTO);
    for (int i = 0; i < record->descriptor_count; i++)
        if (record->descriptors[i] != FD_CONTROL + i)
            return refuse(socket, id, "descriptors", EBADF);
    if (shape_protects(warden->shape, PROTECT_NET_NS)) {
        netns = take_netns();
        if (netns < 0)
            return refuse(socket, id, "network_namespace", -netns);
    }
    struct clone_args arguments = {
        .flags = namespace_flags(warden->shape),
        .exit_signal = SIGCHLD,
    };
    sandbox.netns = netns;
    long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid == 0)
        become_init(&sandbox);
    if (pid < 0) {
        int error = errno;

        give_back_netns(warden->shape, netns);
        return refuse(socket, id, "clone", error);
    }
    slots[slot] = (struct slot){.pid = (pid_t)pid, .netns = netns};
    if (slot == slots_used)
        slots_used++;
}

static void reap(const struct sandbox *warden)
{
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        for (unsigned i = 0; i < slots_used; i++) {
            if (slots[i].pid != pid)
                continue;
            give_back_netns(warden->shape, slots[i].netns);
            slots[i].pid = 0;
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

        reap(warden);
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
