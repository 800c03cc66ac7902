/*
 * tcp_mptcp.c: Multipath TCP's option (RFC 8684, 3): what Linux says to itself on one path. By
 * length, subtype and flags it has other rows; of the rest Wireshark's names are not here.
 */
#include "tcp_options.h"

#include <loopcraft/format.h>

static const struct term subtypes[] = {
    {0, "MP_CAPABLE", "let us use several paths"},
    {1, "MP_JOIN", "this is another path of a connection that exists"},
    {2, "DSS", "where the data belongs in the whole stream"},
    {3, "ADD_ADDR", "I can also be reached there"},
    {4, "REMOVE_ADDR", "I can no longer be reached there"},
    {5, "MP_PRIO", "how much this path is to be used"},
    {6, "MP_FAIL", "this path damages the data"},
    {7, "MP_FASTCLOSE", "the whole connection ends at once"},
    {8, "MP_TCPRST", "why this path ends"},
    {0, NULL, NULL},
};

#define START_ROWS                                                                                \
    {.name = "tcp.option_kind", .label = "Kind", .bit = 0, .bits = 8, .role = ROLE_KIND,          \
     .format = &format_decimal, .terms = tcp_option_kinds, .rfc = "RFC 9293, 3.1",                \
     .means = "which option this is"},                                                            \
    {.name = "tcp.option_len", .label = "Length", .bit = 8, .bits = 8,                            \
     .role = ROLE_OPTION_LENGTH, .format = &format_decimal, .rfc = "RFC 9293, 3.1",               \
     .means = "bytes of this option, kind and length included"},                                  \
    {.name = "tcp.options.mptcp.subtype", .label = "Subtype", .bit = 16, .bits = 4,               \
     .format = &format_decimal, .terms = subtypes, .rfc = "RFC 8684, 3",                          \
     .means = "what it says about the connection's other paths"}
#define FLAGS_ROW                                                                                 \
    {.name = "tcp.options.mptcp.flags", .label = "Flags", .bit = 24, .bits = 8,                   \
     .role = ROLE_GROUP, .format = &format_hex, .rfc = "RFC 8684, 3", .means = "by the subtype"}
#define NUMBER_ROW(name_, label_, bit_, bits_, section, means_)                                   \
    {.name = "tcp.options.mptcp." name_, .label = label_, .bit = bit_, .bits = bits_,             \
     .format = &format_decimal, .rfc = "RFC 8684, " section, .means = means_}
#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

/* --- MP_CAPABLE, version 1: in the SYN, the SYN-ACK, the ACK, and with the first data --------- */

#define CAPABLE_ROWS                                                                              \
    START_ROWS,                                                                                   \
    NUMBER_ROW("version", "Version", 20, 4, "3.1", "of Multipath TCP"),                           \
    FLAGS_ROW,                                                                                    \
    NUMBER_ROW("checksumreq.flags", "A", 24, 1, "3.1", "the data is to have checksums"),          \
    NUMBER_ROW("extensibility.flag", "B", 25, 1, "3.1", "always 0"),                              \
    NUMBER_ROW("nomoresubflows.flag", "C", 26, 1, "3.1", "open no more paths to this address"),   \
    {.name = "tcp.options.mptcp.reserved.flag", .label = "Reserved", .bit = 27, .bits = 4,        \
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 8684, 3.1", .means = "always 0"},  \
    NUMBER_ROW("sha256.flag", "H", 31, 1, "3.1", "keys are proved by HMAC-SHA256")
#define SENDER_ROW NUMBER_ROW("sendkey", "Sender's key", 32, 64, "3.1", "names the connection")
#define RECEIVER_ROW NUMBER_ROW("recvkey", "Receiver's key", 96, 64, "3.1", "the other end's key")
#define CAPABLE_LENGTH_ROW                                                                        \
    NUMBER_ROW("datalvllen", "Data length", 160, 16, "3.1", "data bytes that it is about")
#define CAPABLE(name_, size_, ...)                                                                \
    static const struct field name_##_rows[] = {__VA_ARGS__};                                     \
    static const struct record name_ = {                                                          \
        .title = "Multipath TCP", .layer = LAYER_PART, .size = size_, .fields = name_##_rows,     \
        .field_count = COUNT(name_##_rows), .rfc = "RFC 8684, 3.1",                               \
        .means = "let us use several paths, such as Wi-Fi and mobile"}

CAPABLE(capable_syn, 4, CAPABLE_ROWS);
CAPABLE(capable_syn_ack, 12, CAPABLE_ROWS, SENDER_ROW);
CAPABLE(capable_ack, 20, CAPABLE_ROWS, SENDER_ROW, RECEIVER_ROW);
CAPABLE(capable_data, 22, CAPABLE_ROWS, SENDER_ROW, RECEIVER_ROW, CAPABLE_LENGTH_ROW);

/* --- DSS: where the data belongs in the stream of all paths ------------------------------- */

#define SIGNAL_ROWS                                                                               \
    START_ROWS,                                                                                   \
    {.label = "Reserved", .bit = 20, .bits = 4, .role = ROLE_RESERVED, .format = &format_hex,     \
     .rfc = "RFC 8684, 3.3", .means = "always 0"},                                                \
    FLAGS_ROW,                                                                                    \
    {.label = "Reserved", .bit = 24, .bits = 3, .role = ROLE_RESERVED, .format = &format_hex,     \
     .rfc = "RFC 8684, 3.3", .means = "always 0"},                                                \
    NUMBER_ROW("datafin.flag", "F", 27, 1, "3.3", "the end of the whole stream"),                 \
    NUMBER_ROW("dseqn8.flag", "m", 28, 1, "3.3", "the data's number has 8 bytes"),                \
    NUMBER_ROW("dseqnpresent.flag", "M", 29, 1, "3.3", "says where its data belongs"),            \
    NUMBER_ROW("dataack8.flag", "a", 30, 1, "3.3", "the acknowledgment has 8 bytes"),             \
    NUMBER_ROW("dataackpresent.flag", "A", 31, 1, "3.3", "acknowledges the whole stream"),        \
    NUMBER_ROW("rawdataack", "Data ACK", 32, 64, "3.3.2", "the byte of it expected next")
static const struct field signal_ack_rows[] = {SIGNAL_ROWS};
static const struct record signal_ack = {
    .title = "Multipath TCP", .layer = LAYER_PART, .size = 12, .fields = signal_ack_rows,
    .field_count = COUNT(signal_ack_rows), .rfc = "RFC 8684, 3.3",
    .means = "what arrived of the whole stream",
};
static const struct field signal_data_rows[] = {
    SIGNAL_ROWS,
    NUMBER_ROW("rawdataseqno", "Data number", 96, 64, "3.3.1", "where its data belongs in it"),
    NUMBER_ROW("subflowseqno", "Path number", 160, 32, "3.3.1", "and where in this path"),
    NUMBER_ROW("datalvllen", "Data length", 192, 16, "3.3.1", "data bytes that it is about"),
};
static const struct record signal_data = {
    .title = "Multipath TCP", .layer = LAYER_PART, .size = 26, .fields = signal_data_rows,
    .field_count = COUNT(signal_data_rows), .rfc = "RFC 8684, 3.3",
    .means = "where the data belongs in the whole stream",
};

/* --- which of them ------------------------------------------------------------------- */

/* Length, subtype and version; length, subtype, 0 and flags. */
#define CAPABLE_OF(len, to) {8, 16, (len) << 8 | 0x01, (len) << 8 | 0x01, &(to), false}
#define SIGNAL_OF(len, flags, to)                                                                 \
    {8, 24, (len) << 16 | 0x2000 | (flags), (len) << 16 | 0x2000 | (flags), &(to), false}
static const struct choice kinds[] = {
    CAPABLE_OF(4, capable_syn), CAPABLE_OF(12, capable_syn_ack),
    CAPABLE_OF(20, capable_ack), CAPABLE_OF(22, capable_data),
    SIGNAL_OF(12, 0x03, signal_ack), SIGNAL_OF(26, 0x0f, signal_data),
    SIGNAL_OF(26, 0x1f, signal_data), {.record = NULL},
};

static const struct field other_rows[] = {
    START_ROWS,
    {.label = "Rest", .bit = 20, .bits = 12, .format = &format_hex, .rfc = "RFC 8684, 3",
     .means = "version and flags, by the subtype"},
    {.label = "Data", .bit = 32, .bits = 0, .format = &format_bytes, .rfc = "RFC 8684, 3",
     .means = "keys and numbers, by the subtype"},
};
const struct record tcp_mptcp = {
    .title = "Multipath TCP", .layer = LAYER_PART, .size = 4, .fields = other_rows,
    .field_count = COUNT(other_rows), .instead = kinds, .rfc = "RFC 8684, 3",
    .means = "spreads one connection over several paths, such as Wi-Fi and mobile",
};
