/* output.c: writing, and what is said when that fails. */
#include "output.h"

#include <loopcraft/view.h>

#include <errno.h>
#include <string.h>

/* As much as one write(2) should carry: beyond this nothing is gained, and memory stays small. */
enum { ENOUGH = 64 * 1024 };

/* A reader that went away (head, less) is no error: there is nobody left to tell. */
static bool refuse(int number, struct err *err)
{
    if (number == EPIPE) {
        err_set(err, STATUS_DONE, "the reader of the output went away");
        err->quiet = true;
        return false;
    }
    const char *next = number == ENOSPC ? "; free some space, or write elsewhere"
                                        : "; what was written is incomplete";
    return err_set(err, STATUS_SYSTEM, "standard output: %s%s", strerror(number), next);
}

bool view_flush(FILE *out, struct err *err)
{
    errno = 0;
    if (fflush(out) == 0 && !ferror(out))
        return true;
    return refuse(errno ? errno : EIO, err);
}

static bool output_write(struct output *output, bool flush, struct err *err)
{
    if (output->failed)
        return refuse(output->failed, err);
    struct text *text = &output->text;
    errno = 0;
    bool written = text->len == 0 || fwrite(text->at, 1, text->len, output->file) == text->len;
    if (!written || (flush && fflush(output->file) != 0) || ferror(output->file))
        output->failed = errno ? errno : EIO;
    text_clear(text);
    return output->failed ? refuse(output->failed, err) : true;
}

bool output_event(struct output *output, struct err *err)
{
    if (!output->live && output->text.len < ENOUGH)
        return true;
    return output_write(output, output->live, err);
}

bool output_flush(struct output *output, struct err *err)
{
    return output->text.len == 0 || output_write(output, true, err);
}

bool output_end(struct output *output, struct err *err)
{
    bool done = output_write(output, true, err);
    text_free(&output->text);
    return done;
}
