/*
 * ladder_draw.c: the exchange between two ends, a rung a line, ours at the left.
 *
 * plan_for    measures what there is, and leaves out what the page has no room for
 * draw_*      the ends' names, then the rungs
 */
#include "ladder.h"

#include "pieces.h"

#include <stdio.h>

enum { LANE_MOST = 72, LANE_LEAST = 28, TIME_COLUMNS = 10, HEADS = 2 };

/* --- measuring -------------------------------------------------------------------- */

struct plan {
    const struct ladder *ladder;
    const struct signs *signs;
    unsigned number, ours, theirs, time; /* columns; 0: not shown */
    unsigned left, lane;   /* the left line's column, and the columns between the lines */
    unsigned wanted;       /* for the lane: so that arrows can say what matters */
    bool ports, addresses; /* each arrow names its own */
};

static const struct rung *first_packet(const struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->count; i++)
        if (ladder->rungs[i].packet)
            return &ladder->rungs[i];
    return NULL;
}

static const struct end *ours_of(const struct rung *rung)
{
    return rung->rightward ? &rung->from : &rung->to;
}

static const struct end *theirs_of(const struct rung *rung)
{
    return rung->rightward ? &rung->to : &rung->from;
}

static unsigned wider(unsigned columns, const char *string)
{
    unsigned own = (unsigned)columns_of(string, strlen(string));
    return own > columns ? own : columns;
}

/* The title and the first two details: for TCP the sequence numbers. */
static unsigned lane_wanted(const struct rung *rung)
{
    size_t word = strcspn(rung->detail, " ");
    if (rung->detail[word])
        word += 1 + strcspn(rung->detail + word + 1, " ");
    size_t columns = columns_of(rung->title, strlen(rung->title)) + columns_of(rung->detail, word) + 6;
    return columns < 50 ? (unsigned)columns : 50;
}

static void measure_rungs(struct plan *plan)
{
    const struct rung *first = first_packet(plan->ladder);
    for (size_t i = 0; i < plan->ladder->count; i++) {
        const struct rung *rung = &plan->ladder->rungs[i];
        char number[24];
        snprintf(number, sizeof number, "#%llu", (unsigned long long)rung->number);
        plan->number = wider(plan->number, number);
        plan->ours = wider(plan->ours, rung->ours);
        plan->theirs = wider(plan->theirs, rung->theirs);
        if (!rung->packet)
            continue;
        plan->wanted = lane_wanted(rung) > plan->wanted ? lane_wanted(rung) : plan->wanted;
        plan->ports = plan->ports || strcmp(ours_of(rung)->port, ours_of(first)->port) != 0 ||
                      strcmp(theirs_of(rung)->port, theirs_of(first)->port) != 0;
        plan->addresses = plan->addresses ||
                          strcmp(ours_of(rung)->addr, ours_of(first)->addr) != 0 ||
                          strcmp(theirs_of(rung)->addr, theirs_of(first)->addr) != 0;
    }
}

/* What is shown beside the arrows, the least important left out first. */
static struct plan plan_for(const struct ladder *ladder, const struct page *page)
{
    struct plan plan = {.ladder = ladder, .signs = page->palette.signs, .time = TIME_COLUMNS};
    measure_rungs(&plan);
    for (;;) {
        unsigned right = (plan.theirs ? plan.theirs + 1 : 0) + (plan.time ? plan.time + 1 : 0);
        plan.left = plan.number + 1 + (plan.ours ? plan.ours + 1 : 0);
        unsigned taken = plan.left + 2 + right;
        plan.lane = page->columns > taken ? page->columns - taken : 0;
        if (plan.time && plan.lane < plan.wanted)
            plan.time = 0;
        else if ((plan.ours || plan.theirs) && plan.lane < LANE_LEAST)
            plan.ours = plan.theirs = 0;
        else
            break;
    }
    plan.lane = plan.lane > LANE_MOST ? LANE_MOST : plan.lane < 12 ? 12 : plan.lane;
    return plan;
}

/* --- drawing ---------------------------------------------------------------------- */

static void put_name(struct text *out, const struct plan *plan, const char *who,
                     const struct end *end)
{
    struct end shown = *end;
    if (plan->ports)
        shown.port[0] = '\0';
    if (plan->ladder->known) {
        text_put(out, who);
        text_char(out, ' ');
    }
    put_end(out, &shown);
}

/* Each name over its line, as far as the page allows; on two lines where they would meet. */
static void draw_heads(const struct plan *plan, const struct page *page)
{
    struct text names[HEADS] = {TEXT_EMPTY, TEXT_EMPTY};
    const struct rung *first = first_packet(plan->ladder);
    put_name(&names[0], plan, "you", ours_of(first));
    put_name(&names[1], plan, "server", theirs_of(first));
    struct line line = {.page = page};
    unsigned at[HEADS] = {plan->left, plan->left + plan->lane + 1};
    for (size_t i = 0; i < HEADS; i++) {
        unsigned columns = (unsigned)columns_of(names[i].at, names[i].len);
        unsigned from = at[i] > columns / 2 ? at[i] - columns / 2 : 0;
        if (from + columns > page->columns)
            from = page->columns > columns ? page->columns - columns : 0;
        if (line.at && from < line.at + 2)
            line_end(&line);
        if (from)
            line_pad(&line, from);
        line_words(&line, TONE_BOLD, names[i].at, names[i].len);
        text_free(&names[i]);
    }
    line_end(&line);
}

/* A state beside its line. */
static void draw_left(const struct plan *plan, struct line *line, const struct rung *rung,
                      bool first)
{
    char number[24] = "";
    if (rung->packet && first)
        snprintf(number, sizeof number, "#%llu", (unsigned long long)rung->number);
    line_put(line, TONE_DIM, number);
    if (plan->ours && first) {
        line_pad(line, plan->left - 1 - (unsigned)columns_of(rung->ours, strlen(rung->ours)));
        line_put(line, TONE_BOLD, rung->ours);
    }
    line_pad(line, plan->left);
    page_tone(line->page, TONE_DIM);
    line_rule(line, plan->signs->lane, 1);
    page_tone(line->page, TONE_PLAIN);
}

static void draw_right(const struct plan *plan, struct line *line, const struct rung *rung,
                       bool last)
{
    unsigned lane_end = plan->left + 1 + plan->lane;
    if (line->at < lane_end)
        line_pad(line, lane_end);
    page_tone(line->page, TONE_DIM);
    line_rule(line, plan->signs->lane, 1);
    page_tone(line->page, TONE_PLAIN);
    if (last && plan->theirs && rung->theirs[0]) {
        line_pad(line, line->at + 1);
        line_put(line, TONE_BOLD, rung->theirs);
    }
    if (last && plan->time && rung->packet && rung->since_ns >= 0) {
        struct text time = TEXT_EMPTY;
        text_char(&time, '+');
        put_duration(&time, rung->since_ns, plan->signs);
        line_pad(line, lane_end + 1 + (plan->theirs ? plan->theirs + 1 : 0) + 1);
        line_pad(line, line->at + plan->time - 1 - (unsigned)columns_of(time.at, time.len));
        line_words(line, TONE_DIM, time.at, time.len);
        text_free(&time);
    }
    line_end(line);
}

static void draw_arrow(const struct plan *plan, struct line *line, const struct rung *rung,
                       const char *title, const char *rest)
{
    const struct signs *signs = plan->signs;
    enum tone tone = (enum tone)(TONE_LAYER + (rung->rightward ? LAYER_INTERNET : LAYER_TRANSPORT));
    unsigned end = plan->left + 1 + plan->lane;
    page_tone(line->page, tone);
    line_rule(line, rung->rightward ? signs->line : signs->head_left, 1);
    line_rule(line, signs->line, 1);
    line_pad(line, 0);
    line_put(line, TONE_BOLD, title);
    line_pad(line, 0);
    if (*rest && line->at + 4 < end) {
        size_t len = words_fit(rest, end - line->at - 2);
        if (rest[len] == ' ' || rest[len] == '\0') {
            line_words(line, TONE_DIM, rest, len);
            line_pad(line, 0);
        }
    }
    page_tone(line->page, tone);
    if (line->at + 1 < end)
        line_rule(line, signs->line, end - line->at - 1);
    line_rule(line, rung->rightward ? signs->head_right : signs->line, 1);
    page_tone(line->page, TONE_PLAIN);
}

/* What the arrow says after its title. */
static void put_rest(struct text *out, const struct plan *plan, const struct rung *rung)
{
    const struct end *ends[] = {&rung->from, &rung->to};
    bool shown = plan->addresses || (plan->ports && rung->from.port[0]);
    for (size_t i = 0; shown && i < 2; i++) {
        if (plan->addresses)
            put_end(out, ends[i]);
        else
            text_put(out, ends[i]->port);
        text_put(out, i == 0 ? plan->signs->to : " ");
    }
    text_put(out, rung->detail);
}

/* A title that is too long for the arrow has its first words above it. */
static void draw_rung(const struct plan *plan, const struct page *page, const struct rung *rung)
{
    const char *title = rung->title;
    bool first = true;
    struct line line = {.page = page};
    for (;;) {
        size_t len = words_fit(title, plan->lane - 6);
        if (!title[len])
            break;
        draw_left(plan, &line, rung, first);
        line_pad(&line, line.at + 4);
        line_words(&line, TONE_BOLD, title, len);
        draw_right(plan, &line, rung, false);
        title += len + strspn(title + len, " ");
        first = false;
    }
    draw_left(plan, &line, rung, first);
    if (rung->packet) {
        struct text rest = TEXT_EMPTY;
        put_rest(&rest, plan, rung);
        draw_arrow(plan, &line, rung, title, text_string(&rest));
        text_free(&rest);
    }
    draw_right(plan, &line, rung, true);
}

void ladder_draw(const struct ladder *ladder, const struct page *page)
{
    if (!first_packet(ladder))
        return;
    struct plan plan = plan_for(ladder, page);
    text_char(page->out, '\n');
    draw_heads(&plan, page);
    for (size_t i = 0; i < ladder->count; i++)
        if (ladder->rungs[i].packet || plan.ours || plan.theirs)
            draw_rung(&plan, page, &ladder->rungs[i]);
    if (ladder->left_out) {
        struct line line = {.page = page};
        struct text left = TEXT_EMPTY;
        text_format(&left, "(and %zu more that are not drawn)", ladder->left_out);
        line_words(&line, TONE_DIM, left.at, left.len);
        line_end(&line);
        text_free(&left);
    }
}
