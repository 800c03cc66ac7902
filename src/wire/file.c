/* file.c: the words for a capture file that can't be opened, or read to its end. */
#include "file.h"

#include <stdio.h>
#include <string.h>

enum { FILE_NAME_SHOWN = 240 }; /* bytes; leaves room for the rest in err.message */

bool file_is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

void file_name(struct text *name, const char *path, const char *standard)
{
    if (file_is_standard(path)) {
        text_put(name, standard);
        return;
    }
    struct text whole = TEXT_EMPTY;
    text_escape(&whole, (struct bytes){(const uint8_t *)path, strlen(path)});
    size_t from = 0;
    if (whole.len > FILE_NAME_SHOWN) {
        from = whole.len - FILE_NAME_SHOWN;
        while (from < whole.len && ((uint8_t)whole.at[from] & 0xc0) == 0x80)
            from++; /* not into the middle of a character */
        text_put(name, "...");
    }
    text_put(name, text_string(&whole) + from);
    text_free(&whole);
}

bool file_no_capture(struct err *err, const char *name, bool too_short)
{
    return err_set(err, STATUS_USAGE, "%s: %s", name,
                   too_short ? "too short for a capture: cut short, or neither pcap nor pcapng"
                             : "neither pcap nor pcapng: not a capture, or a compressed one "
                               "(unpack it first)");
}

bool file_broken(struct err *err, const char *name, struct file_place place, const char *how,
                 const char *why)
{
    unsigned long long number = place.number;
    if (place.inside)
        return err_set(err, STATUS_USAGE, "%s: %s in packet %llu: %s", name, how, number, why);
    if (number > 1)
        return err_set(err, STATUS_USAGE, "%s: %s after packet %llu: %s", name, how, number - 1,
                       why);
    return err_set(err, STATUS_USAGE, "%s: %s before the first packet: %s", name, how, why);
}

bool file_short(struct err *err, const char *name, struct file_place place, int error)
{
    if (error)
        return file_broken(err, name, place, "can't be read on", strerror(error));
    return file_broken(err, name, place, "cut short",
                       "the capture was not finished, or the copy was not complete");
}
