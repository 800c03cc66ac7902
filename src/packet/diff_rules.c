/* diff_rules.c: what a difference in a field is worth. This table is the master copy. */
#include "diff_rules.h"

#include <loopcraft/record.h>

#include <string.h>

#define CLIENT_PORT "the client's port is chosen by chance"
#define COUNTED                                                                                  \
    "each end counts from a first number that it draws by chance; (+1), counted from there, is " \
    "the same"
#define FILLING "filling: it follows from which options there are"
#define CLOCK   "a clock that started by chance"

static const struct diff_rule rules[] = {
    /* What must differ. */
    {"frame.time_epoch", DIFF_EXPECTED, NULL, "captured at another moment"},
    {"ip.id", DIFF_EXPECTED, NULL,
     "each packet gets a number of its own, so that its fragments find each other"},
    {"ipv6.flow", DIFF_EXPECTED, NULL, "the kernel draws a label for each conversation"},
    {"ipv6.fraghdr.ident", DIFF_EXPECTED, NULL, "each packet that is cut gets a number of its own"},
    {"tcp.srcport", DIFF_EXPECTED, NULL, CLIENT_PORT},
    {"tcp.dstport", DIFF_EXPECTED, NULL, CLIENT_PORT},
    {"udp.srcport", DIFF_EXPECTED, NULL, CLIENT_PORT},
    {"udp.dstport", DIFF_EXPECTED, NULL, CLIENT_PORT},
    {"tcp.seq_raw", DIFF_EXPECTED, NULL, COUNTED},
    {"tcp.ack_raw", DIFF_EXPECTED, NULL, COUNTED},
    {"tcp.options.sack_le", DIFF_EXPECTED, NULL, COUNTED},
    {"tcp.options.sack_re", DIFF_EXPECTED, NULL, COUNTED},
    {"tcp.options.timestamp.tsval", DIFF_EXPECTED, NULL, CLOCK},
    {"tcp.options.timestamp.tsecr", DIFF_EXPECTED, NULL, "the other end's clock, handed back"},
    {"icmp.ident", DIFF_EXPECTED, NULL, "each run of ping marks its own requests"},
    {"icmpv6.echo.identifier", DIFF_EXPECTED, NULL, "each run of ping marks its own requests"},
    {"icmp.originate_timestamp", DIFF_EXPECTED, NULL, "the time of sending"},
    {"icmp.receive_timestamp", DIFF_EXPECTED, NULL, "the time of arrival"},
    {"icmp.transmit_timestamp", DIFF_EXPECTED, NULL, "the time of sending back"},
    {"ip.opt.time_stamp", DIFF_EXPECTED, NULL, "the time at which it passed"},
    {"dns.id", DIFF_EXPECTED, NULL,
     "each question gets a number by chance, so that none is forged"},
    /* What follows from something else. */
    {"tcp.options.nop", DIFF_FOLLOWS, NULL, FILLING},
    {"tcp.options.eol", DIFF_FOLLOWS, NULL, FILLING},
    {"ip.options.nop", DIFF_FOLLOWS, NULL, FILLING},
    {"ip.options.eol", DIFF_FOLLOWS, NULL, FILLING},
    /* What is there on one side only. */
    {"tcp.options.mss", DIFF_SUBSTANCE, "says the largest segment that it takes (MSS)", NULL},
    {"tcp.options.wscale", DIFF_SUBSTANCE, "offers window scaling", NULL},
    {"tcp.options.sack_perm", DIFF_SUBSTANCE, "offers SACK", NULL},
    {"tcp.options.sack", DIFF_SUBSTANCE, "reports what arrived behind a gap (SACK)", NULL},
    {"tcp.options.timestamp", DIFF_SUBSTANCE, "carries timestamps", NULL},
    {"tcp.options.tfo", DIFF_SUBSTANCE, "asks for fast open", NULL},
    {"tcp.options.md5", DIFF_SUBSTANCE, "signs the segment (MD5)", NULL},
    {"tcp.options.ao", DIFF_SUBSTANCE, "signs the segment (TCP-AO)", NULL},
    {"data", DIFF_SUBSTANCE, "carries data", NULL},
    /* What is a choice of its sender's. */
    {"tcp.window_size_value", DIFF_SUBSTANCE, NULL,
     "the room for data at its end, before scaling; the kernel reckons with its buffers, a recipe "
     "says a number"},
    {"tcp.options.mss_val", DIFF_SUBSTANCE, NULL,
     "the largest segment that it takes; the kernel reckons with the MTU of its interface"},
    {"ip.ttl", DIFF_SUBSTANCE, NULL,
     "the hops that it may take: another first value, or routers on the way"},
    {"ipv6.hlim", DIFF_SUBSTANCE, NULL,
     "the hops that it may take: another first value, or routers on the way"},
    {"ip.flags.df", DIFF_SUBSTANCE, NULL,
     "may routers cut it; the kernel says no for TCP, to find out the path's MTU (RFC 1191)"},
    {"tcp.flags.push", DIFF_SUBSTANCE, NULL,
     "the program shall have it now; the kernel says so of the last segment of a write"},
};

static const struct diff_rule length = {NULL, DIFF_FOLLOWS, NULL,
                                        "a length: it follows from what the packet carries"};
static const struct diff_rule substance = {NULL, DIFF_SUBSTANCE, NULL, NULL};

const struct diff_rule *diff_rule(const char *name, const struct field *field)
{
    for (size_t i = 0; name && i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    bool is_length = field &&
                     (field->role == ROLE_HEADER_LENGTH || field->role == ROLE_LENGTH ||
                      field->role == ROLE_PAYLOAD_LENGTH || field->role == ROLE_BODY_LENGTH ||
                      field->role == ROLE_OPTION_LENGTH);
    return is_length ? &length : &substance;
}
