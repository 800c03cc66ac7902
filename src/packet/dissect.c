/* dissect.c: from a frame to nodes. */
#include <loopcraft/dissect.h>

#include <loopcraft/proto.h>
#include <loopcraft/walk.h>

void dissect(struct dissection *out, const struct frame *frame)
{
    const struct branch *link = branch_find(proto_links, (uint64_t)frame->linktype);
    walk(out, link ? link->record : &proto_data, frame->bytes, frame->len);
}

bool dissect_knows(int linktype)
{
    return branch_find(proto_links, (uint64_t)linktype);
}

const struct node *dissection_layer(const struct dissection *d, const struct record *record)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->nodes[i].kind == NODE_RECORD && d->nodes[i].record == record)
            return &d->nodes[i];
    return NULL;
}

bool dissection_number(const struct dissection *d, const struct node *layer, const char *name,
                       uint64_t *number)
{
    const struct node *row = node_find(d, (size_t)(layer - d->nodes), name);
    if (!row || row->depth != layer->depth)
        return false;
    *number = node_number(d, row);
    return true;
}
