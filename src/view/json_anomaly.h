/*
 * json_anomaly.h: members of what is odd.
 */
#ifndef VIEW_JSON_ANOMALY_H
#define VIEW_JSON_ANOMALY_H

#include <loopcraft/event.h>
#include <loopcraft/text.h>

/* The object without its closing brace. */
void put_anomaly_json(struct text *out, const struct anomaly_event *anomaly);

/* A summary's member: ,"anomalies":{"xmas":1000} */
void put_rule_counts_json(struct text *out, const struct rule_count *counts);

#endif
