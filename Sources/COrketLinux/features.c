/* See include/orket_features.h. */
#include "orket_features.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* `expected` is the error that only the kernel's own checks of these arguments give. */
static int reached(long result, int expected)
{
    if (result >= 0 || errno == expected)
        return 0;
    return errno;
}

int orket_landlock_abi(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return version < 0 ? -errno : (int)version;
}

int orket_probe_openat2(void)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof how);

    if (fd < 0)
        return errno;
    close((int)fd);
    return 0;
}

int orket_probe_close_range(void)
{
    /* The first descriptor lies beyond the last. */
    return reached(syscall(SYS_close_range, UINT_MAX, 0u, 0u), EINVAL);
}

int orket_probe_pidfd(void)
{
    long fd = syscall(SYS_pidfd_open, getpid(), 0);

    if (fd < 0)
        return errno;
    long result = syscall(SYS_pidfd_send_signal, (int)fd, 0, NULL, 0u);
    int reason = result < 0 ? errno : 0;
    close((int)fd);
    return reason;
}

int orket_probe_mount_setattr(void)
{
    /* Its argument has no size: refused before any privilege is asked for. */
    return reached(syscall(SYS_mount_setattr, -1, NULL, 0u, NULL, (size_t)0), EINVAL);
}

int orket_probe_open_tree(void)
{
    return reached(syscall(SYS_open_tree, -1, "", ~0u), EINVAL);
}

int orket_probe_move_mount(void)
{
    /* The privilege is asked for first, and an ordinary user gets it in a namespace of its own: EPERM says nothing. */
    long result = syscall(SYS_move_mount, -1, NULL, -1, NULL, ~0u);

    return result < 0 && errno == ENOSYS ? ENOSYS : 0;
}

int orket_probe_user_namespace(void)
{
    /* CLONE_NEWUSER with a bit that unshare(2) does not know: always refused, but a filter that looks for the flag
     * answers first. */
    return reached(syscall(SYS_unshare, CLONE_NEWUSER | 1), EINVAL);
}

int orket_probe_seccomp(uint32_t action)
{
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0 ? errno : 0;
}
