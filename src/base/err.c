/* err.c: one line of what was wrong, in the caller's struct. */
#include <loopcraft/err.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void err_fill(struct err *err, enum status status, const char *format, va_list args)
{
    err->status = (int)status;
    err->quiet = false;
    int len = vsnprintf(err->message, sizeof err->message, format, args);
    if (len < 0 || (size_t)len < sizeof err->message)
        return;
    size_t last = sizeof err->message - 2; /* cut short: not in the middle of a UTF-8 character */
    while (last && ((unsigned char)err->message[last] & 0xc0) == 0x80)
        last--;
    if ((unsigned char)err->message[last] >= 0xc0)
        err->message[last] = '\0';
}

bool err_set(struct err *err, enum status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err_fill(err, status, format, args);
    va_end(args);
    return false;
}

bool err_system(struct err *err, const char *format, ...)
{
    int number = errno;
    va_list args;
    va_start(args, format);
    err_fill(err, STATUS_SYSTEM, format, args);
    va_end(args);
    size_t used = strlen(err->message);
    snprintf(err->message + used, sizeof err->message - used, ": %s", strerror(number));
    return false;
}
