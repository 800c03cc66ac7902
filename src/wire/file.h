/*
 * file.h: what the reader and the writer of capture files say about them.
 */
#ifndef WIRE_FILE_H
#define WIRE_FILE_H

#include <loopcraft/err.h>
#include <loopcraft/text.h>

/* Is this "-", standard input or output? */
bool file_is_standard(const char *path);

/*
 * Puts a file's name for a message: `standard` for "-", else the path, escaped, and when it
 * is very long its end alone, so that the message stays whole.
 */
void file_name(struct text *name, const char *path, const char *standard);

/* Fails with STATUS_USAGE: what the file begins with is no capture, or too little to tell. */
bool file_no_capture(struct err *err, const char *name, bool too_short);

/* Where a capture file's reader is: in packet `number`, or on its way there. */
struct file_place {
    uint64_t number;
    bool inside;
};

/* Fails with STATUS_USAGE and "NAME: HOW in packet 7: WHY". */
bool file_broken(struct err *err, const char *name, struct file_place place, const char *how,
                 const char *why);

/* Why a read that came up short did: errno's meaning when `error` is not 0, else the file's end. */
bool file_short(struct err *err, const char *name, struct file_place place, int error);

#endif
