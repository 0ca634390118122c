/*
 * The yardstick of `orket bench`: fork, exec, wait, from a process as small as can be, without any sandbox. The command to
 * run is in the arguments; without one it runs itself with "-", which does nothing at once. Reads the number of runs as a
 * line on stdin, answers with the nanoseconds of each run and the CPU time of all, one line a request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static long long cpu_nanoseconds(int who)
{
    struct rusage usage;

    getrusage(who, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000ll +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ll;
}

int main(int argc, char **argv)
{
    static char *const no_environment[] = {NULL};
    int runs;

    if (argc == 2 && argv[1][0] == '-') /* "-": this process is the program that is run */
        return 0;
    char *const itself[] = {argv[0], "-", NULL};
    char *const *child = argc > 1 ? argv + 1 : itself;
    while (scanf("%d", &runs) == 1) {
        long long cpu = cpu_nanoseconds(RUSAGE_SELF) + cpu_nanoseconds(RUSAGE_CHILDREN);

        for (int i = 0; i < runs; i++) {
            long long start = nanoseconds(CLOCK_MONOTONIC);
            pid_t pid = fork();

            if (pid == 0) {
                execve(child[0], child, no_environment);
                _exit(127);
            }
            int status;
            if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
                return 1;
            printf("%lld ", nanoseconds(CLOCK_MONOTONIC) - start);
        }
        cpu = cpu_nanoseconds(RUSAGE_SELF) + cpu_nanoseconds(RUSAGE_CHILDREN) - cpu;
        printf("cpu %lld\n", cpu);
        fflush(stdout);
    }
    return 0;
}
