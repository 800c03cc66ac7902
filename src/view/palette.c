/* palette.c: the two sets of colours and the two sets of signs. */
#include "palette.h"

#define MARK(string)              \
    {                             \
        string, sizeof string - 1 \
    }

/* ECMA-48, 8.3.117 (SGR). Each begins with a reset, so that no tone has to be closed. */
static const struct mark colours[TONE_COUNT] = {
    [TONE_PLAIN] = MARK("\x1b[0m"),
    [TONE_DIM] = MARK("\x1b[0;2m"),
    [TONE_BOLD] = MARK("\x1b[0;1m"),
    [TONE_GOOD] = MARK("\x1b[0;1;32m"),
    [TONE_BAD] = MARK("\x1b[0;1;31m"),
    [TONE_WARN] = MARK("\x1b[0;1;33m"),
    [TONE_YOU] = MARK("\x1b[0;1;36m"),
    [TONE_LAYER + LAYER_LINK] = MARK("\x1b[0;35m"),
    [TONE_LAYER + LAYER_INTERNET] = MARK("\x1b[0;36m"),
    [TONE_LAYER + LAYER_TRANSPORT] = MARK("\x1b[0;32m"),
    [TONE_LAYER + LAYER_APPLICATION] = MARK("\x1b[0;33m"),
    [TONE_HEADING + LAYER_LINK] = MARK("\x1b[0;1;35m"),
    [TONE_HEADING + LAYER_INTERNET] = MARK("\x1b[0;1;36m"),
    [TONE_HEADING + LAYER_TRANSPORT] = MARK("\x1b[0;1;32m"),
    [TONE_HEADING + LAYER_APPLICATION] = MARK("\x1b[0;1;33m"),
};

static const struct mark no_colours[TONE_COUNT];

static const struct signs boxes = {
    .bar = MARK("│ "),
    .corner = MARK("┌ "),
    .foot = MARK("└─"),
    .foot_next = MARK("┴─"),
    .none = MARK("·"),
    .rule = "─",
    .point = "·",
    .dot = " · ",
    .to = "→",
    .from = "←",
    .micro = "µs",
    .step = "▸",
    .lane = "│",
    .line = "─",
    .head_right = "▶",
    .head_left = "◀",
};

static const struct signs ascii = {
    .bar = MARK("| "),
    .corner = MARK("+ "),
    .foot = MARK("+-"),
    .foot_next = MARK("+-"),
    .none = MARK("."),
    .rule = "-",
    .point = "-",
    .dot = " - ",
    .to = "->",
    .from = "<-",
    .micro = "us",
    .step = ">",
    .lane = "|",
    .line = "-",
    .head_right = ">",
    .head_left = "<",
};

struct palette palette_of(const struct look *look)
{
    return (struct palette){
        .tone = look->colour ? colours : no_colours,
        .signs = look->utf8 ? &boxes : &ascii,
    };
}
