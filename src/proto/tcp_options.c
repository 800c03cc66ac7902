/* tcp_options.c: the options behind a TCP header: kind, then for most a length, then values. */
#include "tcp_options.h"

#include <loopcraft/format.h>

/* The two rows that options begin with. (A static table can't call a function.) */
#define KIND_ROW                                                                                  \
    {.name = "tcp.option_kind", .label = "Kind", .bit = 0, .bits = 8, .role = ROLE_KIND,          \
     .format = &format_decimal, .terms = tcp_option_kinds, .rfc = "RFC 9293, 3.1",                \
     .means = "which option this is"}
#define LENGTH_ROW                                                                                \
    {.name = "tcp.option_len", .label = "Length", .bit = 8, .bits = 8,                            \
     .role = ROLE_OPTION_LENGTH, .format = &format_decimal, .rfc = "RFC 9293, 3.1",               \
     .means = "bytes of this option, kind and length included"}

const struct term tcp_option_kinds[] = {
    {0, "EOL", "end of the options"},
    {1, "NOP", "fills a byte"},
    {2, "MSS", "maximum segment size"},
    {3, "Window scale", "makes windows above 65535 possible"},
    {4, "SACK permitted", "may report gaps in what arrived"},
    {5, "SACK", "reports what arrived behind a gap"},
    {8, "Timestamps", "measures the time to the other end and back"},
    {19, "MD5", "signs the segment"},
    {28, "User timeout", "how long to keep trying"},
    {29, "TCP-AO", "signs the segment, better than MD5"},
    {30, "MPTCP", "one connection over several paths"},
    {34, "Fast open", "data with the SYN"},
    {253, "Experiment", "not in the standard"},
    {254, "Experiment", "not in the standard"},
    {0, NULL, NULL},
};

static const struct field eol_fields[] = {KIND_ROW};
static const struct record tcp_eol = {
    .name = "tcp.options.eol", .title = "End of options", .layer = LAYER_PART, .size = 1,
    .fields = eol_fields, .field_count = 1, .word = "eol", .rfc = "RFC 9293, 3.2",
    .means = "no more options; what follows is padding",
};

static const struct field nop_fields[] = {KIND_ROW};
static const struct record tcp_nop = {
    .name = "tcp.options.nop", .title = "No operation", .layer = LAYER_PART, .size = 1,
    .fields = nop_fields, .field_count = 1, .word = "nop", .rfc = "RFC 9293, 3.2",
    .means = "fills a byte so that the next option lies well",
};

static const struct field mss_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.mss_val", .label = "MSS", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 9293, 3.7.1",
     .means = "send me at most this many data bytes a segment"},
};
static const struct record tcp_mss = {
    .name = "tcp.options.mss", .title = "Maximum segment size", .layer = LAYER_PART, .size = 4,
    .fields = mss_fields, .field_count = 3, .word = "mss", .rfc = "RFC 9293, 3.2",
    .means = "the largest segment I can take; only in a SYN",
};

static const struct field wscale_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.wscale.shift", .label = "Shift", .bit = 16, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 7323, 2.2",
     .means = "how often to double my later windows; 14 at most"},
    {.name = "tcp.options.wscale.multiplier", .label = "Multiplier", .bit = 16, .bits = 8,
     .role = ROLE_ALSO, .format = &format_power, .rfc = "RFC 7323, 2.2",
     .means = "what to multiply my later windows by"},
};
static const struct record tcp_wscale = {
    .name = "tcp.options.wscale", .title = "Window scale", .layer = LAYER_PART, .size = 3,
    .fields = wscale_fields, .field_count = 4, .word = "wscale", .rfc = "RFC 7323, 2.2",
    .means = "windows above 65535 bytes; only in a SYN",
};

static const struct field sack_perm_fields[] = {KIND_ROW, LENGTH_ROW};
static const struct record tcp_sack_perm = {
    .name = "tcp.options.sack_perm", .title = "SACK permitted", .layer = LAYER_PART, .size = 2,
    .fields = sack_perm_fields, .field_count = 2, .word = "sackok", .rfc = "RFC 2018, 2",
    .means = "you may tell me about gaps; only in a SYN",
};

static const struct field sack_edges[] = {
    {.name = "tcp.options.sack_le", .label = "Left edge", .bit = 0, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 2018, 3",
     .means = "the first byte of a block that did arrive"},
    {.name = "tcp.options.sack_re", .label = "Right edge", .bit = 32, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 2018, 3",
     .means = "the first byte behind that block"},
};
static const struct record tcp_sack_block = {
    .title = "SACK block", .layer = LAYER_PART, .size = 8, .fields = sack_edges, .field_count = 2,
    .rfc = "RFC 2018, 3", .means = "one block of data that arrived behind a gap",
};
static const struct field sack_fields[] = {KIND_ROW, LENGTH_ROW};
static const struct record tcp_sack = {
    .name = "tcp.options.sack", .title = "SACK", .layer = LAYER_PART, .size = 2,
    .fields = sack_fields, .field_count = 2, .repeat = &tcp_sack_block, .word = "sack",
    .rfc = "RFC 2018, 3", .means = "what arrived behind a gap: send only the gap",
};

static const struct field timestamp_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.timestamp.tsval", .label = "TSval", .bit = 16, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 7323, 3.2", .means = "my clock when I sent this"},
    {.name = "tcp.options.timestamp.tsecr", .label = "TSecr", .bit = 48, .bits = 32,
     .format = &format_decimal, .rfc = "RFC 7323, 3.2",
     .means = "your clock as I saw it last; 0 in a SYN"},
};
static const struct record tcp_timestamp = {
    .name = "tcp.options.timestamp", .title = "Timestamps", .layer = LAYER_PART, .size = 10,
    .fields = timestamp_fields, .field_count = 4, .word = "ts", .rfc = "RFC 7323, 3.2",
    .means = "measures the time to the other end and back",
};

static const struct field md5_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.md5.digest", .label = "Digest", .bit = 16, .bits = 128,
     .format = &format_bytes, .rfc = "RFC 2385, 3.0",
     .means = "shows that its sender knows the password"},
};
static const struct record tcp_md5 = {
    .name = "tcp.options.md5", .title = "MD5 signature", .layer = LAYER_PART, .size = 18,
    .fields = md5_fields, .field_count = 3, .word = "md5", .rfc = "RFC 2385, 3.0",
    .means = "signs the segment, so that nobody else can reset the connection",
};

static const struct field fast_open_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.tfo.cookie", .label = "Cookie", .bit = 16, .bits = 0,
     .format = &format_bytes, .rfc = "RFC 7413, 4.1.1",
     .means = "shows that this client was here before"},
};
static const struct record tcp_fast_open = {
    .name = "tcp.options.tfo", .title = "Fast open", .layer = LAYER_PART, .size = 2,
    .fields = fast_open_fields, .field_count = 3, .word = "tfo", .rfc = "RFC 7413, 4.1.1",
    .means = "lets data travel with the SYN; without a cookie it asks for one",
};

static const struct field user_timeout_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.user_to_granularity", .label = "Minutes", .bit = 16, .bits = 1,
     .word = 2, .format = &format_flag, .rfc = "RFC 5482",
     .means = "set: the timeout is in minutes; not set: in seconds"},
    {.name = "tcp.options.user_to_val", .label = "Timeout", .bit = 17, .bits = 15, .word = 2,
     .format = &format_decimal, .rfc = "RFC 5482",
     .means = "how long I keep trying when nothing comes back"},
};
static const struct record tcp_user_timeout = {
    .name = "tcp.options.user_to", .title = "User timeout", .layer = LAYER_PART, .size = 4,
    .fields = user_timeout_fields, .field_count = 4, .word = "uto", .rfc = "RFC 5482",
    .means = "how long the sender keeps a connection that has gone silent",
};

static const struct field ao_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.ao.keyid", .label = "Key", .bit = 16, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 5925, 2.2", .means = "which key signed this"},
    {.name = "tcp.options.ao.rnextkeyid", .label = "Next key", .bit = 24, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 5925, 2.2", .means = "which key you shall sign with"},
    {.name = "tcp.options.ao.mac", .label = "MAC", .bit = 32, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 5925, 2.2", .means = "shows that the sender knows that key"},
};
static const struct record tcp_ao = {
    .name = "tcp.options.ao", .title = "Authentication (TCP-AO)", .layer = LAYER_PART, .size = 4,
    .fields = ao_fields, .field_count = 5, .word = "ao", .rfc = "RFC 5925, 2.2",
    .means = "signs the segment, so that nobody else can reset the connection",
};

static const struct field experiment_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.experimental.exid", .label = "Experiment", .bit = 16, .bits = 16,
     .format = &format_hex, .rfc = "RFC 6994, 3", .means = "which experiment this is"},
    {.name = "tcp.options.experimental.data", .label = "Data", .bit = 32, .bits = 0,
     .format = &format_bytes, .rfc = "RFC 6994, 3", .means = "what the experiment says"},
};
/* Fast open was this experiment before it had a number of its own (RFC 7413, 4.1.1). */
static const struct field early_fast_open_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.experimental.exid", .label = "Experiment", .bit = 16, .bits = 16,
     .format = &format_hex, .rfc = "RFC 6994, 3", .means = "which experiment this is"},
    {.name = "tcp.options.tfo.cookie", .label = "Cookie", .bit = 32, .bits = 0,
     .format = &format_bytes, .rfc = "RFC 7413, 4.1.1",
     .means = "shows that this client was here before"},
};
static const struct record tcp_early_fast_open = {
    .name = "tcp.options.experimental", .title = "Fast open", .layer = LAYER_PART, .size = 4,
    .fields = early_fast_open_fields, .field_count = 4, .rfc = "RFC 7413, 4.1.1",
    .means = "fast open, by its former number",
};
static const struct choice experiments[] = {
    {16, 16, 0xf989, 0xf989, &tcp_early_fast_open, false}, {.record = NULL}};
static const struct record tcp_experiment = {
    .name = "tcp.options.experimental", .title = "Experiment", .layer = LAYER_PART, .size = 4,
    .fields = experiment_fields, .field_count = 4, .instead = experiments, .rfc = "RFC 6994, 3",
    .means = "an option that is being tried out",
};

static const struct field unknown_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.name = "tcp.options.unknown.payload", .label = "Data", .bit = 16, .bits = 0,
     .format = &format_bytes, .rfc = "RFC 9293, 3.1", .means = "what the option says"},
};
static const struct record tcp_unknown = {
    .name = "tcp.options.unknown", .title = "Unknown option", .layer = LAYER_PART, .size = 2,
    .fields = unknown_fields, .field_count = 3, .rfc = "RFC 9293, 3.1",
    .means = "an option that this table does not name; receivers skip what they do not know",
};

/* Options that Wireshark knows by other names than "unknown", and this table by none. */
static const struct field rare_fields[] = {
    KIND_ROW,
    LENGTH_ROW,
    {.label = "Data", .bit = 16, .bits = 0, .format = &format_bytes, .rfc = "RFC 9293, 3.1",
     .means = "what the option says"},
};
static const struct record tcp_rare = {
    .title = "Rare option", .layer = LAYER_PART, .size = 2, .fields = rare_fields,
    .field_count = 3, .rfc = "IANA, TCP Option Kind Numbers",
    .means = "an option that is hardly ever used",
};

static const struct branch tcp_option_records[] = {
    {0, &tcp_eol, NULL},         {1, &tcp_nop, NULL},        {2, &tcp_mss, NULL},
    {3, &tcp_wscale, NULL},      {4, &tcp_sack_perm, NULL},  {5, &tcp_sack, NULL},
    {6, &tcp_rare, NULL},        {7, &tcp_rare, NULL},       {8, &tcp_timestamp, NULL},
    {11, &tcp_rare, NULL},       {12, &tcp_rare, NULL},      {13, &tcp_rare, NULL},
    {19, &tcp_md5, NULL},        {20, &tcp_rare, NULL},      {21, &tcp_rare, NULL},
    {22, &tcp_rare, NULL},       {23, &tcp_rare, NULL},      {27, &tcp_rare, NULL},
    {28, &tcp_user_timeout, NULL}, {29, &tcp_ao, NULL},      {30, &tcp_mptcp, NULL},
    {34, &tcp_fast_open, NULL},  {69, &tcp_rare, NULL},      {76, &tcp_rare, NULL},
    {78, &tcp_rare, NULL},       {172, &tcp_rare, NULL},     {174, &tcp_rare, NULL},
    {253, &tcp_experiment, NULL}, {254, &tcp_experiment, NULL}, {0, NULL, NULL},
};

const struct options tcp_options = {
    .area = {.name = "tcp.options", .label = "Options", .role = ROLE_GROUP,
             .format = &format_bytes, .rfc = "RFC 9293, 3.1",
             .means = "what the ends can do, beyond the fixed header"},
    .kinds = tcp_option_records, .unknown = &tcp_unknown, .end = 0,
};
