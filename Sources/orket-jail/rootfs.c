/*
 * The file tree of a sandbox. The warden builds the read-only part once per shape; pid 1 adds, for its sandbox alone, one
 * size-limited tmpfs that is workspace, /tmp and /dev/shm together, and a /proc that shows only its own processes.
 */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* <sys/mount.h> and <linux/mount.h> cannot be included together with the C library of Debian 12. */
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);
#define MNT_DETACH 2

/* The new root is mounted here for a moment; every bind source is opened before it covers anything. */
#define STAGE "/tmp"

static int clone_tree(int directory, const char *path, int recursive)
{
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_NO_AUTOMOUNT | (recursive ? AT_RECURSIVE : 0);
    int fd = (int)syscall(SYS_open_tree, directory, path, flags);

    return fd < 0 ? -errno : fd;
}

static int set_flags(int fd, const char *path, unsigned flags, uint64_t attributes)
{
    struct mount_attr attr = {.attr_set = attributes};

    return syscall(SYS_mount_setattr, fd, path, flags, &attr, sizeof attr) < 0 ? -errno : 0;
}

static int attach(int tree, int directory, const char *path)
{
    if (syscall(SYS_move_mount, tree, "", directory, path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
        return -errno;
    return 0;
}

/* Opens `path` beneath the new root without following any link: a rootfs must not be able to redirect a mount. */
static int open_inside(int root, const char *path, uint64_t flags, uint64_t mode)
{
    struct open_how how = {
        .flags = flags | O_CLOEXEC | O_NOFOLLOW,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);

    return fd < 0 ? -errno : fd;
}

/* Makes the parents of `path` (absolute inside the root) and, when `leaf` is set, the directory itself. */
static int make_directories(int root, const char *path, int leaf)
{
    char buffer[1024];
    size_t length = strlen(path);

    if (length >= sizeof buffer || length < 2)
        return length < 2 ? 0 : -ENAMETOOLONG;
    memcpy(buffer, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (buffer[i] != '/' && buffer[i] != 0)
            continue;
        if (buffer[i] == 0 && !leaf)
            break;
        char saved = buffer[i];
        buffer[i] = 0;
        if (mkdirat(root, buffer + 1, 0755) < 0 && errno != EEXIST)
            return -errno;
        buffer[i] = saved;
    }
    return 0;
}

int step_private_mounts(struct sandbox *s)
{
    (void)s;
    if (syscall(SYS_unshare, 0x00020000 /* CLONE_NEWNS */) < 0)
        return -errno;
    return mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0;
}

static int mount_device(struct sandbox *s, const struct shape_mount *m, int tree)
{
    static const char *const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    static const unsigned minors[] = {3, 5, 7, 8, 9};
    struct stat st;

    (void)s;
    /* The tree is what gets mounted, so it is what is checked: no name is looked up twice (CVE-2025-31133). */
    if (fstat(tree, &st) < 0)
        return -errno;
    for (unsigned i = 0; i < 5; i++)
        if (!strcmp(m->source, names[i]) && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, minors[i]))
            return 0;
    return -ENODEV;
}

static int attach_bind(struct sandbox *s, const struct shape_mount *m, int tree)
{
    struct stat st;
    uint64_t attributes = 0;

    if (fstat(tree, &st) < 0)
        return -errno;
    if (m->kind == MOUNT_DEVICE) {
        int result = mount_device(s, m, tree);
        if (result < 0)
            return result;
        attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    } else if (!(m->flags & MOUNT_LOOSE)) {
        attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    }
    if (!(m->flags & (MOUNT_WRITABLE | MOUNT_LOOSE)))
        attributes |= MOUNT_ATTR_RDONLY;
    if (m->flags & MOUNT_NOEXEC)
        attributes |= MOUNT_ATTR_NOEXEC;
    int result = attributes ? set_flags(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) : 0;
    if (result < 0)
        return result;
    result = make_directories(s->root, m->target, S_ISDIR(st.st_mode));
    if (result < 0)
        return result;
    int target = S_ISDIR(st.st_mode) ? open_inside(s->root, m->target + 1, O_PATH | O_DIRECTORY, 0)
                                     : open_inside(s->root, m->target + 1, O_RDONLY | O_CREAT, 0444);
    if (target < 0)
        return target;
    if (syscall(SYS_move_mount, tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
        result = -errno;
    close(target);
    return result;
}

static int make_file(struct sandbox *s, const struct shape_mount *m)
{
    int fd = open_inside(s->root, m->target + 1, O_WRONLY | O_CREAT | O_EXCL, 0444);

    if (fd < 0)
        return fd;
    ssize_t written = write(fd, m->data, m->data_length);
    int result = written < 0 ? -errno : (uint32_t)written == m->data_length ? 0 : -ENOSPC;
    close(fd);
    return result;
}

static int perform_mount(struct sandbox *s, const struct shape_mount *m, int tree)
{
    int result = 0;

    switch (m->kind) {
    case MOUNT_BIND:
    case MOUNT_DEVICE:
        return attach_bind(s, m, tree);
    case MOUNT_DIRECTORY:
        return make_directories(s->root, m->target, 1);
    case MOUNT_SYMLINK:
        result = make_directories(s->root, m->target, 0);
        if (result == 0 && symlinkat(m->source, s->root, m->target + 1) < 0)
            result = -errno;
        return result;
    default:
        result = make_directories(s->root, m->target, 0);
        return result < 0 ? result : make_file(s, m);
    }
}

/* Sources that are opened ahead of the new root; the count bounds the descriptors that a shape may need. */
static int sources[SHAPE_MAX_MOUNTS];

static int open_sources(struct sandbox *s)
{
    struct shape_mount m;
    uint32_t cursor = s->shape->mounts_offset;

    for (uint32_t i = 0; i < s->shape->mount_count; i++) {
        if (shape_next_mount(s->shape_bytes, s->shape_size, &cursor, &m) < 0)
            return -EPROTO;
        sources[i] = -1;
        if (m.kind != MOUNT_BIND && m.kind != MOUNT_DEVICE)
            continue;
        s->index = i;
        s->subject = m.source;
        sources[i] = clone_tree(AT_FDCWD, m.source, m.kind == MOUNT_BIND);
        if (sources[i] < 0)
            return sources[i];
    }
    return 0;
}

/* An ordinary user may mount a /proc only where a whole one is to be seen already (mount_too_revealing() in the kernel's
 * fs/namespace.c); pid 1 takes this one off again once its own is made. */
static int lend_proc(struct sandbox *s)
{
    s->subject = "/proc";
    int tree = clone_tree(AT_FDCWD, "/proc", 1);

    if (tree < 0)
        return tree;
    int result = attach(tree, s->root, "proc");
    close(tree);
    return result;
}

int step_rootfs(struct sandbox *s)
{
    struct shape_mount m;
    uint32_t cursor = s->shape->mounts_offset;
    int result = open_sources(s);

    if (result < 0)
        return result;
    s->subject = STAGE;
    if (mount("orket", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=16m") < 0)
        return -errno;
    s->root = open(STAGE, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (s->root < 0)
        return -errno;
    for (uint32_t i = 0; i < s->shape->mount_count; i++) {
        if (shape_next_mount(s->shape_bytes, s->shape_size, &cursor, &m) < 0)
            return -EPROTO;
        s->index = i;
        s->subject = m.target;
        result = perform_mount(s, &m, sources[i]);
        if (sources[i] >= 0)
            close(sources[i]);
        if (result < 0)
            return result;
    }
    static const char *const own[] = {"/box", "/tmp", "/proc", "/dev/shm"};
    for (unsigned i = 0; i < 4; i++) {
        s->subject = own[i];
        result = make_directories(s->root, own[i], 1);
        if (result < 0)
            return result;
    }
    return s->rootless ? lend_proc(s) : 0;
}

int step_rootfs_seal(struct sandbox *s)
{
    return set_flags(s->root, "", AT_EMPTY_PATH, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

int step_pivot(struct sandbox *s)
{
    if (fchdir(s->root) < 0)
        return -errno;
    if (syscall(SYS_pivot_root, ".", ".") < 0)
        return -errno;
    /* The old root lies over the new one at "."; taking it off leaves nothing of the host. */
    if (umount2(".", MNT_DETACH) < 0)
        return -errno;
    close(s->root);
    s->root = -1;
    return chdir("/") < 0 ? -errno : 0;
}

/* One directory of the scratch becomes a mount of its own at `target`, with what is mounted in it. Not by open_tree(2): a bind
 * needs no mount namespace for a tree that is attached nowhere, and no descriptor. */
static int bind_scratch(struct sandbox *s, const char *source, const char *target)
{
    s->subject = target;
    return mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
}

/* What the plan put into /box lies in the read-only root, where the workspace is about to cover it: each directory of it is
 * bound into the workspace first. The bind is as read-only as the root, and a mount point can be neither removed nor renamed,
 * whoever owns the directory around it. */
static int carry_into_workspace(struct sandbox *s)
{
    struct shape_mount m;
    uint32_t cursor = s->shape->mounts_offset;
    char carried[256], inside[272];

    for (uint32_t i = 0; i < s->shape->mount_count; i++) {
        if (shape_next_mount(s->shape_bytes, s->shape_size, &cursor, &m) < 0)
            return -EPROTO;
        if (strncmp(m.target, "/box/", 5))
            continue;
        const char *end = strchr(m.target + 5, '/');
        size_t length = end ? (size_t)(end - m.target) : strlen(m.target);
        if (length >= sizeof carried)
            return -ENAMETOOLONG;
        memcpy(carried, m.target, length);
        carried[length] = 0;
        snprintf(inside, sizeof inside, "/tmp%s", carried);
        if (mkdir(inside, 0755) < 0) {
            /* An earlier entry of the same directory carried it. */
            if (errno == EEXIST)
                continue;
            return -errno;
        }
        if (mount(carried, inside, NULL, MS_BIND, NULL) < 0)
            return -errno;
    }
    return 0;
}

int step_scratch(struct sandbox *s)
{
    char options[128];
    int result;

    if (shape_protects(s->shape, PROTECT_SCRATCH_QUOTA))
        snprintf(options, sizeof options, "mode=755,size=%llu,nr_inodes=%llu", (unsigned long long)s->shape->scratch_bytes,
                 (unsigned long long)s->shape->scratch_inodes);
    else
        snprintf(options, sizeof options, "mode=755,size=90%%,nr_inodes=0");
    s->subject = "/tmp";
    if (mount("orket", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
        return -errno;
    if (mkdir("/tmp/box", 0755) < 0 || mkdir("/tmp/tmp", 01777) < 0 || mkdir("/tmp/shm", 01777) < 0)
        return -errno;
    if (chown("/tmp/box", s->request.uid, s->request.gid) < 0)
        return -errno;
    result = carry_into_workspace(s);
    if (result == 0)
        result = bind_scratch(s, "/tmp/box", "/box");
    if (result == 0)
        result = bind_scratch(s, "/tmp/shm", "/dev/shm");
    if (result == 0)
        result = set_flags(AT_FDCWD, "/dev/shm", 0, MOUNT_ATTR_NOEXEC);
    /* Last: it covers the scratch itself, which from here on no name reaches. */
    if (result == 0)
        result = bind_scratch(s, "/tmp/tmp", "/tmp");
    return result;
}

/* A proc file system for the caller's pid namespace, mounted nowhere yet. */
static int new_proc(int masked)
{
    int context = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

    if (context < 0)
        return -errno;
    /* subset=pid (Linux 5.8) leaves only process directories; hidepid=2 hides those of another identity, so pid 1. */
    int result = masked ? (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "subset", "pid", 0) : 0;
    if (masked && result == 0)
        result = (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "hidepid", "2", 0);
    if (result == 0)
        result = (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
    if (result == 0)
        result = (int)syscall(
            SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    int error = errno;
    close(context);
    return result < 0 ? -error : result;
}

int step_proc(struct sandbox *s)
{
    s->subject = "/proc";
    /* The host's pid namespace belongs to root: an ordinary user's control run keeps the /proc that the warden lent. */
    if (s->rootless && !shape_protects(s->shape, PROTECT_PID_NS))
        return 0;
    int tree = new_proc(shape_protects(s->shape, PROTECT_MASKED_PROC));
    if (tree < 0)
        return tree;
    int result = s->rootless && umount2("/proc", MNT_DETACH) < 0 ? -errno : attach(tree, AT_FDCWD, "/proc");
    close(tree);
    return result;
}
