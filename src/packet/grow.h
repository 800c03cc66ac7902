/*
 * grow.h: arrays that grow while an expression is read.
 */
#ifndef PACKET_GROW_H
#define PACKET_GROW_H

#include <stddef.h>

/* realloc() for `count` elements; memory that can't be had ends the program, as in text.h. */
void *grow(void *old, size_t count, size_t size);

#endif
