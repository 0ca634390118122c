#include "orket_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <linux/pidfd.h> of Debian 12 does not have it yet. */
#define TO_PROCESS_GROUP (1u << 2)

static int writing_end = -1;

/* A full pipe drops the signal: 64 KiB of unread ones say the same thing. */
static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(writing_end, &byte, 1);

    (void)written;
    errno = saved;
}

int orket_signals_open(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    /* The reader waits in poll(2); only the handler must never wait. */
    writing_end = ends[1];
    return ends[0];
}

static int set_handler(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

    sigfillset(&action.sa_mask);
    return sigaction(number, &action, NULL) < 0 ? -errno : 0;
}

int orket_signal_catch(int number)
{
    struct sigaction old;

    if (sigaction(number, NULL, &old) < 0)
        return -errno;
    if (old.sa_handler == SIG_IGN)
        return 1;
    return set_handler(number, on_signal);
}

int orket_signal_release(int number)
{
    return set_handler(number, SIG_DFL);
}

int orket_signal_ignore(int number)
{
    return set_handler(number, SIG_IGN);
}

int orket_signal_group(int pidfd, int number)
{
    if (syscall(SYS_pidfd_send_signal, pidfd, number, NULL, TO_PROCESS_GROUP) == 0)
        return 0;
    if (errno != EINVAL)
        return -errno;
    return syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0) < 0 ? -errno : 0;
}
