/* json_witness.h: the kernel's testimony as JSON. */
#ifndef LOOPCRAFT_VIEW_JSON_WITNESS_H
#define LOOPCRAFT_VIEW_JSON_WITNESS_H

#include <loopcraft/text.h>

struct testimony;

/* A member of an object that has others already: ,"witness":{...} */
void put_witness(struct text *out, const struct testimony *testimony);

#endif
