/*
 * drops.c: the tracepoint skb:kfree_skb, for this thread's packets alone.
 *
 * A packet on lo is received within the call that sends it (net/core/dev.c: __local_bh_enable_ip
 * runs the softirq), so what the kernel thinks of it happens in this thread. The perf event is a
 * descriptor: no trace event is switched on for others, and nothing outlives it.
 */
#include "drops.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RING_PAGES = 16, FORMAT_MOST = 64 * 1024 };

struct drops {
    int fd;
    void *mapping; /* a page of struct perf_event_mmap_page, then the ring */
    size_t mapped;
    struct drop_ring ring;
    struct drop_format format;
};

/* --- the description ----------------------------------------------------------------- */

/*
 * The folder of trace events: where it is mounted, else a mount of our own that no path leads to
 * (fsopen(2), Linux 5.2) and that ends with its descriptor.
 */
static int open_tracefs(void)
{
    static const char *const places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int folder = open(places[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0 && faccessat(folder, "events/skb/kfree_skb/id", R_OK, 0) == 0)
            return folder;
        if (folder >= 0)
            close(folder);
    }
    int folder = -1, context = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
    if (context >= 0 && syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
        folder = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
    if (context >= 0)
        close(context);
    return folder;
}

/* A small file's text, with a 0 behind it; its length, or 0. */
static size_t read_file(int folder, const char *path, char *buffer, size_t size)
{
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 && len < size - 1) {
        got = read(fd, buffer + len, size - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    buffer[len] = '\0';
    if (fd >= 0)
        close(fd);
    return got == 0 ? len : 0;
}

/* Reads the format; the event's number, or 0 and why. */
static unsigned long describe(struct drop_format *format, char *why, size_t size)
{
    int folder = open_tracefs();
    if (folder < 0) {
        bool refused = errno == EPERM || errno == EACCES;
        snprintf(why, size, "%s",
                 refused ? "the kernel's reasons for drops are for real root: run it with sudo"
                         : "this kernel has no trace events (tracefs), so no reasons for drops");
        return 0;
    }
    char number[32], *text = malloc(FORMAT_MOST);
    if (!text)
        abort();
    unsigned long id = read_file(folder, "events/skb/kfree_skb/id", number, sizeof number)
                           ? strtoul(number, NULL, 10)
                           : 0;
    size_t len = read_file(folder, "events/skb/kfree_skb/format", text, FORMAT_MOST);
    if (!id || !drop_format_parse(format, (struct bytes){(uint8_t *)text, len})) {
        snprintf(why, size, "this kernel tells no reasons for drops: Linux 5.18 or later does");
        id = 0;
    }
    free(text);
    close(folder);
    return id;
}

/* --- open and close -------------------------------------------------------------------- */

static bool map(struct drops *drops)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    drops->mapped = (1 + RING_PAGES) * page;
    drops->mapping = mmap(NULL, drops->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, drops->fd, 0);
    if (drops->mapping == MAP_FAILED)
        return false;
    drops->ring = (struct drop_ring){.data = (const uint8_t *)drops->mapping + page,
                                     .size = RING_PAGES * page};
    return true;
}

struct drops *drops_open(char *why, size_t size)
{
    struct drops *drops = calloc(1, sizeof *drops);
    if (!drops)
        abort();
    drops->fd = -1;
    drops->mapping = MAP_FAILED;
    struct perf_event_attr attr = {
        .type = PERF_TYPE_TRACEPOINT,
        .size = sizeof attr,
        .config = describe(&drops->format, why, size),
        .sample_period = 1, /* each one */
        .sample_type = PERF_SAMPLE_RAW,
    };
    if (attr.config)
        drops->fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (drops->fd >= 0 && map(drops))
        return drops;
    if (attr.config)
        snprintf(why, size, "the kernel does not tell its reasons for drops (%s)%s",
                 strerror(errno),
                 errno == EPERM || errno == EACCES ? ": run it with sudo, outside containers" : "");
    drops_close(drops);
    return NULL;
}

void drops_close(struct drops *drops)
{
    if (!drops)
        return;
    if (drops->mapping != MAP_FAILED)
        munmap(drops->mapping, drops->mapped);
    if (drops->fd >= 0)
        close(drops->fd);
    free(drops);
}

/* --- read --------------------------------------------------------------------------------- */

/* How far the kernel has written: read before the records (perf_event_open(2), "data_head"). */
static uint64_t written(const struct drops *drops)
{
    const struct perf_event_mmap_page *page = drops->mapping;
    return __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

/* Lets the kernel write over what was read. */
static void give_back(struct drops *drops)
{
    struct perf_event_mmap_page *page = drops->mapping;
    __atomic_store_n(&page->data_tail, drops->ring.tail, __ATOMIC_RELEASE);
}

void drops_skip(struct drops *drops)
{
    drops->ring.tail = written(drops);
    give_back(drops);
}

size_t drops_read(struct drops *drops, char names[WITNESS_DROPS][WITNESS_NAME], bool *more)
{
    uint8_t record[DROP_RECORD_MOST];
    size_t count = 0, len;
    uint64_t head = written(drops);
    while (drop_ring_next(&drops->ring, head, record, &len, more)) {
        const char *name = drop_format_reason(&drops->format, (struct bytes){record, len});
        if (name && count < WITNESS_DROPS)
            snprintf(names[count++], WITNESS_NAME, "%s", name);
        else if (name)
            *more = true;
    }
    give_back(drops);
    return count;
}
