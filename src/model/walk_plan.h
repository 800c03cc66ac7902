/*
 * walk_plan.h: what a record's rows look like as nodes where all of them are there.
 *
 * That is the same each time, but for where the record stands: it is worked out once for each
 * record of the tables, and then copied.
 */
#ifndef LOOPCRAFT_MODEL_WALK_PLAN_H
#define LOOPCRAFT_MODEL_WALK_PLAN_H

#include <loopcraft/node.h>

struct walk_plan {
    const struct record *record; /* NULL: free */
    struct node *nodes;          /* bits from the record's start; owned */
    size_t count;                /* 0: the record has no plan, its rows run to its end */
    uint32_t end;                /* bits that must be there */
    uint32_t done;               /* bits that its leaves cover */
};

struct walk_plans;

/* The record's plan, from those that are kept in *plans. */
const struct walk_plan *walk_plan(struct walk_plans **plans, const struct record *record);
void walk_plans_free(struct walk_plans *plans);

#endif
