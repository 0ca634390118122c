/*
 * orket-jail: enters sandboxes on behalf of a supervisor.
 *
 * Theory of operation. The supervisor starts one jail, the *broker*, with a socket as descriptor 3. For each plan shape
 * the broker forks a *warden*, which builds the shape's root file system in a mount namespace of its own, pivots into it
 * and from then on forks sandboxes: pid 1 of each (init.c), which forks the payload (payload.c). Everything is a fork of
 * this small static program: no fork copies the supervisor's memory, no second exec is paid for.
 *
 * Life line: broker, warden and pid 1 each die with their parent, and broker and warden end at end-of-file of their
 * sockets. However the supervisor dies, the kernel takes down the rest.
 */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BROKER_SOCKET 3

static int has_sys_admin(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct caps[2] = {{0}};

    return syscall(SYS_capget, &header, caps) == 0 && (caps[0].effective >> CAP_SYS_ADMIN & 1u);
}

static int put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    int result = write(fd, text, strlen(text)) < 0 ? -errno : 0;
    close(fd);
    return result;
}

/* An ordinary user becomes root of a user namespace of its own, mapped to itself outside; the rest is the same code. */
static int become_root(void)
{
    char map[64];
    uid_t uid = getuid();
    gid_t gid = getgid();

    if (syscall(SYS_unshare, CLONE_NEWUSER) < 0)
        return -errno;
    int result = put("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1\n", uid);
    if (result == 0)
        result = put("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1\n", gid);
    if (result == 0)
        result = put("/proc/self/gid_map", map);
    return result;
}

/* The shape's bytes, mapped for the warden's whole life; sealed by the supervisor, so they cannot change under us. */
static int map_shape(int fd, struct sandbox *warden, struct shape *shape)
{
    struct stat st;
    int seals = fcntl(fd, F_GET_SEALS);

    if (seals < 0 || (seals & (F_SEAL_WRITE | F_SEAL_SHRINK)) != (F_SEAL_WRITE | F_SEAL_SHRINK))
        return -EPERM;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (st.st_size <= 0 || st.st_size > WIRE_MAX_BLOB)
        return -EPROTO;
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return -errno;
    warden->shape_bytes = map;
    warden->shape_size = (uint32_t)st.st_size;
    warden->shape = shape;
    return shape_decode(map, warden->shape_size, shape);
}

/* A limit that the host already holds lower stays: it is as strict as asked, and cannot be raised. */
static void clamp_rlimits(struct shape *shape)
{
    for (uint32_t i = 0; i < shape->rlimit_count; i++) {
        struct shape_rlimit *limit = &shape->rlimits[i];
        struct rlimit held;

        /* A resource that this kernel does not know is reported by the step that sets it. */
        if (getrlimit((int)limit->resource, &held) == 0 && limit->hard > held.rlim_max)
            limit->hard = held.rlim_max;
        if (limit->soft > limit->hard)
            limit->soft = limit->hard;
    }
}

static _Noreturn void warden_main(const struct wire_record *record, int rootless)
{
    static struct shape shape;
    int memfd = record->descriptors[0], socket = record->descriptors[1];
    struct sandbox warden = {
        .report_socket = socket, .rootless = rootless, .root = -1, .request.fault_step = record->header.id};

    /* The broker is this process's parent, single-threaded, so the signal means what it says. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
        steps_fail(&warden, 0, "warden", errno);
    close(BROKER_SOCKET);
    /* Low numbers belong to the descriptors of PREPARE records. */
    int high = fcntl(socket, F_DUPFD_CLOEXEC, FD_WARDEN);
    if (high < 0)
        steps_fail(&warden, 0, "warden", errno);
    close(socket);
    socket = warden.report_socket = high;
    int result = map_shape(memfd, &warden, &shape);
    close(memfd);
    if (result < 0)
        steps_fail(&warden, 0, "shape", -result);
    if (shape_protects(&shape, PROTECT_KEYRING) && syscall(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL) < 0 &&
        errno != ENOSYS)
        steps_fail(&warden, 0, "keyring", errno);
    clamp_rlimits(&shape);
    result = warden_keep_host_handles(&warden);
    if (result < 0)
        steps_fail(&warden, 0, "host_handles", -result);
    steps_perform(PHASE_WARDEN, &warden);
    /* The host name is set once, in a namespace from which every sandbox copies its own. */
    if (shape_protects(&shape, PROTECT_UTS_NS) &&
        (syscall(SYS_unshare, CLONE_NEWUTS) < 0 || sethostname(shape.hostname, strlen(shape.hostname)) < 0))
        steps_fail(&warden, 0, "hostname", errno);
    if (wire_send(socket, WIRE_SHAPED, 0, NULL, 0, NULL, 0) < 0)
        _exit(1);
    _exit(warden_live(&warden, socket));
}

static int broker_live(int rootless)
{
    static unsigned char buffer[4096];
    struct wire_record record;

    for (;;) {
        int result = wire_receive(BROKER_SOCKET, buffer, sizeof buffer, &record);

        /* Not what a supervisor of ours sends: the wardens, who know nothing of it, die with this process. */
        if (result < 0)
            return 1;
        if (result == 0) {
            /* The wardens met the end of their sockets, too. Whoever waits for this process finds nothing of them left. */
            while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
                ;
            return 0;
        }
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        if (record.header.type != WIRE_SHAPE) {
            wire_close_descriptors(&record);
            continue;
        }
        pid_t pid = fork();
        if (pid == 0)
            warden_main(&record, rootless);
        if (pid < 0) {
            struct sandbox failed = {.report_socket = record.descriptors[1]};
            struct wire_failure failure = {.error = errno, .name = "fork_warden"};

            wire_send(failed.report_socket, WIRE_FAILED, 0, &failure, sizeof failure, NULL, 0);
        }
        wire_close_descriptors(&record);
    }
}

int main(int argc, char **argv)
{
    struct stat st;
    int rootless = !has_sys_admin();

    if (argc == 2 && !strcmp(argv[1], "--version")) {
        printf("orket-jail wire %d shape %d steps %u\n", WIRE_VERSION, SHAPE_ABI, steps_count());
        return 0;
    }
    if (fstat(BROKER_SOCKET, &st) < 0 || !S_ISSOCK(st.st_mode)) {
        fprintf(stderr, "orket-jail: started by hand: it is run by orket, with a socket as descriptor 3\n");
        return 2;
    }
    if (fstat(0, &st) < 0 || fcntl(BROKER_SOCKET, F_SETFD, FD_CLOEXEC) < 0)
        return 2;
    close_range(BROKER_SOCKET + 1, ~0u, 0);
    signal(SIGPIPE, SIG_IGN);
    /* Modes of what the jail makes are meant as written; the payload gets a umask of its own. */
    umask(0);
    /* The terminal's Ctrl-C goes to the supervisor, which decides; the jail must live to clean up. */
    setsid();
    struct sandbox broker = {.report_socket = BROKER_SOCKET};
    int result = rootless ? become_root() : 0;
    if (result < 0)
        steps_fail(&broker, 0, "become_root", -result);
    struct wire_hello hello = {.step_count = steps_count(), .rootless = (uint32_t)rootless, .protection_count = PROTECT_COUNT};
    if (wire_send(BROKER_SOCKET, WIRE_HELLO, 0, &hello, sizeof hello, NULL, 0) < 0)
        return 1;
    return broker_live(rootless);
}
