/* Records in and out; see wire.h for what they mean. */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct rule {
    uint16_t type;
    uint32_t minimum, maximum;         /* bytes of the body */
    int fewest, most;                  /* descriptors */
};

static const struct rule rules[] = {
    {WIRE_HELLO, sizeof(struct wire_hello), sizeof(struct wire_hello), 0, 0},
    {WIRE_SHAPE, 0, 0, 2, 2},
    {WIRE_SHAPED, 0, 0, 0, 0},
    {WIRE_PREPARE, sizeof(struct wire_prepare), sizeof(struct wire_prepare), 2, 2 + WIRE_MAX_LEAVES},
    {WIRE_HANDLES, 0, 0, 2, 2},
    {WIRE_READY, 0, 0, 0, 0},
    {WIRE_START, 8, WIRE_MAX_RECORD - sizeof(struct wire_header), 3, 4},
    {WIRE_STARTLONG, 0, 0, 4, 5},
    {WIRE_EXITED, sizeof(struct wire_exit), sizeof(struct wire_exit), 0, 0},
    {WIRE_FAILED, sizeof(struct wire_failure), sizeof(struct wire_failure), 0, 0},
    {WIRE_COUNT, 0, 0, 0, 0},
    {WIRE_COUNTED, sizeof(struct wire_count), sizeof(struct wire_count), 0, 0},
};

int wire_check(const void *bytes, uint32_t size, int descriptor_count, struct wire_record *out)
{
    struct wire_header header;

    if (size < sizeof header || size > WIRE_MAX_RECORD)
        return -EPROTO;
    memcpy(&header, bytes, sizeof header);
    if (header.magic != WIRE_MAGIC || header.version != WIRE_VERSION || header.length != size - sizeof header)
        return -EPROTO;
    for (unsigned i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct rule *rule = &rules[i];

        if (rule->type != header.type)
            continue;
        if (header.length < rule->minimum || header.length > rule->maximum)
            return -EPROTO;
        if (descriptor_count < rule->fewest || descriptor_count > rule->most)
            return -EPROTO;
        out->header = header;
        out->descriptor_count = descriptor_count;
        out->body = (const unsigned char *)bytes + sizeof header;
        return 0;
    }
    return -EPROTO;
}

/* Takes the descriptors out of a message's control data; they are ours from here on, also when the record is bad. */
static int take_descriptors(struct msghdr *message, int *descriptors)
{
    int count = 0;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        int n = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (int i = 0; i < n && count < WIRE_MAX_DESCRIPTORS; i++)
            memcpy(&descriptors[count++], CMSG_DATA(c) + (size_t)i * sizeof(int), sizeof(int));
    }
    return count;
}

int wire_receive(int socket, void *buffer, uint32_t capacity, struct wire_record *out)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * WIRE_MAX_DESCRIPTORS)];
    } control;
    struct iovec vector = {.iov_base = buffer, .iov_len = capacity};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t size;

    memset(out, 0, sizeof *out);
    do
        size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return -errno;
    if (size == 0)
        return 0;
    int count = take_descriptors(&message, out->descriptors);
    int result = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EPROTO : wire_check(buffer, (uint32_t)size, count, out);
    if (result < 0) {
        out->descriptor_count = count;
        wire_close_descriptors(out);
        return result;
    }
    return 1;
}

int wire_send(int socket, uint16_t type, uint32_t id, const void *body, uint32_t length, const int *descriptors,
              int descriptor_count)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * WIRE_MAX_DESCRIPTORS)];
    } control;
    struct wire_header header = {WIRE_MAGIC, WIRE_VERSION, type, length, id};
    struct iovec vectors[2] = {{&header, sizeof header}, {(void *)(uintptr_t)body, length}};
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = length ? 2 : 1};
    ssize_t sent;

    if (descriptor_count > 0) {
        size_t bytes = sizeof(int) * (size_t)descriptor_count;

        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(bytes);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(bytes);
        memcpy(CMSG_DATA(c), descriptors, bytes);
    }
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

void wire_close_descriptors(struct wire_record *record)
{
    for (int i = 0; i < record->descriptor_count; i++)
        close(record->descriptors[i]);
    record->descriptor_count = 0;
}
