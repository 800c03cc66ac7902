/*
 * ports.c: what TCP and UDP carry: protocols that have a table, and some that Wireshark knows and
 * these tables do not. What those say is shown, as text where it is text, under no name: a name
 * would not be Wireshark's.
 */
#include "ports.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct field http_rows[] = {
    {.label = "Text", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 9112, 2.1",
     .means = "a line, headers, an empty line, the content"},
};
static const struct record proto_http = {
    .name = "http", .title = "HTTP", .layer = LAYER_APPLICATION, .unit = "message",
    .fields = http_rows, .field_count = 1, .rfc = "RFC 9112, 2.1",
    .means = "asks for a page, or is one",
};

#define FOUR(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
const struct branch starts_tcp[] = {
    {FOUR('G', 'E', 'T', ' '), &proto_http, NULL}, {FOUR('H', 'T', 'T', 'P'), &proto_http, NULL},
    {FOUR('P', 'O', 'S', 'T'), &proto_http, NULL}, {FOUR('H', 'E', 'A', 'D'), &proto_http, NULL},
    {FOUR('P', 'U', 'T', ' '), &proto_http, NULL}, {FOUR('D', 'E', 'L', 'E'), &proto_http, NULL},
    {FOUR('O', 'P', 'T', 'I'), &proto_http, NULL}, {FOUR('P', 'A', 'T', 'C'), &proto_http, NULL},
    {FOUR('C', 'O', 'N', 'N'), &proto_http, NULL}, {FOUR('T', 'R', 'A', 'C'), &proto_http, NULL},
    {0, NULL, NULL},
};

static const struct field lines_rows[] = {
    {.label = "Text", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "-",
     .means = "what the programs say to each other"},
};
static const struct record proto_lines = {
    .title = "Lines of text", .layer = LAYER_APPLICATION, .unit = "message",
    .fields = lines_rows, .field_count = 1, .rfc = "-",
    .means = "what the programs say to each other",
};
/* On HTTP's ports: what begins like it is HTTP, all else the rest of some. */
static const struct record proto_pages = {
    .title = "Lines of text", .layer = LAYER_APPLICATION, .unit = "message",
    .fields = lines_rows, .field_count = 1, .starts = starts_tcp, .rfc = "-",
    .means = "what the programs say to each other",
};

/* By RFC 6335's registry; text: daytime, FTP, SMTP, whois, finger, POP3, NNTP, IMAP, RTSP, mail
 * submission, SIP, Redis, IRC, memcached, HTTP; other: echo, chargen, FTP's data, time, WINS, TACACS,
 * SSH, telnet, BGP, LDAP, TLS, MQTT, MySQL, PostgreSQL. Of two ports the lower one counts. */
const struct branch ports_tcp[] = {
    {7, &proto_opaque, NULL},      {13, &proto_lines, NULL},      {19, &proto_opaque, NULL},
    {20, &proto_opaque, NULL},     {21, &proto_lines, NULL},      {22, &proto_opaque, NULL},
    {23, &proto_opaque, NULL},     {25, &proto_lines, NULL},      {37, &proto_opaque, NULL},
    {42, &proto_opaque, NULL},     {43, &proto_lines, NULL},      {49, &proto_opaque, NULL},
    {53, &proto_dns_stream, NULL}, {79, &proto_lines, NULL},      {80, &proto_pages, NULL},
    {110, &proto_lines, NULL},     {119, &proto_lines, NULL},     {143, &proto_lines, NULL},
    {179, &proto_opaque, NULL},    {389, &proto_opaque, NULL},    {443, &proto_opaque, NULL},
    {554, &proto_lines, NULL},     {587, &proto_lines, NULL},     {1883, &proto_opaque, NULL},
    {3306, &proto_opaque, NULL},   {5060, &proto_lines, NULL},    {5432, &proto_opaque, NULL},
    {6379, &proto_lines, NULL},    {6667, &proto_lines, NULL},    {8080, &proto_pages, NULL},
    {11211, &proto_lines, NULL},   {0, NULL, NULL},
};

/* Echo, daytime, chargen, time, TACACS, DHCP and its kin, TFTP, NTP, NetBIOS, SNMP, QUIC, ISAKMP,
 * syslog, RIP, SSDP, STUN, CPFI, SIP; names in the local network (5353, 5355). */
const struct branch ports_udp[] = {
    {7, &proto_opaque, NULL},      {13, &proto_lines, NULL},      {19, &proto_opaque, NULL},
    {37, &proto_opaque, NULL},     {49, &proto_opaque, NULL},     {53, &proto_dns, NULL},
    {67, &proto_opaque, NULL},     {68, &proto_opaque, NULL},     {69, &proto_opaque, NULL},
    {123, &proto_opaque, NULL},    {137, &proto_opaque, NULL},    {161, &proto_opaque, NULL},
    {162, &proto_opaque, NULL},    {443, &proto_opaque, NULL},    {500, &proto_opaque, NULL},
    {514, &proto_lines, NULL},     {520, &proto_opaque, NULL},    {546, &proto_opaque, NULL},
    {547, &proto_opaque, NULL},    {1900, &proto_lines, NULL},    {3478, &proto_opaque, NULL},
    {5001, &proto_opaque, NULL},   {5060, &proto_lines, NULL},    {5353, &proto_opaque, NULL},
    {5355, &proto_opaque, NULL},   {0, NULL, NULL},
};
