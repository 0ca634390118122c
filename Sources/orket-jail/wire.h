/*
 * The messages between supervisor and jail.
 *
 * Every message is one SOCK_SEQPACKET record: a header, then a body whose length the header repeats. All integers are
 * little-endian, as on every machine that the jail is built for. Descriptors travel beside the record (SCM_RIGHTS).
 * Both sides refuse a record whose magic, version, type, length or descriptor count is not exactly what is written here;
 * the Swift side of this page is OrketSandbox/Jail/Wire.swift, and a test holds the two together.
 *
 *   type      from -> to              body                              descriptors
 *   HELLO     broker -> supervisor    struct wire_hello                 -
 *   SHAPE     supervisor -> broker    -                                 memfd with the shape, warden's socket
 *             (tests only: the id is a step of the warden that reports EIO instead of running)
 *   SHAPED    warden -> supervisor    -                                 -
 *   PREPARE   supervisor -> warden    struct wire_prepare               control end, start end, leaf descriptors
 *   HANDLES   pid 1 -> supervisor     -                                 directory of the workspace, pidfd of pid 1
 *   READY     payload -> supervisor   -                                 -  (the kernel vouches for the sender's pid)
 *   START     supervisor -> payload   u32 argc, u32 envc, strings       stdin, stdout, stderr, and a result channel or none
 *   STARTLONG supervisor -> payload   -                                 the same, with a memfd of that body before the channel
 *   EXITED    pid 1 -> supervisor     struct wire_exit                  -
 *   FAILED    any -> supervisor       struct wire_failure               -
 *   COUNT     supervisor -> pid 1     -                                 -
 *   COUNTED   pid 1 -> supervisor     struct wire_count                 -
 */
#ifndef ORKET_WIRE_H
#define ORKET_WIRE_H

#include <stdint.h>

#define WIRE_MAGIC 0x4b524f4au
#define WIRE_VERSION 1

enum wire_type {
    WIRE_HELLO = 1,
    WIRE_SHAPE = 2,
    WIRE_SHAPED = 3,
    WIRE_PREPARE = 10,
    WIRE_HANDLES = 20,
    WIRE_READY = 21,
    WIRE_START = 22,
    WIRE_STARTLONG = 23,
    WIRE_EXITED = 24,
    WIRE_FAILED = 25,
    WIRE_COUNT = 26,
    WIRE_COUNTED = 27,
};

/* Bounds that both sides check. */
#define WIRE_MAX_DESCRIPTORS 8
#define WIRE_MAX_RECORD (128u << 10)
#define WIRE_MAX_BLOB (8u << 20)
#define WIRE_MAX_LEAVES 4
#define WIRE_STEP_NAME 24
#define WIRE_SUBJECT 208

struct wire_header {
    uint32_t magic;
    uint16_t version;
    uint16_t type;
    uint32_t length; /* bytes of the body */
    uint32_t id;     /* sandbox number; 0 where none is meant */
};

struct wire_hello {
    uint32_t step_count;
    uint32_t rootless; /* 1: the broker lives in a user namespace of its own */
    uint32_t protection_count;
    uint32_t reserved;
};

struct wire_prepare {
    uint32_t uid; /* payload's uid and gid as the warden's user namespace numbers them */
    uint32_t gid;
    uint32_t leaf_count; /* cgroup descriptors that follow the two sockets */
    uint32_t fault_step; /* tests only: this step reports EIO instead of running; 0 for none */
};

struct wire_exit {
    int32_t code;   /* si_code: CLD_EXITED, CLD_KILLED, CLD_DUMPED */
    int32_t status; /* exit code or signal number */
    uint64_t user_us;
    uint64_t system_us;
    uint64_t max_rss_kib;
    uint32_t alone; /* 1: pid 1 has nobody left to reap, so it is the last process of its namespace */
    uint32_t reserved;
};

struct wire_count {
    uint32_t processes; /* alive in the sandbox, pid 1 not counted */
    uint32_t reserved;
    uint64_t cpu_us;    /* of the living and of what pid 1 reaped */
    uint64_t rss_bytes; /* sum over the living */
};

struct wire_failure {
    uint32_t step;
    int32_t error; /* errno */
    uint32_t index; /* which element of the step's list; 0 where it has none */
    uint32_t reserved;
    char name[WIRE_STEP_NAME];  /* of the step, NUL-terminated */
    char subject[WIRE_SUBJECT]; /* path or name, NUL-terminated, cut when long */
};

_Static_assert(sizeof(struct wire_header) == 16, "wire layout");
_Static_assert(sizeof(struct wire_hello) == 16, "wire layout");
_Static_assert(sizeof(struct wire_prepare) == 16, "wire layout");
_Static_assert(sizeof(struct wire_exit) == 40, "wire layout");
_Static_assert(sizeof(struct wire_count) == 24, "wire layout");
_Static_assert(sizeof(struct wire_failure) == 248, "wire layout");

struct wire_record {
    struct wire_header header;
    int descriptor_count;
    int descriptors[WIRE_MAX_DESCRIPTORS];
    const unsigned char *body; /* inside the caller's buffer */
};

/* Checks a received record against the table above; returns 0 or -EPROTO. Pure: fuzzed by .ci/fuzz. */
int wire_check(const void *bytes, uint32_t size, int descriptor_count, struct wire_record *out);

/* One record in; 0 at end of file, 1 for a record, -errno otherwise. Received descriptors are close-on-exec. */
int wire_receive(int socket, void *buffer, uint32_t capacity, struct wire_record *out);

/* One record out, or -errno. Never blocks for long: records are small and the peer reads. */
int wire_send(int socket, uint16_t type, uint32_t id, const void *body, uint32_t length, const int *descriptors,
              int descriptor_count);

void wire_close_descriptors(struct wire_record *record);

#endif
