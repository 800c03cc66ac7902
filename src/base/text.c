/* text.c: text that grows. */
#include <loopcraft/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(struct text *t)
{
    free(t->at);
    *t = TEXT_EMPTY;
}

void text_clear(struct text *t)
{
    t->len = 0;
    if (t->at)
        t->at[0] = '\0';
}

const char *text_string(struct text *t)
{
    return t->at ? t->at : "";
}

void text_grow(struct text *t, size_t more)
{
    size_t cap = t->cap ? t->cap * 2 : 256;
    while (cap - t->len <= more)
        cap *= 2;
    char *at = realloc(t->at, cap);
    if (!at) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    t->at = at;
    t->cap = cap;
}

void text_repeat(struct text *t, const char *string, size_t times)
{
    size_t len = strlen(string);
    char *at = text_room(t, len * times);
    for (size_t i = 0; i < times; i++)
        memcpy(at + i * len, string, len);
    text_grew(t, len * times);
}

void text_number(struct text *t, uint64_t number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    size_t len = 1;
    for (uint64_t least = 10; number >= least && len < 20; least *= 10) /* 2^64 has 20 digits */
        len++;
    char *at = text_room(t, len) + len;
    for (; number >= 100; number /= 100)
        memcpy(at -= 2, &pairs[number % 100 * 2], 2);
    *--at = pairs[number * 2 + 1];
    if (number >= 10)
        *--at = pairs[number * 2];
    text_grew(t, len);
}

static char hex_digit(uint64_t nibble)
{
    return "0123456789abcdef"[nibble & 15];
}

void text_hex(struct text *t, uint64_t number, unsigned digits)
{
    char *at = text_room(t, digits);
    for (unsigned i = 0; i < digits; i++)
        at[i] = hex_digit(number >> 4 * (digits - 1 - i));
    text_grew(t, digits);
}

void text_hex_bytes(struct text *t, struct bytes b, char separator)
{
    char *start = text_room(t, b.len * 3), *at = start;
    for (size_t i = 0; !separator && i < b.len; i++) {
        *at++ = hex_digit(b.at[i] >> 4);
        *at++ = hex_digit(b.at[i]);
    }
    for (size_t i = 0; separator && i < b.len; i++) {
        *at++ = hex_digit(b.at[i] >> 4);
        *at++ = hex_digit(b.at[i]);
        *at++ = separator;
    }
    at -= b.len && separator;
    text_grew(t, (size_t)(at - start));
}

void text_format(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char *at = text_room(t, 0); /* most texts fit in what is there */
    int len = vsnprintf(at, t->cap - t->len, format, args);
    if (len > 0 && (size_t)len >= t->cap - t->len)
        vsnprintf(text_room(t, (size_t)len), (size_t)len + 1, format, again);
    if (len > 0)
        text_grew(t, (size_t)len);
    va_end(again);
    va_end(args);
}
