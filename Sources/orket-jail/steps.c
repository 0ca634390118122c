/* The one table of steps. docs/ARCHITECTURE.md repeats it with the reasons; a test compares the two. */
#include "steps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct step {
    enum step_phase phase;
    const char *name;
    int protection; /* the step is left out when the shape does not ask for this; -1: always */
    int (*perform)(struct sandbox *);
};

static const struct step table[] = {
    /* Warden: nothing that is mounted from here on reaches the host. */
    {PHASE_WARDEN, "private_mounts", -1, step_private_mounts},
    /* Sources are opened before the new root covers anything, then attached in the plan's order. */
    {PHASE_WARDEN, "rootfs", -1, step_rootfs},
    /* Read-only only now: mount points had to be made. */
    {PHASE_WARDEN, "rootfs_seal", PROTECT_MOUNT_FLAGS, step_rootfs_seal},
    /* The host's tree is gone for the warden and all that it forks. */
    {PHASE_WARDEN, "pivot", -1, step_pivot},

    /* Pid 1: first of all it must not outlive its parent. */
    {PHASE_INIT, "tie_to_parent", -1, step_tie_to_parent},
    {PHASE_INIT, "network", PROTECT_NET_NS, step_network},
    {PHASE_INIT, "loopback", PROTECT_NET_NS, step_loopback},
    /* Scratch before proc: both need the capabilities that disarm_init gives up. */
    {PHASE_INIT, "scratch", -1, step_scratch},
    {PHASE_INIT, "proc", -1, step_proc},
    /* What the supervisor needs to hold: the workspace, and pid 1 itself. */
    {PHASE_INIT, "handles", -1, step_handles},
    /* Before there is a payload that pid 1 would have to be guarded from. */
    {PHASE_INIT, "guard_init", PROTECT_GUARDED_INIT, step_guard_init},
    /* The payload is forked while pid 1 still has what the payload needs to give itself an identity. */
    {PHASE_INIT, "fork_payload", -1, step_fork_payload},
    {PHASE_INIT, "disarm_init", PROTECT_GUARDED_INIT, step_disarm_init},

    /* Payload: into the cgroup first, so that its own set-up is accounted; as root, who may write there. */
    {PHASE_PAYLOAD, "enter_leaf", -1, step_enter_leaf},
    {PHASE_PAYLOAD, "session", PROTECT_SESSION, step_session},
    /* Groups, gid, uid in this order: the uid change takes the right to change the others away. */
    {PHASE_PAYLOAD, "identity", PROTECT_IDENTITY, step_identity},
    /* After the identity: the map names the uid that the process already has, so it needs no helper outside. */
    {PHASE_PAYLOAD, "user_namespace", PROTECT_USER_NS, step_user_namespace},
    /* Inside the namespace: what is counted per user is then counted for this sandbox, not for all of the host's user. */
    {PHASE_PAYLOAD, "rlimits", PROTECT_RLIMITS, step_rlimits},
    /* A new user namespace gives a full bounding set: it is emptied here, while CAP_SETPCAP is still held. */
    {PHASE_PAYLOAD, "bounding_set", PROTECT_CAPABILITIES, step_bounding_set},
    {PHASE_PAYLOAD, "capabilities", PROTECT_CAPABILITIES, step_capabilities},
    /* Landlock and seccomp refuse an unprivileged process that could still gain privileges. */
    {PHASE_PAYLOAD, "no_new_privileges", PROTECT_NO_NEW_PRIVS, step_no_new_privileges},
    {PHASE_PAYLOAD, "landlock", PROTECT_LANDLOCK, step_landlock},
    {PHASE_PAYLOAD, "working_directory", -1, step_working_directory},
    {PHASE_PAYLOAD, "signals", -1, step_signals},
    /* Last, so that the filter need not allow any of the above. */
    {PHASE_PAYLOAD, "seccomp", PROTECT_SECCOMP, step_seccomp},
};

uint32_t steps_count(void)
{
    return sizeof table / sizeof table[0];
}

_Noreturn void steps_fail(struct sandbox *sandbox, uint32_t step, const char *name, int error)
{
    struct wire_failure failure = {.step = step, .error = error, .index = sandbox->index};

    strncpy(failure.name, name, sizeof failure.name - 1);
    strncpy(failure.subject, sandbox->subject ? sandbox->subject : "", sizeof failure.subject - 1);
    wire_send(sandbox->report_socket, WIRE_FAILED, sandbox->id, &failure, sizeof failure, NULL, 0);
    _exit(125);
}

void steps_perform(enum step_phase phase, struct sandbox *sandbox)
{
    for (uint32_t i = 0; i < steps_count(); i++) {
        const struct step *step = &table[i];

        if (step->phase != phase)
            continue;
        if (step->protection >= 0 && !shape_protects(sandbox->shape, (enum protection)step->protection))
            continue;
        sandbox->index = 0;
        sandbox->subject = NULL;
        int result = sandbox->request.fault_step == i + 1 ? -EIO : step->perform(sandbox);
        if (result < 0)
            steps_fail(sandbox, i + 1, step->name, -result);
    }
}
