/* print.c: text that a command prints as a whole. */
#include "print.h"

#include <loopcraft/view.h>

int print_text(struct text *text, struct err *err)
{
    fwrite(text_string(text), 1, text->len, stdout); /* view_flush() sees what went wrong */
    text_free(text);
    return view_flush(stdout, err) ? STATUS_DONE : err->status;
}
