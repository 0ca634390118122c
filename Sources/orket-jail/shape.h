/*
 * A shape: everything that is equal for all sandboxes of one plan. The supervisor decides it, the jail only performs it.
 *
 * The bytes of a shape, in order (u32 and u64 little-endian, `string` = u32 length, bytes, one NUL that the length does
 * not count; `blob` = u32 length, bytes):
 *
 *   u32 abi                      SHAPE_ABI
 *   u32 protections              bit i = protection i of the table in OrketCore/Policy/Protection.swift
 *   u32 flags                    SHAPE_LOOPBACK
 *   u32 cgroup                   0 none, 1 v1 (write to descriptors), 2 v2 (born in the directory)
 *   u32 inner_uid, u32 inner_gid as the payload sees itself
 *   u64 scratch_bytes, u64 scratch_inodes
 *   string hostname
 *   u32 n, n x { u32 resource, u64 soft, u64 hard }                       rlimits
 *   u32 n, n x { u32 kind, u32 flags, string source, string target, blob data }   mounts of the rootfs, in order
 *   u32 size, u64 handled_fs, u64 handled_net, u64 scoped                 Landlock; size 0 = absent
 *   u32 n, n x { u64 access, string path }                                Landlock path rules
 *   blob seccomp                 array of struct sock_filter; empty = absent
 */
#ifndef ORKET_SHAPE_H
#define ORKET_SHAPE_H

#include <stdint.h>

#define SHAPE_ABI 1
#define SHAPE_LOOPBACK 1u

#define SHAPE_MAX_RLIMITS 16
#define SHAPE_MAX_MOUNTS 16384
#define SHAPE_MAX_RULES 64
#define SHAPE_MAX_FILTER 4096

enum mount_kind { MOUNT_BIND = 1, MOUNT_SYMLINK = 2, MOUNT_FILE = 3, MOUNT_DIRECTORY = 4, MOUNT_DEVICE = 5 };
#define MOUNT_WRITABLE 1u
#define MOUNT_NOEXEC 2u
/* Without this flag a bind is nosuid and nodev; only a control run sets it. */
#define MOUNT_LOOSE 4u

/* The order is the order of `Protection.allCases`. */
enum protection {
    PROTECT_USER_NS,
    PROTECT_PID_NS,
    PROTECT_MOUNT_NS,
    PROTECT_NET_NS,
    PROTECT_IPC_NS,
    PROTECT_UTS_NS,
    PROTECT_CGROUP_NS,
    PROTECT_IDENTITY,
    PROTECT_MOUNT_FLAGS,
    PROTECT_MINIMAL_DEV,
    PROTECT_MASKED_PROC,
    PROTECT_SCRATCH_QUOTA,
    PROTECT_CAPABILITIES,
    PROTECT_NO_NEW_PRIVS,
    PROTECT_SECCOMP,
    PROTECT_LANDLOCK,
    PROTECT_RLIMITS,
    PROTECT_CGROUP_MEMORY,
    PROTECT_CGROUP_PIDS,
    PROTECT_CGROUP_CPU,
    PROTECT_CLOSED_FDS,
    PROTECT_CLEAN_ENV,
    PROTECT_SESSION,
    PROTECT_KEYRING,
    PROTECT_GUARDED_INIT,
    PROTECT_COUNT,
};

struct shape_rlimit {
    uint32_t resource;
    uint64_t soft, hard;
};

struct shape_mount {
    uint32_t kind, flags;
    const char *source, *target;
    const unsigned char *data;
    uint32_t data_length;
};

struct shape_rule {
    uint64_t access;
    const char *path;
};

struct shape {
    uint32_t protections, flags, cgroup, inner_uid, inner_gid;
    uint64_t scratch_bytes, scratch_inodes;
    const char *hostname;
    uint32_t rlimit_count;
    struct shape_rlimit rlimits[SHAPE_MAX_RLIMITS];
    uint32_t mount_count;
    uint32_t mounts_offset; /* mounts are many: they are read again from the bytes, one at a time */
    uint32_t landlock_size;
    uint64_t landlock_fs, landlock_net, landlock_scoped;
    uint32_t rule_count;
    struct shape_rule rules[SHAPE_MAX_RULES];
    uint32_t filter_length; /* instructions */
    const unsigned char *filter;
};

static inline int shape_protects(const struct shape *shape, enum protection p)
{
    return (int)(shape->protections >> p & 1u);
}

/* Checks every length and bound of `bytes`, which must outlive `out`; 0 or -EPROTO. Pure: fuzzed by .ci/fuzz. */
int shape_decode(const unsigned char *bytes, uint32_t size, struct shape *out);

/* Mount number `index` after `shape_decode` succeeded; `*cursor` starts at `mounts_offset`. 0 or -EPROTO. */
int shape_next_mount(const unsigned char *bytes, uint32_t size, uint32_t *cursor, struct shape_mount *out);

/* Splits the body of a START message in place into argv and envp, both NULL-terminated. 0 or -EPROTO, -E2BIG. */
int start_decode(unsigned char *bytes, uint32_t size, char **vector, uint32_t capacity, char ***argv, char ***envp);

#endif
