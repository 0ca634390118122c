/* Evidence of enforcement, as the kernel shows it in /proc. */
#ifndef ORKET_EVIDENCE_H
#define ORKET_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* status, uid_map, gid_map, mountinfo, limits; then the links of the namespaces user, pid, mnt, net, ipc, uts, cgroup. */
#define ORKET_EVIDENCE_FILES 5
#define ORKET_EVIDENCE_LINKS 7
#define ORKET_EVIDENCE_PARTS 12

/*
 * Reads the parts of /proc/`pid`, one behind the other, into `buffer`; `lengths` has the bytes of each, 0 for one that may
 * not be read. `*descriptors` is the number of open descriptors, UINT32_MAX when they may not be counted. Bytes in all,
 * -errno when there is no such process, -E2BIG when `capacity` is too small.
 */
ssize_t orket_read_evidence(pid_t pid, char *buffer, size_t capacity, uint32_t lengths[ORKET_EVIDENCE_PARTS],
                            uint32_t *descriptors);

#endif
