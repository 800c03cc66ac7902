/*
 * walk.h: the one reader of tables. Bytes and a record in, nodes out.
 */
#ifndef LOOPCRAFT_WALK_H
#define LOOPCRAFT_WALK_H

#include <loopcraft/node.h>

/*
 * Dissects `bytes` as `first` and whatever it turns out to carry. wire_len is the length that
 * the frame had on the wire; when it is more than bytes.len the capture was cut short, and
 * missing bytes are a cut, not a fault of the packet. The nodes replace those in *out; they
 * point into the tables, and *out borrows the bytes. Never fails: what can't be read becomes
 * a node with a fault.
 */
void walk(struct dissection *out, const struct record *first, struct bytes bytes, size_t wire_len);

#endif
