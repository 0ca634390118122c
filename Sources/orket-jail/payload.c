/*
 * The payload before it is a payload: gives up everything, step by step, then waits for the command to become. After the
 * filter is loaded it may use only what every policy allows: recvmsg, sendmsg, read, dup3, close_range, execve, exit_group.
 */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int step_enter_leaf(struct sandbox *s)
{
    /* v1: one hierarchy per controller, each told "0", the writer itself. On v2 the payload was born in its leaf. */
    for (uint32_t i = 0; s->shape->cgroup == 1 && i < s->request.leaf_count; i++) {
        s->index = i;
        if (write(FD_LEAF + (int)i, "0", 1) < 0)
            return -errno;
    }
    if (s->request.leaf_count > 0)
        close_range(FD_LEAF, FD_LEAF + s->request.leaf_count - 1, 0);
    if (!shape_protects(s->shape, PROTECT_CGROUP_NS))
        return 0;
    return syscall(SYS_unshare, CLONE_NEWCGROUP) < 0 ? -errno : 0;
}

int step_session(struct sandbox *s)
{
    (void)s;
    return setsid() < 0 ? -errno : 0;
}

int step_rlimits(struct sandbox *s)
{
    for (uint32_t i = 0; i < s->shape->rlimit_count; i++) {
        const struct shape_rlimit *limit = &s->shape->rlimits[i];
        const struct rlimit value = {.rlim_cur = limit->soft, .rlim_max = limit->hard};

        s->index = i;
        if (setrlimit((int)limit->resource, &value) < 0)
            return -errno;
    }
    return 0;
}

int step_identity(struct sandbox *s)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct caps[2];

    /* A rootless broker is mapped to one id only, which is the payload's; its namespace refuses setgroups(2). */
    if (s->rootless)
        return 0;
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return -errno;
    if (syscall(SYS_setgroups, 0, NULL) < 0 || syscall(SYS_setresgid, s->request.gid, s->request.gid, s->request.gid) < 0)
        return -errno;
    if (syscall(SYS_setresuid, s->request.uid, s->request.uid, s->request.uid) < 0)
        return -errno;
    /* Kept, and taken up again, only for the next steps: a namespace where the host forbids it to ordinary users. */
    if (syscall(SYS_capget, &header, caps) < 0)
        return -errno;
    caps[0].effective = caps[0].permitted;
    caps[1].effective = caps[1].permitted;
    return syscall(SYS_capset, &header, caps) < 0 ? -errno : 0;
}

static int write_proc(struct sandbox *s, const char *path, const char *text)
{
    s->subject = path;
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    int result = write(fd, text, strlen(text)) < 0 ? -errno : 0;
    close(fd);
    return result;
}

int step_user_namespace(struct sandbox *s)
{
    char map[64];
    uid_t uid = getuid();
    gid_t gid = getgid();

    if (syscall(SYS_unshare, CLONE_NEWUSER) < 0)
        return -errno;
    /* Changing ids, and being a child of the guarded pid 1, made /proc/self root's; the maps are written through it. */
    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
        return -errno;
    snprintf(map, sizeof map, "%u %u 1\n", s->shape->inner_uid, uid);
    int result = write_proc(s, "/proc/self/uid_map", map);
    /* Without this an unprivileged process may not write its gid map (Linux 3.19). */
    if (result == 0)
        result = write_proc(s, "/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1\n", s->shape->inner_gid, gid);
    if (result == 0)
        result = write_proc(s, "/proc/self/gid_map", map);
    /* Pid 1's memory may be this process's too, and must not stay open to others. An unprivileged supervisor has to look
     * into /proc/PID of the payload, which then has a memory of its own. */
    if (result == 0 && !s->rootless && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        result = -errno;
    return result;
}

int step_bounding_set(struct sandbox *s)
{
    for (int cap = 0; cap <= 63; cap++) {
        s->index = (uint32_t)cap;
        if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0) {
            if (errno == EINVAL) /* past the kernel's last capability */
                return 0;
            return -errno;
        }
    }
    return 0;
}

int step_capabilities(struct sandbox *s)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};

    (void)s;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return -errno;
    if (syscall(SYS_capset, &header, none) < 0)
        return -errno;
    return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int step_no_new_privileges(struct sandbox *s)
{
    (void)s;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int step_landlock(struct sandbox *s)
{
    /* The newest layout; the size that the kernel's ABI knows is in the shape. */
    uint64_t attributes[3] = {s->shape->landlock_fs, s->shape->landlock_net, s->shape->landlock_scoped};

    if (s->shape->landlock_size == 0)
        return 0;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, attributes, (size_t)s->shape->landlock_size, 0);
    if (ruleset < 0)
        return -errno;
    for (uint32_t i = 0; i < s->shape->rule_count; i++) {
        const struct shape_rule *rule = &s->shape->rules[i];
        struct landlock_path_beneath_attr beneath = {.allowed_access = rule->access};

        s->index = i;
        s->subject = rule->path;
        beneath.parent_fd = open(rule->path, O_PATH | O_CLOEXEC);
        if (beneath.parent_fd < 0)
            return -errno;
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
            return -errno;
        close(beneath.parent_fd);
    }
    if (syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
        return -errno;
    close(ruleset);
    return 0;
}

int step_working_directory(struct sandbox *s)
{
    s->subject = "/box";
    umask(022);
    return chdir("/box") < 0 ? -errno : 0;
}

int step_signals(struct sandbox *s)
{
    sigset_t none;

    (void)s;
    /* The jail ignores SIGPIPE and blocks SIGCHLD; a program starts with neither. */
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? -errno : 0;
}

int step_seccomp(struct sandbox *s)
{
    struct sock_fprog program = {
        .len = (unsigned short)s->shape->filter_length,
        .filter = (struct sock_filter *)(uintptr_t)s->shape->filter,
    };

    if (program.len == 0)
        return 0;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

static const char *environment_value(char **envp, const char *name)
{
    size_t length = strlen(name);

    for (; *envp; envp++)
        if (!strncmp(*envp, name, length) && (*envp)[length] == '=')
            return *envp + length + 1;
    return NULL;
}

/* execvp(3) against the payload's own PATH; returns the errno that names the problem best. */
static int search_and_exec(char **argv, char **envp)
{
    char path[4096];
    int error = ENOENT;
    const char *at = environment_value(envp, "PATH");

    if (strchr(argv[0], '/') || !at) {
        execve(argv[0], argv, envp);
        return errno;
    }
    while (at) {
        const char *colon = strchr(at, ':');
        size_t length = colon ? (size_t)(colon - at) : strlen(at);

        if (snprintf(path, sizeof path, "%.*s/%s", (int)length, at, argv[0]) < (int)sizeof path && length > 0) {
            execve(path, argv, envp);
            if (errno != ENOENT && errno != ENOTDIR)
                error = errno;
        }
        at = colon ? colon + 1 : NULL;
    }
    return error;
}

/* A command that is too long for a record comes in a sealed memory file. */
static unsigned char *map_long_start(struct wire_record *record, uint32_t *size)
{
    struct stat st;

    if (fstat(record->descriptors[3], &st) < 0 || st.st_size <= 0 || st.st_size > WIRE_MAX_BLOB)
        return NULL;
    *size = (uint32_t)st.st_size;
    void *map = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, record->descriptors[3], 0);
    return map == MAP_FAILED ? NULL : map;
}

/* The program's own descriptors: 0, 1, 2, and 3 when a result channel was sent, which is then number `channel` of the
 * record. The socket for reports stays until exec closes it; START is over, so its socket's number is free for it. */
static void place_descriptors(struct sandbox *s, const struct wire_record *record, int channel)
{
    for (int i = 0; i < 3; i++)
        if (dup3(record->descriptors[i], i, 0) < 0)
            steps_fail(s, 0, "start", errno);
    if (record->descriptor_count > channel) {
        if (dup3(FD_CONTROL, FD_START, O_CLOEXEC) < 0)
            steps_fail(s, 0, "start", errno);
        s->report_socket = FD_START;
        if (dup3(record->descriptors[channel], FD_CHANNEL, 0) < 0)
            steps_fail(s, 0, "start", errno);
    }
    if (shape_protects(s->shape, PROTECT_CLOSED_FDS))
        close_range((unsigned)s->report_socket + 1, ~0u, 0);
}

_Noreturn void payload_live(struct sandbox *s)
{
    static _Alignas(4096) unsigned char buffer[WIRE_MAX_RECORD];
    static _Alignas(4096) char *vector[16384];
    struct wire_record record;
    char **argv, **envp;

    s->report_socket = FD_CONTROL;
    s->subject = NULL;
    /* The page faults of what START needs are taken now, while nobody waits. */
    buffer[0] = 0;
    vector[0] = NULL;
    /* Last act of the set-up. Without READY the supervisor never calls what follows the program's own doing. */
    if (wire_send(FD_START, WIRE_READY, s->id, NULL, 0, NULL, 0) < 0)
        _exit(125);
    if (wire_receive(FD_START, buffer, sizeof buffer, &record) <= 0)
        _exit(0); /* given back unused */
    unsigned char *body = buffer + sizeof record.header;
    uint32_t size = record.header.length;
    if (record.header.type == WIRE_STARTLONG)
        body = map_long_start(&record, &size);
    else if (record.header.type != WIRE_START)
        steps_fail(s, 0, "start", EPROTO);
    int result = body ? start_decode(body, size, vector, sizeof vector / sizeof vector[0], &argv, &envp) : -EPROTO;
    if (result < 0)
        steps_fail(s, 0, "start", -result);
    place_descriptors(s, &record, record.header.type == WIRE_STARTLONG ? 4 : 3);
    s->subject = argv[0];
    steps_fail(s, 0, "exec", search_and_exec(argv, envp));
}
