/* reader.c: capture files, classic pcap by libpcap and pcapng by pcapng_read.c. */
#include "file.h"
#include "linktype.h"
#include "pcapng.h"

#include <loopcraft/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reader {
    FILE *file;                   /* NULL once libpcap has it: pcap_close() closes it */
    pcap_t *pcap;                 /* this one reads, */
    struct pcapng_reader *pcapng; /* or this one */
    uint64_t count;               /* frames read */
    int64_t first_ns;             /* the time of the first */
    bool live;                    /* no regular file */
    struct text name;             /* for messages */
    char buffer[1 << 16];         /* the file's: a read takes what is there, up to this */
};

static bool reader_refuse(struct reader *reader, struct err *err, const char *why)
{
    return err_set(err, STATUS_USAGE, "%s: %s", text_string(&reader->name), why);
}

/* Why it can't be opened, and what to do next. */
static bool reader_unopened(struct reader *reader, struct err *err, int error)
{
    const char *next = error == ENOENT   ? ": check the name, or make one: `loopcraft ping -w FILE`"
                       : error == EACCES ? ": its owner or root may read it"
                                         : "";
    return err_set(err, STATUS_USAGE, "%s: %s%s", text_string(&reader->name), strerror(error),
                   next);
}

/* Opens the file or a copy of standard input, so that both are ours to close. */
static bool reader_file(struct reader *reader, const char *path, struct err *err)
{
    int fd = file_is_standard(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || !(reader->file = fdopen(fd, "rb"))) {
        reader_unopened(reader, err, errno);
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (S_ISDIR(about.st_mode))
        return reader_refuse(reader, err, "a directory: name a pcap or pcapng file in it");
    if (isatty(fd))
        return reader_refuse(reader, err, "a terminal: pipe a pcap or pcapng file into it");
    reader->live = !S_ISREG(about.st_mode);
    setvbuf(reader->file, reader->buffer, _IOFBF, sizeof reader->buffer);
    return true;
}

static bool reader_pcap(struct reader *reader, struct err *err)
{
    char why[PCAP_ERRBUF_SIZE];
    reader->pcap = pcap_fopen_offline_with_tstamp_precision(reader->file,
                                                            PCAP_TSTAMP_PRECISION_NANO, why);
    if (reader->pcap) {
        reader->file = NULL;
        return true;
    }
    if (ferror(reader->file))
        return reader_refuse(reader, err, strerror(errno));
    return file_no_capture(err, text_string(&reader->name), feof(reader->file));
}

/* One byte tells pcapng; it is put back, and a pipe need not be rewound. */
bool reader_start(struct reader *reader, struct err *err)
{
    int first = getc(reader->file);
    if (first == EOF)
        return reader_refuse(reader, err, ferror(reader->file) ? strerror(errno)
                                                               : "is empty: no capture");
    ungetc(first, reader->file);
    if (first != (PCAPNG_SECTION & 0xff))
        return reader_pcap(reader, err);
    reader->pcapng = pcapng_open(reader->file, text_string(&reader->name), err);
    return reader->pcapng;
}

struct reader *reader_open(const char *path, struct err *err)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        err_system(err, "can't read a capture");
        return NULL;
    }
    file_name(&reader->name, *path ? path : "(no name)", "standard input");
    if (reader_file(reader, path, err))
        return reader;
    reader_close(reader);
    return NULL;
}

bool reader_is_live(const struct reader *reader)
{
    return reader->live;
}

static enum capture_result reader_pcap_next(struct reader *reader, struct frame *frame,
                                            struct err *err)
{
    struct pcap_pkthdr *header;
    const u_char *data;
    const char *name = text_string(&reader->name);
    struct file_place place = {frame->number, true};
    FILE *file = pcap_file(reader->pcap);
    errno = 0;
    int got = pcap_next_ex(reader->pcap, &header, &data);
    if (got == PCAP_ERROR_BREAK) /* the file's end */
        return CAPTURE_TIMEOUT;
    if (got != 1) {
        if (ferror(file) || feof(file))
            file_short(err, name, place, ferror(file) ? errno : 0);
        else
            file_broken(err, name, place, "damaged", pcap_geterr(reader->pcap));
        return CAPTURE_FAILED;
    }
    /* With nanoseconds asked for, tv_usec holds them; a file may claim more than a second's. */
    frame->time_ns = header->ts.tv_sec * CLOCK_SECOND + header->ts.tv_usec;
    frame->linktype = linktype_of_dlt(pcap_datalink(reader->pcap));
    frame->len = header->len;
    frame->bytes = (struct bytes){data, header->caplen};
    return CAPTURE_FRAME;
}

enum capture_result reader_next(struct reader *reader, struct frame *frame, struct err *err)
{
    *frame = (struct frame){.number = reader->count + 1};
    enum capture_result result = reader->pcap ? reader_pcap_next(reader, frame, err)
                                              : pcapng_next(reader->pcapng, frame, err);
    if (result != CAPTURE_FRAME)
        return result;
    if (reader->count++ == 0)
        reader->first_ns = frame->time_ns;
    frame->first_ns = reader->first_ns;
    if (frame->len < frame->bytes.len) /* a file's contradiction: the bytes are there to see */
        frame->len = (uint32_t)frame->bytes.len;
    return CAPTURE_FRAME;
}

void reader_close(struct reader *reader)
{
    if (!reader)
        return;
    pcapng_close(reader->pcapng);
    if (reader->pcap)
        pcap_close(reader->pcap);
    if (reader->file)
        fclose(reader->file);
    text_free(&reader->name);
    free(reader);
}
