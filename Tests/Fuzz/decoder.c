/*
 * libFuzzer harness over everything in orket-jail that reads bytes from elsewhere: records, shapes, commands. Run by
 * .ci/fuzz with the address and undefined-behaviour sanitizers; corpus/ holds what the Swift encoders write (a test of
 * OrketSandboxTests keeps it so).
 *
 * First byte of an input: which decoder. Second byte: descriptors beside a record. The rest goes to the decoder in a buffer
 * of exactly its size, so that one byte too far is seen. What a decoder accepts is then used as the jail uses it.
 */
#include "../../Sources/orket-jail/shape.h"
#include "../../Sources/orket-jail/wire.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* More than a record may carry: the kernel then cuts them off, and the receiver has to notice. */
#define MOST_SENT (WIRE_MAX_DESCRIPTORS + 4)

static volatile size_t sink;

static void demand(int condition)
{
    if (!condition)
        abort();
}

static void use_text(const char *text)
{
    sink += strlen(text);
}

static void use_bytes(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sink += bytes[i];
}

static void fuzz_record(const unsigned char *bytes, uint32_t size, int descriptors)
{
    struct wire_record record;

    if (wire_check(bytes, size, descriptors, &record) < 0)
        return;
    demand(record.header.length == size - sizeof record.header && record.descriptor_count == descriptors);
    use_bytes(record.body, record.header.length);
}

static void fuzz_shape(const unsigned char *bytes, uint32_t size)
{
    static struct shape shape;
    struct shape_mount mount;

    if (shape_decode(bytes, size, &shape) < 0)
        return;
    use_text(shape.hostname);
    use_bytes(shape.filter, shape.filter_length * (size_t)8);
    for (uint32_t i = 0; i < shape.rule_count; i++)
        use_text(shape.rules[i].path);
    uint32_t cursor = shape.mounts_offset;
    for (uint32_t i = 0; i < shape.mount_count; i++) {
        demand(shape_next_mount(bytes, size, &cursor, &mount) == 0);
        demand(mount.target[0] == '/');
        use_text(mount.source);
        use_text(mount.target);
        use_bytes(mount.data, mount.data_length);
    }
}

static void fuzz_start(unsigned char *bytes, uint32_t size)
{
    /* Smaller than the jail's own, so that the bound is met. */
    char *vector[64];
    char **argv, **envp;

    if (start_decode(bytes, size, vector, sizeof vector / sizeof vector[0], &argv, &envp) < 0)
        return;
    demand(argv[0] != NULL);
    for (; *argv; argv++)
        use_text(*argv);
    for (; *envp; envp++)
        use_text(*envp);
}

static void send_raw(int socket, const unsigned char *bytes, size_t size, int count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * MOST_SENT)];
    } control;
    struct iovec vector = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
        for (int i = 0; i < count; i++)
            memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &socket, sizeof socket);
    }
    demand(sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)size);
}

static int lowest_free_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    demand(fd >= 0);
    close(fd);
    return fd;
}

/* The whole way in, through a real socket: no descriptor may be lost, whatever the record is. */
static void fuzz_receive(const unsigned char *bytes, size_t size, int count)
{
    unsigned char buffer[4096];
    struct wire_record record;
    int ends[2];

    if (size == 0 || size > 2 * sizeof buffer)
        return;
    demand(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    int before = lowest_free_descriptor();
    send_raw(ends[0], bytes, size, count);
    int result = wire_receive(ends[1], buffer, sizeof buffer, &record);
    demand(result != 0);
    if (result == 1) {
        demand(record.descriptor_count == count && size <= sizeof buffer);
        use_bytes(record.body, record.header.length);
    }
    wire_close_descriptors(&record);
    demand(lowest_free_descriptor() == before);
    close(ends[0]);
    close(ends[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    int count = data[1] % (MOST_SENT + 1);
    size_t rest = size - 2;
    unsigned char *bytes = malloc(rest ? rest : 1);

    demand(bytes != NULL);
    memcpy(bytes, data + 2, rest);
    switch (data[0] % 4) {
    case 0: fuzz_record(bytes, (uint32_t)rest, count); break;
    case 1: fuzz_shape(bytes, (uint32_t)rest); break;
    case 2: fuzz_start(bytes, (uint32_t)rest); break;
    default: fuzz_receive(bytes, rest, count); break;
    }
    free(bytes);
    return 0;
}
