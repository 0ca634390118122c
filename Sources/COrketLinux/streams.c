#include <fcntl.h>
#include <unistd.h>

/*
 * Opens /dev/null for each of the descriptors 0, 1, 2 that the caller left closed: otherwise a socket of ours would take
 * the number, and what is written to stderr would land in it. A constructor, since the Swift runtime opens its first
 * descriptors before any code of ours runs.
 */
__attribute__((constructor)) static void open_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        /* The lowest free number is this one, since those below are open. */
        if (open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
            _exit(3);
    }
}
