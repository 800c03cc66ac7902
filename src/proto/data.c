/* data.c: bytes that no table describes: what an application sent. */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

static const struct field data_fields[] = {
    {.name = "data.data", .label = "Data", .format = &format_bytes, .rfc = "-",
     .means = "what is carried; no table looks into it"},
};

const struct record proto_data = {
    .name = "data", .title = "Data", .layer = LAYER_APPLICATION, .unit = "message",
    .fields = data_fields, .field_count = 1,
    .word = "data", .rfc = "-", .means = "the bytes that the layers below were asked to carry",
};

/* A fragment behind the first has no header of what was cut (RFC 791, 3.2; RFC 8200, 4.5). */
static const struct field piece_fields[] = {
    {.name = "data.data", .label = "Data", .format = &format_bytes, .rfc = "RFC 791, 3.2",
     .means = "its header stood in the first fragment"},
};

const struct record proto_piece = {
    .name = "data", .title = "Later fragment", .layer = LAYER_TRANSPORT, .unit = "piece",
    .fields = piece_fields, .field_count = 1, .rfc = "RFC 791, 3.2",
    .means = "the transport header is in the first fragment alone",
};

/* Wireshark's name would not be "data" here. */
static const struct field opaque_fields[] = {
    {.label = "Data", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "-",
     .means = "not looked into: it has no table"},
};

const struct record proto_opaque = {
    .title = "Data", .layer = LAYER_APPLICATION, .unit = "message", .fields = opaque_fields,
    .field_count = 1, .rfc = "-", .means = "what has no table here",
};
