/* walk_plan.c: the rows of a record as nodes, worked out once. */
#include "walk_plan.h"

#include "walk_rows.h"

#include <stdio.h>
#include <stdlib.h>

/* More than the tables have records. Of two that want the same place the later one has it. */
enum { PLANS = 512 };

struct walk_plans {
    struct walk_plan each[PLANS];
};

static void *must_have(void *memory)
{
    if (memory)
        return memory;
    fputs("loopcraft: out of memory\n", stderr);
    abort();
}

void walk_plans_free(struct walk_plans *plans)
{
    for (size_t i = 0; plans && i < PLANS; i++)
        free(plans->each[i].nodes);
    free(plans);
}

static void make(struct walk_plan *plan, const struct record *record)
{
    free(plan->nodes);
    *plan = (struct walk_plan){.record = record, .end = record->size * 8u};
    plan->nodes = must_have(calloc(record->field_count + 1, sizeof *plan->nodes));
    uint32_t group_end = 0;
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        uint32_t end = field->bit + (uint32_t)field->bits;
        struct node *node = &plan->nodes[i];
        *node = row_node(field, field->bit, field->bits);
        node->record = record;
        node->inside = field->bit < group_end;
        if (field->bits == 0)
            return;
        if (node->kind == NODE_GROUP)
            group_end = end;
        else if (node->kind == NODE_FIELD)
            plan->done = end;
        plan->end = end > plan->end ? end : plan->end;
    }
    plan->count = record->field_count;
}

const struct walk_plan *walk_plan(struct walk_plans **plans, const struct record *record)
{
    if (!*plans)
        *plans = must_have(calloc(1, sizeof **plans));
    struct walk_plan *plan = &(*plans)->each[(uintptr_t)record / sizeof *record % PLANS];
    if (plan->record != record)
        make(plan, record);
    return plan;
}
