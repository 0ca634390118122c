#pragma once
/*
 * Whether the running kernel has, and lets this process use, what the sandbox is made of. Every call is made with arguments
 * that cannot succeed or cannot change anything, so that a multi-threaded process may ask at any time.
 */
#ifndef ORKET_FEATURES_H
#define ORKET_FEATURES_H

#include <stdint.h>

/* ABI version of Landlock (1 and up) or -errno: ENOSYS not built, EOPNOTSUPP not switched on at boot. */
int orket_landlock_abi(void);

/* Each answers 0 when the call reached the kernel's own code, else the errno that stopped it before: ENOSYS for a kernel
 * without it, EPERM or ENOSYS for a filter of the surrounding container. */
int orket_probe_openat2(void);
int orket_probe_close_range(void);
int orket_probe_pidfd(void);
int orket_probe_mount_setattr(void);
int orket_probe_open_tree(void);
int orket_probe_move_mount(void);
int orket_probe_user_namespace(void);

/* 0 when the kernel knows this SECCOMP_RET_ action (seccomp(2), SECCOMP_GET_ACTION_AVAIL), else the errno. */
int orket_probe_seccomp(uint32_t action);

#endif
