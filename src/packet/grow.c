/* grow.c: arrays that grow. */
#include "grow.h"

#include <stdio.h>
#include <stdlib.h>

void *grow(void *old, size_t count, size_t size)
{
    void *at = reallocarray(old, count, size);
    if (!at) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    return at;
}
