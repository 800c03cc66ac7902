/* brief.c: a packet in one line: number, time, ends, what it is. */
#include "dump.h"

#include "pieces.h"

enum { NUMBER_END = 6, TIME_END = 18, GAP = 2 };

static unsigned room(const struct line *line)
{
    return line->at < line->page->columns ? line->page->columns - line->at : 0;
}

/* Bytes of the words, or without `words` of the characters, that fit into so many columns. */
static size_t fitting(const char *string, unsigned columns, bool words)
{
    size_t best = 0;
    for (size_t i = 0; string[i];) {
        i += words ? strspn(string + i, " ") : 1;
        i += words ? strcspn(string + i, " ") : 0;
        while (((uint8_t)string[i] & 0xc0) == 0x80)
            i++;
        if (columns_of(string, i) > columns)
            break;
        best = i;
    }
    return best;
}

/* As much of the text as the line has room for, and a sign where it had to end. */
static void put_cut(struct line *line, enum tone tone, const char *string, bool words)
{
    const char *more = line->page->utf8 ? "…" : "~";
    size_t len = strlen(string), fits = fitting(string, room(line), words);
    if (fits < len && room(line))
        fits = fitting(string, room(line) - 1, words);
    if (fits)
        line_raw(line, tone, string, fits);
    if (fits < len && room(line))
        line_raw(line, TONE_DIM, more, strlen(more));
}

/* So that it ends at the column; one space before it at least. */
static void put_right(struct line *line, unsigned end, enum tone tone, const char *string)
{
    unsigned columns = (unsigned)strlen(string);
    if (line->at + columns < end)
        line_pad(line, end - columns);
    else if (line->at)
        line_pad(line, 0);
    line_raw(line, tone, string, columns);
}

/* "12.000424": seconds since the first packet; "-" before it: the capture is not in order. */
static const char *time_of(struct dump *d, int64_t time_ns)
{
    uint64_t now = (uint64_t)time_ns, first = (uint64_t)d->brief.first_ns;
    bool before = time_ns < d->brief.first_ns;
    unsigned long long ns = before ? first - now : now - first;
    text_clear(&d->piece);
    text_format(&d->piece, "%s%llu.%06llu", before ? "-" : "", ns / 1000000000,
                ns % 1000000000 / 1000);
    return text_string(&d->piece);
}

static void put_ends(struct dump *d, struct line *line, const struct packet_event *packet)
{
    const char *ends = ends_of(d, packet);
    unsigned start = line->at, columns = (unsigned)columns_of(ends, strlen(ends));
    if (columns > d->brief.ends && columns <= line->page->columns / 2)
        d->brief.ends = columns;
    put_cut(line, TONE_PLAIN, ends, false);
    if (line->at < start + d->brief.ends)
        line_pad(line, start + d->brief.ends);
}

void put_brief(struct dump *d, const struct packet_event *packet)
{
    struct line line = line_at(d, 0);
    if (!d->brief.begun)
        d->brief.first_ns = packet->frame.time_ns;
    d->brief.begun = true;
    put_right(&line, NUMBER_END, TONE_DIM, piece(d, packet->frame.number, ""));
    put_right(&line, TIME_END, TONE_DIM, time_of(d, packet->frame.time_ns));
    line_pad(&line, line.at + GAP);
    put_ends(d, &line, packet);
    if (room(&line) > GAP) {
        line_pad(&line, line.at + GAP);
        put_cut(&line, TONE_BOLD, packet->title, false);
    }
    if (packet->detail[0] && room(&line) > GAP + 8) {
        line_pad(&line, line.at + GAP);
        put_cut(&line, TONE_DIM, packet->detail, true);
    }
    line_end(&line);
}
