/*
 * glossary.h: the lists of words, one file a subject. Each ends with name NULL.
 */
#ifndef KNOW_GLOSSARY_H
#define KNOW_GLOSSARY_H

#include <loopcraft/glossary.h>

extern const struct word words_port_states[], words_tcp_states[], words_reasons[]; /* states.c */
extern const struct word words_errors[];                                           /* errors.c */
extern const struct word words_failures[];                                         /* failures.c */
extern const struct word words_drops[], words_drops_tcp[], words_drops_ip[];       /* drops.c */
extern const struct word words_told[], words_json[];                               /* told.c */

#endif
