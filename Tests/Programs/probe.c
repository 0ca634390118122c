/*
 * The program that the sandbox's own tests run inside: each verb uses up exactly one resource, or tells one fact. A call
 * that fails ends it with the call's errno as exit code, so that a test sees which refusal it met.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

static void need(int condition)
{
    if (!condition)
        _exit(errno);
}

static void pause_ms(long milliseconds)
{
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};

    while (nanosleep(&rest, &rest) < 0 && errno == EINTR)
        ;
}

/* Burns CPU time of this process, not real time: right on a busy machine too. */
static void spin_ms(long milliseconds)
{
    struct timespec used;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < milliseconds);
}

/* In turn, and reaped: what the living use never comes near the sum. */
static void spin_children(long count, long milliseconds)
{
    for (long i = 0; i < count; i++) {
        pid_t pid = fork();

        need(pid >= 0);
        if (pid == 0) {
            spin_ms(milliseconds);
            _exit(0);
        }
        need(waitpid(pid, NULL, 0) == pid);
    }
}

static void tick(long count, long milliseconds)
{
    for (long i = 0; i < count; i++) {
        need(write(1, ".", 1) == 1);
        pause_ms(milliseconds);
    }
}

static void heap(long mebibytes)
{
    for (long i = 0; i < mebibytes; i++) {
        char *block = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        need(block != MAP_FAILED);
        memset(block, 1, MIB);
    }
}

static void fill(int fd, long bytes)
{
    static char block[64 << 10];

    need(fd >= 0);
    memset(block, 'x', sizeof block);
    while (bytes > 0) {
        ssize_t n = write(fd, block, bytes < (long)sizeof block ? (size_t)bytes : sizeof block);

        need(n > 0);
        bytes -= n;
    }
}

static void fill_file(const char *path, long bytes)
{
    fill(open(path, O_WRONLY | O_CREAT | O_EXCL, 0644), bytes);
}

static void make_files(long count)
{
    char name[32];

    for (long i = 0; i < count; i++) {
        snprintf(name, sizeof name, "file%ld", i);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
        need(fd >= 0);
        close(fd);
    }
}

static void open_files(long count)
{
    for (long i = 0; i < count; i++)
        need(open("/dev/null", O_RDONLY) >= 0);
}

/* All alive at once; they end with the sandbox, or when the pipe closes. */
static void fork_many(long count)
{
    int ends[2];
    char byte;

    need(pipe(ends) == 0);
    for (long i = 0; i < count; i++) {
        pid_t pid = fork();

        need(pid >= 0);
        if (pid == 0) {
            close(ends[1]);
            _exit((int)read(ends[0], &byte, 1));
        }
    }
}

/* A file and a link take turns under one name. */
static void flip(const char *name)
{
    for (;;) {
        unlink(name);
        need(symlink("/etc/passwd", name) == 0);
        unlink(name);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
        need(fd >= 0);
        fill(fd, 4);
        close(fd);
    }
}

static void flip_as_daemon(const char *name, long milliseconds)
{
    pid_t pid = fork();

    need(pid >= 0);
    if (pid == 0) {
        setsid();
        flip(name);
    }
    pause_ms(milliseconds);
}

static void make_socket(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strncpy(address.sun_path, name, sizeof address.sun_path - 1);
    need(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
}

static void make_deep(long levels)
{
    for (long i = 0; i < levels; i++)
        need(mkdir("d", 0755) == 0 && chdir("d") == 0);
    fill_file("bottom", 1);
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    long a = argc > 2 ? atol(argv[2]) : 0, b = argc > 3 ? atol(argv[3]) : 0;
    const char *name = argc > 2 ? argv[2] : "";

#define VERB(text, action) \
    if (!strcmp(verb, text)) { \
        action; \
        return 0; \
    }
    VERB("nothing", (void)a)
    VERB("sleep", pause_ms(a))
    VERB("spin", spin_ms(a))
    VERB("spin-children", spin_children(a, b))
    VERB("tick", tick(a, b))
    VERB("heap", heap(a))
    VERB("memfd", fill(memfd_create("probe", 0), a * (long)MIB))
    VERB("file", fill_file(name, b))
    VERB("files", make_files(a))
    VERB("open", open_files(a))
    VERB("fork", fork_many(a))
    VERB("print", fill((int)a, b))
    VERB("signal", raise((int)a))
    VERB("exit", _exit((int)a))
    VERB("call", need(syscall(a, 0, 0, 0, 0, 0, 0) >= 0))
    VERB("flip", flip(name))
    VERB("flip-as-daemon", flip_as_daemon(name, b))
    VERB("socket", make_socket(name))
    VERB("fifo", need(mkfifo(name, 0644) == 0))
    /* The one device that the kernel lets anybody make: what overlay file systems call a whiteout. */
    VERB("device", need(mknod(name, S_IFCHR | 0644, 0) == 0))
    VERB("deep", make_deep(a))
    return 64;
}
