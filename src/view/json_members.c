/* json_members.c: members of a JSON object, each behind another one. */
#include "json_members.h"

void put_key(struct text *out, const char *key)
{
    text_char(out, ',');
    text_json_string(out, key);
    text_char(out, ':');
}

void put_string(struct text *out, const char *key, const char *string)
{
    put_key(out, key);
    if (string)
        text_json_string(out, string);
    else
        text_put(out, "null");
}

void put_number(struct text *out, const char *key, uint64_t number)
{
    put_key(out, key);
    text_number(out, number);
}

void put_known(struct text *out, const char *key, bool known, uint64_t number)
{
    if (known)
        put_number(out, key, number);
    else
        put_string(out, key, NULL);
}

void put_flag(struct text *out, const char *key, bool value)
{
    put_key(out, key);
    text_put(out, value ? "true" : "false");
}
