/* remarked.c: which row each of a packet's remarks belongs to. */
#include "rows.h"

static const size_t NO_NODE = SIZE_MAX;

/* The first node with this field, from `node` on. */
static size_t node_of(const struct dissection *d, const struct field *field, size_t node)
{
    while (node < d->count && d->nodes[node].field != field)
        node++;
    return node < d->count ? node : NO_NODE;
}

static size_t remarks_count(const struct rows *r)
{
    return r->packet->remark_count < REMARKS_ROOM ? r->packet->remark_count : REMARKS_ROOM;
}

/* Rows come in order; a node that got no row leaves its remark to the next of its field. */
void remarks_pass(struct rows *r, size_t node)
{
    r->next_remark = NO_NODE;
    for (size_t k = 0; k < remarks_count(r); k++) {
        if (r->remarked[k] < node)
            r->remarked[k] = node_of(r->packet->dissection, r->packet->remarks[k].field, node);
        r->next_remark = r->remarked[k] < r->next_remark ? r->remarked[k] : r->next_remark;
    }
}

void remarks_start(struct rows *r)
{
    for (size_t k = 0; k < remarks_count(r); k++)
        r->remarked[k] = node_of(r->packet->dissection, r->packet->remarks[k].field, 0);
    remarks_pass(r, 0);
}

void remark_done(struct rows *r, size_t index)
{
    r->remarked[index] = NO_NODE;
}

bool remark_find(struct rows *r, size_t node, size_t end, size_t *index)
{
    if (r->piece) {
        *index = r->piece->remark - 1u;
        return r->piece->remark;
    }
    if (r->next_remark < node)
        remarks_pass(r, node);
    for (size_t k = 0; r->next_remark < end && k < remarks_count(r); k++) {
        *index = k;
        if (r->remarked[k] < end)
            return true;
    }
    return false;
}
