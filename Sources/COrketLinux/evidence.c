/* What /proc says of one process, in one call: a run pays for every system call of its evidence. */
#include "orket_evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const files[] = {"status", "uid_map", "gid_map", "mountinfo", "limits"};
enum { MOUNTINFO = 3 };
static const char *const links[] = {"ns/user", "ns/pid", "ns/mnt", "ns/net", "ns/ipc", "ns/uts", "ns/cgroup"};

_Static_assert(sizeof files / sizeof files[0] == ORKET_EVIDENCE_FILES, "parts");
_Static_assert(sizeof links / sizeof links[0] == ORKET_EVIDENCE_LINKS, "parts");

/* Bytes of the file, 0 when it cannot be read, -E2BIG when it does not fit. A file of many records comes in pieces of a
 * page; one that is written at once ends with the read that is not filled. */
static ssize_t append_file(int process, const char *name, int in_pieces, char *at, size_t room)
{
    int fd = openat(process, name, O_RDONLY | O_CLOEXEC);
    size_t used = 0;
    ssize_t n = 1;

    while (fd >= 0 && n > 0 && used < room) {
        n = read(fd, at + used, room - used);
        used += n > 0 ? (size_t)n : 0;
        if (!in_pieces && used < room)
            n = 0;
    }
    if (fd >= 0)
        close(fd);
    return n > 0 && fd >= 0 ? -E2BIG : (ssize_t)used;
}

static uint32_t count_descriptors(int process)
{
    struct linux_dirent64 {
        uint64_t inode;
        int64_t offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    _Alignas(struct linux_dirent64) char entries[2048];
    struct stat st;
    uint32_t count = 0;
    long n;

    /* Since Linux 6.2 the size of the directory is the count. */
    if (fstatat(process, "fd", &st, 0) == 0 && st.st_size > 0)
        return (uint32_t)st.st_size;
    int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return UINT32_MAX;
    while ((n = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
        for (long at = 0; at < n; count++)
            at += ((struct linux_dirent64 *)(void *)(entries + at))->length;
    close(fd);
    return count - 2; /* "." and ".." */
}

ssize_t orket_read_evidence(pid_t pid, char *buffer, size_t capacity, uint32_t lengths[ORKET_EVIDENCE_PARTS],
                            uint32_t *descriptors)
{
    char path[32];
    size_t used = 0;

    snprintf(path, sizeof path, "/proc/%d", pid);
    int process = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (process < 0)
        return -errno;
    for (int i = 0; i < ORKET_EVIDENCE_PARTS; i++) {
        ssize_t n;

        if (i < ORKET_EVIDENCE_FILES) {
            n = append_file(process, files[i], i == MOUNTINFO, buffer + used, capacity - used);
        } else {
            n = readlinkat(process, links[i - ORKET_EVIDENCE_FILES], buffer + used, capacity - used);
            n = n < 0 ? 0 : n;
        }
        if (n < 0 || used + (size_t)n >= capacity) {
            close(process);
            return -E2BIG;
        }
        lengths[i] = (uint32_t)n;
        used += (size_t)n;
    }
    *descriptors = count_descriptors(process);
    close(process);
    return (ssize_t)used;
}
