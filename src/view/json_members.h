/*
 * json_members.h: members of a JSON object, each behind another one.
 */
#ifndef VIEW_JSON_MEMBERS_H
#define VIEW_JSON_MEMBERS_H

#include <loopcraft/text.h>

void put_key(struct text *out, const char *key);
void put_string(struct text *out, const char *key, const char *string); /* NULL: null */
void put_number(struct text *out, const char *key, uint64_t number);

/* A number, or null where there is none, or it depends on the packet. */
void put_known(struct text *out, const char *key, bool known, uint64_t number);
void put_flag(struct text *out, const char *key, bool value);

#endif
