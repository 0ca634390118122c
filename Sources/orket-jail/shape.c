/* Decoding of shapes and start messages: bounded, total, no allocation. */
#include "shape.h"

#include <errno.h>
#include <string.h>

struct cursor {
    const unsigned char *bytes;
    uint32_t size, at;
    int bad;
};

static uint64_t take(struct cursor *c, uint32_t width)
{
    uint64_t value = 0;

    if (c->bad || c->size - c->at < width) {
        c->bad = 1;
        return 0;
    }
    memcpy(&value, c->bytes + c->at, width);
    c->at += width;
    return value;
}

static uint32_t u32(struct cursor *c)
{
    return (uint32_t)take(c, 4);
}

static uint64_t u64(struct cursor *c)
{
    return take(c, 8);
}

static const unsigned char *blob(struct cursor *c, uint32_t *length)
{
    uint32_t n = u32(c);

    if (c->bad || c->size - c->at < n) {
        c->bad = 1;
        *length = 0;
        return (const unsigned char *)"";
    }
    const unsigned char *start = c->bytes + c->at;
    c->at += n;
    *length = n;
    return start;
}

/* A string ends with a NUL that its length does not count and holds none before: a C string that cannot lie. */
static const char *string(struct cursor *c)
{
    uint32_t length;
    const unsigned char *start = blob(c, &length);

    if (take(c, 1) != 0 || c->bad || memchr(start, 0, length)) {
        c->bad = 1;
        return "";
    }
    return (const char *)start;
}

static void read_mount(struct cursor *c, struct shape_mount *out)
{
    out->kind = u32(c);
    out->flags = u32(c);
    out->source = string(c);
    out->target = string(c);
    out->data = blob(c, &out->data_length);
    if (out->kind < MOUNT_BIND || out->kind > MOUNT_DEVICE || out->target[0] != '/')
        c->bad = 1;
}

static void read_landlock(struct cursor *c, struct shape *out)
{
    out->landlock_size = u32(c);
    out->landlock_fs = u64(c);
    out->landlock_net = u64(c);
    out->landlock_scoped = u64(c);
    out->rule_count = u32(c);
    if (out->rule_count > SHAPE_MAX_RULES || out->landlock_size > 24 || out->landlock_size % 8)
        c->bad = 1;
    for (uint32_t i = 0; !c->bad && i < out->rule_count; i++) {
        out->rules[i].access = u64(c);
        out->rules[i].path = string(c);
    }
}

int shape_decode(const unsigned char *bytes, uint32_t size, struct shape *out)
{
    struct cursor c = {bytes, size, 0, 0};
    struct shape_mount ignored;
    uint32_t filter_bytes;

    memset(out, 0, sizeof *out);
    if (u32(&c) != SHAPE_ABI)
        return -EPROTO;
    out->protections = u32(&c);
    out->flags = u32(&c);
    out->cgroup = u32(&c);
    out->inner_uid = u32(&c);
    out->inner_gid = u32(&c);
    out->scratch_bytes = u64(&c);
    out->scratch_inodes = u64(&c);
    out->hostname = string(&c);
    if (out->protections >> PROTECT_COUNT || out->cgroup > 2 || strlen(out->hostname) > 64)
        return -EPROTO;

    out->rlimit_count = u32(&c);
    if (c.bad || out->rlimit_count > SHAPE_MAX_RLIMITS)
        return -EPROTO;
    for (uint32_t i = 0; i < out->rlimit_count; i++) {
        out->rlimits[i].resource = u32(&c);
        out->rlimits[i].soft = u64(&c);
        out->rlimits[i].hard = u64(&c);
    }

    out->mount_count = u32(&c);
    out->mounts_offset = c.at;
    if (out->mount_count > SHAPE_MAX_MOUNTS)
        return -EPROTO;
    for (uint32_t i = 0; !c.bad && i < out->mount_count; i++)
        read_mount(&c, &ignored);

    read_landlock(&c, out);
    out->filter = blob(&c, &filter_bytes);
    out->filter_length = filter_bytes / 8;
    if (c.bad || c.at != size || filter_bytes % 8 || out->filter_length > SHAPE_MAX_FILTER)
        return -EPROTO;
    return 0;
}

int shape_next_mount(const unsigned char *bytes, uint32_t size, uint32_t *cursor, struct shape_mount *out)
{
    struct cursor c = {bytes, size, *cursor, 0};

    if (*cursor > size)
        return -EPROTO;
    read_mount(&c, out);
    *cursor = c.at;
    return c.bad ? -EPROTO : 0;
}

int start_decode(unsigned char *bytes, uint32_t size, char **vector, uint32_t capacity, char ***argv, char ***envp)
{
    uint32_t counts[2], at = sizeof counts, slot = 0;

    if (size < sizeof counts)
        return -EPROTO;
    memcpy(counts, bytes, sizeof counts);
    if (counts[0] == 0)
        return -EPROTO;
    if (counts[0] > capacity || counts[1] > capacity || counts[0] + counts[1] + 2 > capacity)
        return -E2BIG;
    *argv = vector;
    *envp = vector + counts[0] + 1;
    for (int part = 0; part < 2; part++) {
        for (uint32_t i = 0; i < counts[part]; i++) {
            unsigned char *end = at < size ? memchr(bytes + at, 0, size - at) : NULL;

            if (!end)
                return -EPROTO;
            vector[slot++] = (char *)bytes + at;
            at = (uint32_t)(end - bytes) + 1;
        }
        vector[slot++] = NULL;
    }
    return at == size ? 0 : -EPROTO;
}
