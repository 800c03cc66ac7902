/* sent.c: packets of ours that the capture has not shown yet. */
#include "sent.h"

#include <stdlib.h>

struct sent *sent_new(const struct recipe *recipe, struct text *note, struct remarks *remarks,
                      struct stage *stage)
{
    struct sent *sent = calloc(1, sizeof *sent);
    if (!sent)
        abort();
    sent->note = *note;
    *note = TEXT_EMPTY;
    if (remarks) {
        sent->remarks = *remarks;
        *remarks = (struct remarks){0};
    }
    if (stage) {
        sent->stage = *stage;
        *stage = (struct stage){0};
    }
    sent->recipe = recipe_copy(recipe);
    recipe_fill(&sent->recipe);
    return sent;
}

void sent_free(struct sent *sent)
{
    crafted_free(&sent->crafted);
    recipe_free(&sent->recipe);
    text_free(&sent->note);
    remarks_free(&sent->remarks);
    text_free(&sent->stage.means);
    free(sent);
}

struct sent *sent_take(struct sent **list, struct bytes frame, const struct dissection *d)
{
    for (struct sent **at = list; *at; at = &(*at)->next) {
        struct sent *sent = *at;
        size_t ip = sent->recipe.ip->size, len = sent->crafted.bytes.len;
        const struct node *layer = dissection_layer(d, sent->recipe.ip);
        if (!layer || node_pos(layer) + len != frame.len)
            continue; /* an error that quotes all of it ends with the same bytes */
        struct bytes built = crafted_bytes(&sent->crafted);
        struct bytes seen = bytes_part(frame, frame.len - len, len);
        if (!bytes_equal(bytes_part(built, ip, len), bytes_part(seen, ip, len)))
            continue;
        *at = sent->next;
        return sent;
    }
    return NULL;
}
