/* dns_records.c: questions and resource records in DNS messages (RFC 1035, 3.2 and 4.1). */
#include "dns.h"

#include "dns_name.h"

#include <loopcraft/format.h>

static const struct term dns_types[] = {
    {1, "A", "an IPv4 address"},
    {2, "NS", "a server of the zone"},
    {5, "CNAME", "its real name"},
    {6, "SOA", "whose zone it is, and how old"},
    {10, "NULL", "anything"},
    {12, "PTR", "the name of an address"},
    {13, "HINFO", "what machine it is"},
    {15, "MX", "where its mail goes"},
    {16, "TXT", "text, for programs to read"},
    {28, "AAAA", "an IPv6 address"},
    {29, "LOC", "where on earth it is"},
    {33, "SRV", "where a service is"},
    {35, "NAPTR", "rules to make another name"},
    {39, "DNAME", "the real name of all below it"},
    {41, "OPT", "what the sender can do (EDNS)"},
    {43, "DS", "vouches for the keys below"},
    {46, "RRSIG", "a signature"},
    {47, "NSEC", "the next name: there is none between"},
    {48, "DNSKEY", "a key of the zone"},
    {50, "NSEC3", "the next name, hashed"},
    {52, "TLSA", "which certificate to expect"},
    {64, "SVCB", "where a service is, and how"},
    {65, "HTTPS", "where a web server is, and how"},
    {251, "IXFR", "what changed in the zone"},
    {252, "AXFR", "the whole zone"},
    {255, "ANY", "whatever there is"},
    {257, "CAA", "who may issue certificates"},
    {0, NULL, NULL},
};

static const struct term dns_classes[] = {
    {1, "IN", "the Internet"}, {3, "CH", "about the server itself"}, {4, "HS", "no longer in use"},
    {254, "NONE", "an update: remove it"}, {255, "ANY", "of all classes"}, {0, NULL, NULL},
};

/* A part that is one name. */
#define NAME_ROW(name_, label_, section, ...)                                                     \
    {.name = name_, .label = label_, .bit = 0, .bits = 0, .format = &format_dns_name,             \
     .rfc = section, __VA_ARGS__}
#define NAME_RECORD(title_, rows, section, means_)                                                \
    {.title = title_, .layer = LAYER_PART, .fields = rows,                                        \
     .field_count = sizeof rows / sizeof rows[0], .measure = dns_name_measure, .rfc = section,    \
     .means = means_}

/* --- a question ------------------------------------------------------------------- */

static const struct field asked_name_rows[] = {
    NAME_ROW("dns.qry.name", "Name", "RFC 1035, 4.1.2", .brief = true,
             .means = "the name that is asked about"),
    {.name = "dns.qry.name.len", .label = "Name length", .role = ROLE_ALSO,
     .format = &format_dns_name_length, .rfc = "RFC 1035, 4.1.2", .means = "its characters"},
    {.name = "dns.count.labels", .label = "Labels", .role = ROLE_ALSO,
     .format = &format_dns_labels, .rfc = "RFC 1035, 4.1.2", .means = "words between its dots"},
};
static const struct record asked_name =
    NAME_RECORD("Name", asked_name_rows, "RFC 1035, 4.1.2", "what is asked about");

static const struct field asked_fields[] = {
    {.name = "dns.qry.type", .label = "Type", .bit = 0, .bits = 16, .brief = true,
     .format = &format_decimal, .terms = dns_types, .rfc = "RFC 1035, 4.1.2",
     .means = "what is wanted of that name"},
    {.name = "dns.qry.class", .label = "Class", .bit = 16, .bits = 16, .format = &format_hex,
     .terms = dns_classes, .rfc = "RFC 1035, 4.1.2", .means = "1: the Internet"},
};
static const struct record asked = {
    .title = "Type and class", .layer = LAYER_PART, .size = 4, .fields = asked_fields,
    .field_count = 2, .rfc = "RFC 1035, 4.1.2", .means = "what is wanted of the name",
};

static const struct record *const question_parts[] = {&asked_name, &asked, NULL};
const struct record dns_question = {
    .title = "Question", .layer = LAYER_PART, .parts = question_parts, .rfc = "RFC 1035, 4.1.2",
    .means = "asks for one kind of record of a name",
};

/* --- what a record says, by its type ------------------------------------------------ */

static const struct field a_rows[] = {
    {.name = "dns.a", .label = "Address", .bit = 0, .bits = 32, .format = &format_ipv4,
     .rfc = "RFC 1035, 3.4.1", .means = "the name's IPv4 address"}};
static const struct record rdata_a = {
    .title = "A", .layer = LAYER_PART, .size = 4, .fields = a_rows, .field_count = 1,
    .rfc = "RFC 1035, 3.4.1", .means = "an IPv4 address"};

static const struct field aaaa_rows[] = {
    {.name = "dns.aaaa", .label = "Address", .bit = 0, .bits = 128, .format = &format_ipv6,
     .rfc = "RFC 3596, 2.2", .means = "the name's IPv6 address"}};
static const struct record rdata_aaaa = {
    .title = "AAAA", .layer = LAYER_PART, .size = 16, .fields = aaaa_rows, .field_count = 1,
    .rfc = "RFC 3596, 2.2", .means = "an IPv6 address"};

static const struct field ns_rows[] = {
    NAME_ROW("dns.ns", "Server", "RFC 1035, 3.3.11", .means = "a server that knows the zone")};
static const struct record rdata_ns =
    NAME_RECORD("NS", ns_rows, "RFC 1035, 3.3.11", "a server of the zone");

static const struct field cname_rows[] = {
    NAME_ROW("dns.cname", "Real name", "RFC 1035, 3.3.1", .means = "the name to ask for instead")};
static const struct record rdata_cname =
    NAME_RECORD("CNAME", cname_rows, "RFC 1035, 3.3.1", "its real name");

static const struct field ptr_rows[] = {
    NAME_ROW("dns.ptr.domain_name", "Name", "RFC 1035, 3.3.12", .means = "the address's name")};
static const struct record rdata_ptr =
    NAME_RECORD("PTR", ptr_rows, "RFC 1035, 3.3.12", "the name of an address");

static const struct field mx_name_rows[] = {
    NAME_ROW("dns.mx.mail_exchange", "Mail server", "RFC 1035, 3.3.9",
             .means = "the machine that takes the mail")};
static const struct record mx_name =
    NAME_RECORD("Mail server", mx_name_rows, "RFC 1035, 3.3.9", "where the mail goes");
static const struct record *const mx_parts[] = {&mx_name, NULL};
static const struct field mx_rows[] = {
    {.name = "dns.mx.preference", .label = "Preference", .bit = 0, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 1035, 3.3.9", .means = "the lowest is tried first"}};
static const struct record rdata_mx = {
    .title = "MX", .layer = LAYER_PART, .size = 2, .fields = mx_rows, .field_count = 1,
    .parts = mx_parts, .rfc = "RFC 1035, 3.3.9", .means = "where mail for the name goes"};

static const struct field target_rows[] = {
    NAME_ROW("dns.srv.target", "Target", "RFC 2782", .means = "the machine that offers it")};
static const struct record srv_target =
    NAME_RECORD("Target", target_rows, "RFC 2782", "the machine that offers it");
static const struct record *const srv_parts[] = {&srv_target, NULL};
static const struct field srv_rows[] = {
    {.name = "dns.srv.priority", .label = "Priority", .bit = 0, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 2782", .means = "the lowest is tried first"},
    {.name = "dns.srv.weight", .label = "Weight", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 2782", .means = "its share among equals"},
    {.name = "dns.srv.port", .label = "Port", .bit = 32, .bits = 16, .format = &format_decimal,
     .rfc = "RFC 2782", .means = "the port to connect to"}};
static const struct record rdata_srv = {
    .title = "SRV", .layer = LAYER_PART, .size = 6, .fields = srv_rows, .field_count = 3,
    .parts = srv_parts, .rfc = "RFC 2782", .means = "where a service is"};

static const struct field mname_rows[] = {
    NAME_ROW("dns.soa.mname", "Main server", "RFC 1035, 3.3.13",
             .means = "the server that changes are made on")};
static const struct record soa_mname =
    NAME_RECORD("Main server", mname_rows, "RFC 1035, 3.3.13", "where changes are made");
static const struct field rname_rows[] = {
    NAME_ROW("dns.soa.rname", "Mailbox", "RFC 1035, 3.3.13",
             .means = "who is responsible; the first dot is an @")};
static const struct record soa_rname =
    NAME_RECORD("Mailbox", rname_rows, "RFC 1035, 3.3.13", "who is responsible");
#define SOA_ROW(name_, label_, bit_, means_)                                                      \
    {.name = "dns.soa." name_, .label = label_, .bit = bit_, .bits = 32,                          \
     .format = &format_decimal, .rfc = "RFC 1035, 3.3.13", .means = means_}
static const struct field soa_rows[] = {
    SOA_ROW("serial_number", "Serial", 0, "grows when the zone changes"),
    SOA_ROW("refresh_interval", "Refresh", 32, "seconds until a copy asks for changes"),
    SOA_ROW("retry_interval", "Retry", 64, "seconds until it asks again after a failure"),
    SOA_ROW("expire_limit", "Expire", 96, "seconds until a copy is too old to be used"),
    SOA_ROW("minimum_ttl", "Minimum", 128, "seconds to remember that a name is not there"),
};
static const struct record soa_numbers = {
    .title = "Numbers", .layer = LAYER_PART, .size = 20, .fields = soa_rows, .field_count = 5,
    .rfc = "RFC 1035, 3.3.13", .means = "how long copies of the zone are good"};
static const struct record *const soa_parts[] = {&soa_mname, &soa_rname, &soa_numbers, NULL};
static const struct record rdata_soa = {
    .title = "SOA", .layer = LAYER_PART, .parts = soa_parts, .rfc = "RFC 1035, 3.3.13",
    .means = "whose zone it is, and how old"};

static const struct field text_rows[] = {
    {.name = "dns.txt", .label = "Text", .bit = 0, .bits = 0, .format = &format_string,
     .rfc = "RFC 1035, 3.3.14", .means = "text, for programs to read"}};
static const struct record txt_text = {
    .title = "Text", .layer = LAYER_PART, .fields = text_rows, .field_count = 1,
    .rfc = "RFC 1035, 3.3.14", .means = "text, for programs to read"};
static const struct record *const txt_parts[] = {&txt_text, NULL};
static const struct field txt_rows[] = {
    {.name = "dns.txt.length", .label = "Length", .bit = 0, .bits = 8, .role = ROLE_BODY_LENGTH,
     .format = &format_decimal, .rfc = "RFC 1035, 3.3.14", .means = "bytes of the text"}};
static const struct record txt_string = {
    .title = "String", .layer = LAYER_PART, .size = 1, .fields = txt_rows, .field_count = 1,
    .parts = txt_parts, .rfc = "RFC 1035, 3.3.14", .means = "one piece of text"};
static const struct record rdata_txt = {
    .title = "TXT", .layer = LAYER_PART, .repeat = &txt_string, .rfc = "RFC 1035, 3.3.14",
    .means = "text, for programs to read"};

static const struct field null_rows[] = {
    {.name = "dns.null", .label = "Data", .bit = 0, .bits = 0, .format = &format_bytes,
     .rfc = "RFC 1035, 3.3.10", .means = "anything at all"}};
static const struct record rdata_null = {
    .title = "NULL", .layer = LAYER_PART, .fields = null_rows, .field_count = 1,
    .rfc = "RFC 1035, 3.3.10", .means = "anything at all"};

static const struct field rdata_rows[] = {
    {.label = "Data", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 1035, 3.2.1",
     .means = "what the record says, not looked into"}};
static const struct record rdata_other = {
    .title = "Data", .layer = LAYER_PART, .fields = rdata_rows, .field_count = 1,
    .rfc = "RFC 1035, 3.2.1", .means = "a record of a type that has no table"};

static const struct branch rdata_records[] = {
    {1, &rdata_a, NULL},     {2, &rdata_ns, NULL},   {5, &rdata_cname, NULL},
    {6, &rdata_soa, NULL},   {10, &rdata_null, NULL}, {12, &rdata_ptr, NULL},
    {15, &rdata_mx, NULL},   {16, &rdata_txt, NULL}, {28, &rdata_aaaa, NULL},
    {33, &rdata_srv, NULL},  {0, NULL, NULL},
};

/* --- the record that says what the sender can do: no name, no class, no time ------------ */

static const struct field opt_rows[] = {
    {.name = "dns.resp.type", .label = "Type", .bit = 0, .bits = 16, .format = &format_decimal,
     .terms = dns_types, .rfc = "RFC 6891, 6.1.2", .means = "41: no record, but an extension"},
    {.name = "dns.rr.udp_payload_size", .label = "UDP size", .bit = 16, .bits = 16,
     .format = &format_decimal, .rfc = "RFC 6891, 6.1.2",
     .means = "bytes of the largest answer it takes by UDP"},
    {.name = "dns.resp.ext_rcode", .label = "Reply code", .bit = 32, .bits = 8,
     .format = &format_hex, .rfc = "RFC 6891, 6.1.3", .means = "more bits of the reply code"},
    {.name = "dns.resp.edns0_version", .label = "Version", .bit = 40, .bits = 8,
     .format = &format_decimal, .rfc = "RFC 6891, 6.1.3", .means = "of this extension: 0"},
    {.name = "dns.resp.z", .label = "Flags", .bit = 48, .bits = 16, .role = ROLE_GROUP,
     .format = &format_flags, .rfc = "RFC 6891, 6.1.3", .means = "one flag so far"},
    {.name = "dns.resp.z.do", .label = "DO", .bit = 48, .bits = 1, .word = 2,
     .format = &format_flag, .rfc = "RFC 3225, 3", .means = "send me signatures as well"},
    {.name = "dns.resp.z.reserved", .label = "Reserved", .bit = 49, .bits = 15, .word = 2,
     .role = ROLE_RESERVED, .format = &format_hex, .rfc = "RFC 6891, 6.1.3",
     .means = "reserved, always 0"},
    {.name = "dns.resp.len", .label = "Data length", .bit = 64, .bits = 16,
     .role = ROLE_BODY_LENGTH, .format = &format_decimal, .rfc = "RFC 6891, 6.1.2",
     .means = "bytes of its options"},
};
static const struct record resource_opt = {
    .title = "OPT", .layer = LAYER_PART, .size = 10, .fields = opt_rows,
    .field_count = sizeof opt_rows / sizeof opt_rows[0], .repeat = &dns_option,
    .rfc = "RFC 6891, 6.1.2", .means = "what the sender can do"};

/* --- a record --------------------------------------------------------------------- */

static const struct field service_rows[] = {
    {.name = "dns.srv.service", .label = "Service", .bit = 0, .bits = 0,
     .format = &format_dns_service, .rfc = "RFC 2782", .means = "the service that it is about"},
    {.name = "dns.srv.proto", .label = "Protocol", .role = ROLE_ALSO,
     .format = &format_dns_protocol, .rfc = "RFC 2782", .means = "over TCP or UDP"},
    {.name = "dns.srv.name", .label = "Domain", .role = ROLE_ALSO, .format = &format_dns_domain,
     .rfc = "RFC 2782", .means = "whose service it is"}};
static const struct record service_name =
    NAME_RECORD("Name", service_rows, "RFC 2782", "which service it is about");

static const struct choice name_kinds[] = {
    {0, 16, 33, 33, &service_name, true}, {.record = NULL}};
static const struct field name_rows[] = {
    NAME_ROW("dns.resp.name", "Name", "RFC 1035, 3.2.1", .means = "the name that it is about")};
static const struct record resource_name = {
    .title = "Name", .layer = LAYER_PART, .fields = name_rows, .field_count = 1,
    .measure = dns_name_measure, .instead = name_kinds, .rfc = "RFC 1035, 3.2.1",
    .means = "what the record is about"};

static const struct choice data_kinds[] = {
    {0, 16, 41, 41, &resource_opt, false}, {.record = NULL}};
static const struct field resource_rows[] = {
    {.name = "dns.resp.type", .label = "Type", .bit = 0, .bits = 16, .role = ROLE_CASE,
     .format = &format_decimal, .terms = dns_types, .rfc = "RFC 1035, 3.2.1",
     .means = "what it says about the name"},
    {.name = "dns.resp.class", .label = "Class", .bit = 16, .bits = 16, .format = &format_hex,
     .terms = dns_classes, .rfc = "RFC 1035, 3.2.1", .means = "1: the Internet"},
    {.name = "dns.resp.ttl", .label = "TTL", .bit = 32, .bits = 32, .format = &format_decimal,
     .rfc = "RFC 1035, 3.2.1", .means = "seconds that it may be remembered"},
    {.name = "dns.resp.len", .label = "Data length", .bit = 64, .bits = 16,
     .role = ROLE_BODY_LENGTH, .format = &format_decimal, .rfc = "RFC 1035, 3.2.1",
     .means = "bytes of its data"},
};
static const struct record resource_data = {
    .title = "Data", .layer = LAYER_PART, .size = 10, .fields = resource_rows,
    .field_count = sizeof resource_rows / sizeof resource_rows[0], .instead = data_kinds,
    .cases = rdata_records, .other = &rdata_other, .rfc = "RFC 1035, 3.2.1",
    .means = "what is known about the name"};

static const struct record *const resource_parts[] = {&resource_name, &resource_data, NULL};
const struct record dns_resource = {
    .title = "Record", .layer = LAYER_PART, .parts = resource_parts, .rfc = "RFC 1035, 3.2.1",
    .means = "one thing that is known about a name"};
