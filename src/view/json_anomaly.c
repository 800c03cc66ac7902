/* json_anomaly.c: what is odd, as JSON. */
#include "json_anomaly.h"

#include "pieces.h"

static void put_string(struct text *out, const char *key, const char *string)
{
    text_format(out, ",\"%s\":", key);
    if (string)
        text_json_string(out, string);
    else
        text_put(out, "null");
}

/* "127.0.0.1:8080"; null when there are several. */
static void put_end_string(struct text *out, const char *key, const struct end *end)
{
    struct text text = TEXT_EMPTY;
    put_end(&text, end);
    put_string(out, key, end->addr[0] ? text_string(&text) : NULL);
    text_free(&text);
}

void put_anomaly_json(struct text *out, const struct anomaly_event *a)
{
    text_put(out, "{\"type\":\"anomaly\"");
    put_string(out, "rule", a->rule);
    text_format(out, ",\"packet\":%llu,\"count\":%llu,\"again\":%s", (unsigned long long)a->packet,
                (unsigned long long)a->count, a->again ? "true" : "false");
    put_end_string(out, "from", &a->from);
    put_end_string(out, "to", &a->to);
    put_string(out, "evidence", a->evidence);
    put_string(out, "means", a->means);
    put_string(out, "innocent", a->innocent);
    put_string(out, "source", a->source);
}

void put_rule_counts_json(struct text *out, const struct rule_count *counts)
{
    text_put(out, ",\"anomalies\":{");
    for (const struct rule_count *each = counts; each->name; each++) {
        if (each != counts)
            text_char(out, ',');
        text_json_string(out, each->name);
        text_format(out, ":%llu", (unsigned long long)each->count);
    }
    text_char(out, '}');
}
