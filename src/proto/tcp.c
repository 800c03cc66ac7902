/* tcp.c: the Transmission Control Protocol (RFC 9293). */
#include <loopcraft/format.h>
#include <loopcraft/proto.h>

#include "ports.h"
#include "tcp_options.h"

static const struct field tcp_fields[] = {
    {.name = "tcp.srcport", .label = "Source port", .bit = 0, .bits = 16, .role = ROLE_SOURCE,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1", .means = "the program it comes from"},
    {.name = "tcp.dstport", .label = "Destination port", .bit = 16, .bits = 16,
     .role = ROLE_DESTINATION, .format = &format_decimal, .rfc = "RFC 9293, 3.1",
     .means = "the program it goes to"},
    {.name = "tcp.seq_raw", .label = "Sequence number", .bit = 32, .bits = 32, .brief = true,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1",
     .means = "number of its first byte; SYN, FIN count as one"},
    {.name = "tcp.seq", .label = "Sequence number", .bit = 32, .bits = 32, .role = ROLE_ALSO,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1",
     .means = "the same; Wireshark likes to count it from 0"},
    {.name = "tcp.ack_raw", .label = "Acknowledgment number", .bit = 64, .bits = 32, .brief = true,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1",
     .means = "the byte it expects next; counts only with ACK"},
    {.name = "tcp.ack", .label = "Acknowledgment number", .bit = 64, .bits = 32, .role = ROLE_ALSO,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1",
     .means = "the same; Wireshark likes to count it from 0"},
    {.name = "tcp.hdr_len", .label = "Data offset", .bit = 96, .bits = 4, .scale = 4,
     .role = ROLE_HEADER_LENGTH, .format = &format_part, .rfc = "RFC 9293, 3.1",
     .means = "bytes of this header, counted in fours"},
    {.name = "tcp.flags", .label = "Flags", .bit = 100, .bits = 12, .role = ROLE_GROUP,
     .brief = true, .format = &format_flags, .rfc = "RFC 9293, 3.1",
     .means = "what this segment is for"},
    {.name = "tcp.flags.res", .label = "RES", .bit = 100, .bits = 3, .role = ROLE_RESERVED,
     .format = &format_flag, .rfc = "RFC 9293, 3.1", .means = "reserved, always 0"},
    {.name = "tcp.flags.ae", .label = "AE", .bit = 103, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9768, 3.1", .means = "accurate ECN: helps to count congestion marks"},
    {.name = "tcp.flags.cwr", .label = "CWR", .bit = 104, .bits = 1, .format = &format_flag,
     .rfc = "RFC 3168, 6.1", .means = "congestion window reduced: I slowed down"},
    {.name = "tcp.flags.ece", .label = "ECE", .bit = 105, .bits = 1, .format = &format_flag,
     .rfc = "RFC 3168, 6.1", .means = "ECN echo: you met a full router; slow down"},
    {.name = "tcp.flags.urg", .label = "URG", .bit = 106, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.8.5", .means = "the urgent pointer below counts"},
    {.name = "tcp.flags.ack", .label = "ACK", .bit = 107, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.4", .means = "the acknowledgment number above counts"},
    {.name = "tcp.flags.push", .label = "PSH", .bit = 108, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.9.1.2", .means = "hand the data to the program now"},
    {.name = "tcp.flags.reset", .label = "RST", .bit = 109, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.5.2", .means = "reset: no such connection, or it ends at once"},
    {.name = "tcp.flags.syn", .label = "SYN", .bit = 110, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.5", .means = "opens a connection: here my numbers start"},
    {.name = "tcp.flags.fin", .label = "FIN", .bit = 111, .bits = 1, .format = &format_flag,
     .rfc = "RFC 9293, 3.6", .means = "I have no more data to send"},
    {.name = "tcp.flags.str", .label = "Letters", .bit = 100, .bits = 12, .role = ROLE_ALSO,
     .format = &format_flag_letters, .rfc = "RFC 9293, 3.1",
     .means = "the flags as letters, a dot where one is not set"},
    {.name = "tcp.window_size_value", .label = "Window", .bit = 112, .bits = 16, .brief = true,
     .format = &format_decimal, .rfc = "RFC 9293, 3.1; RFC 7323, 2",
     .means = "room for data at its end, before scaling"},
    {.name = "tcp.checksum", .label = "Checksum", .bit = 128, .bits = 16, .role = ROLE_CHECKSUM,
     .format = &format_hex, .rfc = "RFC 9293, 3.1",
     .means = "shows when a bit of it or the addresses flipped"},
    {.name = "tcp.urgent_pointer", .label = "Urgent pointer", .bit = 144, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 9293, 3.8.5",
     .means = "where urgent data ends; counts only with URG"},
};

static const struct field tcp_payload = {
    .name = "tcp.payload", .label = "Payload", .role = ROLE_ALSO, .format = &format_bytes,
    .rfc = "RFC 9293, 3.1", .means = "the bytes of the stream that it carries"};

const struct record proto_tcp = {
    .name = "tcp", .title = "TCP", .layer = LAYER_TRANSPORT, .unit = "segment", .size = 20,
    .fields = tcp_fields, .field_count = sizeof tcp_fields / sizeof tcp_fields[0],
    .options = &tcp_options, .ports = ports_tcp, .starts = starts_tcp, .rest = &proto_data,
    .payload = &tcp_payload, .sum = SUM_PSEUDO,
    .protocol = 6, .word = "tcp", .rfc = "RFC 9293, 3.1",
    .means = "carries a stream of bytes to a program, all of it, in order",
};
