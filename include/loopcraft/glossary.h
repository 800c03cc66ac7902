/*
 * glossary.h: what the words mean that the program prints: states, reasons, errors, drop reasons.
 *
 * Not here: what other tables say already. Fields, flags, ICMP types and codes are explained by the
 * tables of src/proto/, ports by advice.h, addresses by addresses.h.
 */
#ifndef LOOPCRAFT_GLOSSARY_H
#define LOOPCRAFT_GLOSSARY_H

#include <loopcraft/nearest.h>

#include <stdbool.h>

struct word {
    const char *name;   /* "filtered", as it is printed */
    const char *other;  /* another spelling that other tools have, or NULL */
    const char *means;  /* a phrase */
    const char *source; /* where the fact is from, or NULL: the glossary's own */
};

struct glossary {
    const char *kind;         /* "port state": what all of its words are */
    const struct word *words; /* end with name NULL */
    const char *source;       /* where they are from */
};

/* All of them; ends with kind NULL. */
extern const struct glossary glossaries[];

/* Upper and lower case, and space, hyphen and underline alike: "time_wait" is "TIME-WAIT". */
bool glossary_same(const char *a, const char *b);

/* The word in the glossaries of this kind, or NULL. */
const struct word *glossary_find(const char *kind, const char *word);

/* Flags of TCP that stand together, as they are printed: "SYN-ACK". Ends with name NULL. */
extern const struct word words_flags[];

/* The word among these, or NULL. */
const struct word *word_find(const struct word *words, const char *word);

void glossary_nearest(struct nearest *nearest);

#endif
