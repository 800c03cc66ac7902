/*
 * meanings.h: what a word means, looked up in all tables. A word may mean several things.
 */
#ifndef LOOPCRAFT_CMD_MEANINGS_H
#define LOOPCRAFT_CMD_MEANINGS_H

#include <loopcraft/catalog.h>

enum { DETAILS_MOST = 12 };

struct meanings {
    const struct sinks *sinks;
    struct err *err;
    bool failed; /* a sink failed; *err says how */
    struct catalog catalog;
    const char *only;  /* the kind asked for: "icmp"; NULL: any */
    const char *asked; /* as it was typed, escaped */
    unsigned told;     /* meanings of the word so far */
    /* the one that is being put together */
    struct text name, means, texts[DETAILS_MOST];
    struct detail details[DETAILS_MOST];
    size_t count;
    const char *kind;
};

/* Begins a meaning of this kind; its name is put into m->name, its sentence into m->means. */
void meaning_begin(struct meanings *m, const char *kind);

/* Adds a detail; nothing when the text is NULL or empty. `named`: the name says it already. */
void meaning_add(struct meanings *m, const char *key, const char *text);
void meaning_add_number(struct meanings *m, const char *key, uint64_t number);
void meaning_add_named(struct meanings *m, const char *key, const char *text);

/* Tells it, if it is of the kind asked for. */
void meaning_tell(struct meanings *m);

/* Is this the kind asked for by name: "errno 111"? */
bool meaning_wanted(const struct meanings *m, const char *kind);

/* A decimal number up to `most`, and nothing else. */
bool meaning_number(const char *word, unsigned long most, unsigned long *number);

/* Each tells what the word means in its tables, and nothing if they don't have it. */
void meanings_port(struct meanings *m, const char *word);    /* meanings_port.c */
void meanings_address(struct meanings *m, const char *word); /* meanings_address.c */
void meanings_field(struct meanings *m, const char *word);   /* meanings_field.c */
void meanings_value(struct meanings *m, const char *word);
void meanings_short(struct meanings *m, const char *word); /* "ttl": what ends like that */
void meanings_flags(struct meanings *m, const char *word); /* meanings_packet.c */
void meanings_icmp(struct meanings *m, const char *word);
void meanings_word(struct meanings *m, const char *word); /* meanings_word.c */
void meanings_counter(struct meanings *m, const char *word);
void meanings_anomaly(struct meanings *m, const char *word);
void meanings_errno(struct meanings *m, const char *word);

/* Names of flags, of types and codes of ICMP. */
void meanings_nearest_packet(struct nearest *nearest);

#endif
