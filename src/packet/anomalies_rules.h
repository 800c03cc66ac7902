/*
 * anomalies_rules.h: what fires the rules, and what is said then.
 */
#ifndef PACKET_ANOMALIES_RULES_H
#define PACKET_ANOMALIES_RULES_H

#include "anomalies_parts.h"

/* anomalies_header.c: one packet's headers. */
unsigned fires_syn_fin(const struct sight *s);
unsigned fires_syn_rst(const struct sight *s);
unsigned fires_rst_fin(const struct sight *s);
unsigned fires_null(const struct sight *s);
unsigned fires_xmas(const struct sight *s);
unsigned fires_fin(const struct sight *s);
unsigned fires_no_ack(const struct sight *s);
void say_flags(struct text *out, const struct sight *s);
unsigned fires_syn_data(const struct sight *s);
void say_syn_data(struct text *out, const struct sight *s);
unsigned fires_client_port(const struct sight *s);
void say_client_port(struct text *out, const struct sight *s);
unsigned fires_land(const struct sight *s);
void say_land(struct text *out, const struct sight *s);
unsigned fires_port_zero(const struct sight *s);
void say_port_zero(struct text *out, const struct sight *s);
unsigned fires_checksum(const struct sight *s);
void say_checksum(struct text *out, const struct sight *s);
unsigned fires_reserved(const struct sight *s);
void say_reserved(struct text *out, const struct sight *s);
unsigned fires_tiny(const struct sight *s);
void say_piece(struct text *out, const struct sight *s);

/* anomalies_course.c: what came before it. */
unsigned fires_no_handshake(const struct sight *s);
void say_no_handshake(struct text *out, const struct sight *s);
unsigned fires_half_open(const struct sight *s);
void say_half_open(struct text *out, const struct sight *s);
unsigned fires_burst(const struct sight *s);
void say_burst(struct text *out, const struct sight *s);
unsigned fires_sweep(const struct sight *s);
void say_sweep(struct text *out, const struct sight *s);
unsigned fires_elsewhere(const struct sight *s);
void say_elsewhere(struct text *out, const struct sight *s);
unsigned fires_overlap(const struct sight *s);
void say_overlap(struct text *out, const struct sight *s);
unsigned fires_long(const struct sight *s);
void say_long(struct text *out, const struct sight *s);
unsigned fires_hops(const struct sight *s);
void say_hops_changed(struct text *out, const struct sight *s);

#endif
