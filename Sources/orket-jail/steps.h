/*
 * The steps from a plan to a confined process, and the loop that performs them.
 *
 * Three processes share the work. The warden (one per shape) builds the root file system once. Pid 1 (one per sandbox)
 * makes what no two sandboxes may share. The payload (its child) gives up everything and waits for START. Each runs its
 * part of one table, in the table's order; a step either succeeds or ends its process with a report that names it.
 */
#ifndef ORKET_STEPS_H
#define ORKET_STEPS_H

#include "shape.h"
#include "wire.h"

/*
 * Descriptor numbers in pid 1 and the payload: those of a PREPARE record, in its order, since a warden keeps its own
 * descriptors at FD_WARDEN and above. Closing the rest is then one close_range call.
 */
#define FD_CONTROL 3
#define FD_CHANNEL 3 /* of the program, when it has one: the control socket has moved by then */
#define FD_START 4
#define FD_LEAF 5 /* up to WIRE_MAX_LEAVES of them */
#define FD_END (FD_LEAF + WIRE_MAX_LEAVES)
#define FD_WARDEN 32

struct sandbox {
    const struct shape *shape;
    const unsigned char *shape_bytes;
    uint32_t shape_size;
    struct wire_prepare request;
    uint32_t id;
    int report_socket; /* where a failure is told */
    int rootless;
    int root;            /* warden: directory that becomes "/" */
    int netns;           /* pid 1: the namespace to enter; -1: none */
    int payload_pid;     /* pid 1: its child */
    uint32_t index;      /* of the element a step is at, for the report */
    const char *subject; /* its name */
};

enum step_phase { PHASE_WARDEN, PHASE_INIT, PHASE_PAYLOAD };

/* Performs the phase's steps in order. Does not return when one fails: reports it and ends the process. */
void steps_perform(enum step_phase phase, struct sandbox *sandbox);
uint32_t steps_count(void);

/* Reports a failure outside the table (start, exec) under a name of its own and ends the process. */
_Noreturn void steps_fail(struct sandbox *sandbox, uint32_t step, const char *name, int error);

/* rootfs.c: the warden's steps, then those of pid 1 that mount. */
int step_private_mounts(struct sandbox *);
int step_rootfs(struct sandbox *);
int step_rootfs_seal(struct sandbox *);
int step_pivot(struct sandbox *);
int step_scratch(struct sandbox *);
int step_proc(struct sandbox *);

/* init.c: pid 1. */
int step_tie_to_parent(struct sandbox *);
int step_network(struct sandbox *);
int step_loopback(struct sandbox *);
int step_guard_init(struct sandbox *);
int step_disarm_init(struct sandbox *);
int step_handles(struct sandbox *);
int step_fork_payload(struct sandbox *);

/* payload.c */
int step_enter_leaf(struct sandbox *);
int step_session(struct sandbox *);
int step_rlimits(struct sandbox *);
int step_identity(struct sandbox *);
int step_user_namespace(struct sandbox *);
int step_bounding_set(struct sandbox *);
int step_no_new_privileges(struct sandbox *);
int step_landlock(struct sandbox *);
int step_working_directory(struct sandbox *);
int step_capabilities(struct sandbox *);
int step_signals(struct sandbox *);
int step_seccomp(struct sandbox *);

/* Rest of the process's life, entered when its steps are done. */
_Noreturn void init_live(struct sandbox *);
_Noreturn void payload_live(struct sandbox *);
/* Before the pivot: what the warden needs of the host later on. 0 or -errno. */
int warden_keep_host_handles(const struct sandbox *warden);
int warden_live(struct sandbox *warden, int socket);

#endif
