/*
 * vocabulary.c: what JSON says of the tables' rows, escaped once and then copied: a large capture
 * has the same rows over and over.
 */
#include "vocabulary.h"

#include <stdio.h>
#include <stdlib.h>

struct vocabulary vocabulary_new(void)
{
    return (struct vocabulary){.memo = memo_new(), .patterns = patterns_new()};
}

void vocabulary_free(struct vocabulary *v)
{
    for (size_t i = 0; i < v->cap; i++) {
        text_free(&v->words[i].head);
        text_free(&v->words[i].tail);
    }
    free(v->words);
    free(v->memo);
    patterns_free(v->patterns);
    text_free(&v->piece);
    *v = (struct vocabulary){0};
}

static struct words *slot_of(struct words *words, size_t cap, const void *row)
{
    size_t i = (uintptr_t)row / 8 * 0x9e3779b1u & (cap - 1);
    while (words[i].row && words[i].row != row)
        i = (i + 1) & (cap - 1);
    return &words[i];
}

static void vocabulary_grow(struct vocabulary *v)
{
    size_t cap = v->cap ? v->cap * 2 : 512;
    struct words *words = calloc(cap, sizeof *words);
    if (!words) {
        fputs("loopcraft: out of memory\n", stderr);
        abort();
    }
    for (size_t i = 0; i < v->cap; i++)
        if (v->words[i].row)
            *slot_of(words, cap, v->words[i].row) = v->words[i];
    free(v->words);
    v->words = words;
    v->cap = cap;
}

void put_head(struct text *out, const char *name, const char *label, uint32_t pos, uint32_t size)
{
    text_put(out, name ? "{\"name\":" : "{\"label\":");
    text_json_string(out, name ? name : label ? label : "");
    text_put(out, ",\"pos\":");
    text_number(out, pos);
    text_put(out, ",\"size\":");
    text_number(out, size);
    text_put(out, ",\"show\":\"");
}

static struct words *words_find(struct vocabulary *v, const void *row)
{
    if (v->count * 2 >= v->cap)
        vocabulary_grow(v);
    return slot_of(v->words, v->cap, row);
}

static void words_new(struct vocabulary *v, struct words *words, const void *row, const char *means)
{
    v->count++;
    words->row = row;
    text_put(&words->tail, ",\"means\":");
    text_json_string(&words->tail, means ? means : "");
}

const struct words *words_of(struct vocabulary *v, const struct node *node)
{
    const void *row = node->field ? (const void *)node->field : (const void *)node->record;
    const uint32_t pos = node_pos(node), size = node_size(node);
    struct words *words = words_find(v, row);
    if (words->row && words->pos == pos && words->size == size)
        return words;
    if (!words->row)
        words_new(v, words, row, node->field ? node->field->means : node->record->means);
    words->pos = pos;
    words->size = size;
    text_clear(&words->head);
    put_head(&words->head, node_name(node), node->field ? node->field->label : node->record->title,
             pos, size);
    return words;
}

void put_remark_words(struct text *out, struct vocabulary *v, const struct remark *remark)
{
    if (!remark->constant) {
        text_put(out, ",\"means\":");
        text_json_string(out, remark->text);
        return;
    }
    struct words *words = words_find(v, remark->text);
    if (!words->row)
        words_new(v, words, remark->text, remark->text);
    text_put_n(out, words->tail.at, words->tail.len);
}
