/* protocols.c: numbers that more than one protocol uses, from IANA's registries. */
#include "protocols.h"

#include "ipv6_extensions.h"

#include <loopcraft/format.h>
#include <loopcraft/proto.h>

const struct term terms_ethertype[] = {
    {0x0800, "IPv4", "an IPv4 packet"},
    {0x0806, "ARP", "a question or answer about which hardware address an IPv4 address has"},
    {0x0842, "Wake-on-LAN", "switches a machine on"},
    {0x8035, "RARP", "asks for one's own address, no longer in use"},
    {0x8100, "VLAN", "a tag that names a virtual network, then the frame's real type"},
    {0x86dd, "IPv6", "an IPv6 packet"},
    {0x8847, "MPLS", "labels that tell routers the way"},
    {0x8863, "PPPoE discovery", "looks for a provider on a wire"},
    {0x8864, "PPPoE", "a dialled line over a wire"},
    {0x88a8, "Provider VLAN", "a provider's tag around its customers' own"},
    {0x88cc, "LLDP", "a device telling its neighbours about itself"},
    {0, NULL, NULL},
};

const struct term terms_hardware[] = {
    {1, "Ethernet", "a wire, or a wireless network"},
    {6, "IEEE 802", "a network of another kind"},
    {24, "IEEE 1394", "a FireWire cable"},
    {32, "InfiniBand", "a network of computing centres"},
    {512, "PPP", "a dialled line"},
    {768, "Tunnel", "IPv4 in IPv4"},
    {772, "Loopback", "lo: inside this machine"},
    {776, "Tunnel", "IPv6 in IPv4"},
    {778, "GRE", "a tunnel"},
    {65534, "None", "no link header at all, such as tun"},
    {0, NULL, NULL},
};

const struct term terms_ip_protocol[] = {
    {6, "TCP", "a TCP segment"},
    {17, "UDP", "a UDP datagram"},
    {1, "ICMP", "a message about IPv4 itself: an error, or an echo"},
    {58, "ICMPv6", "a message about IPv6 itself: an error, an echo, a neighbour"},
    {0, "Hop-by-Hop", "options that every router on the way looks at (IPv6)"},
    {2, "IGMP", "a host joining or leaving a multicast group"},
    {4, "IPv4", "a whole IPv4 packet inside this one"},
    {41, "IPv6", "a whole IPv6 packet inside this one"},
    {43, "Routing", "places to visit on the way (IPv6)"},
    {44, "Fragment", "one piece of a larger packet (IPv6)"},
    {47, "GRE", "a tunnel"},
    {50, "ESP", "encrypted by IPsec"},
    {51, "AH", "authenticated by IPsec"},
    {59, "No next header", "nothing follows (IPv6)"},
    {60, "Destination options", "options for the receiver (IPv6)"},
    {89, "OSPF", "routers telling each other about routes"},
    {132, "SCTP", "an SCTP packet"},
    {136, "UDP-Lite", "a UDP-Lite datagram"},
    {0, NULL, NULL},
};

/* RFC 2474 (CS), 2597 (AF), 3246 (EF), 5865 (VOICE-ADMIT), 8622 (LE). */
const struct term terms_dscp[] = {
    {0, "CS0", "best effort: no special treatment"},
    {1, "LE", "lower effort: may wait for all others"},
    {8, "CS1", "background traffic"},
    {10, "AF11", NULL}, {12, "AF12", NULL}, {14, "AF13", NULL},
    {16, "CS2", NULL},
    {18, "AF21", NULL}, {20, "AF22", NULL}, {22, "AF23", NULL},
    {24, "CS3", NULL},
    {26, "AF31", NULL}, {28, "AF32", NULL}, {30, "AF33", NULL},
    {32, "CS4", NULL},
    {34, "AF41", NULL}, {36, "AF42", NULL}, {38, "AF43", NULL},
    {40, "CS5", NULL},
    {44, "VOICE-ADMIT", "telephone calls that were admitted"},
    {46, "EF", "expedited: low delay, low loss, for voice"},
    {48, "CS6", "network control: routing, and the kernel's own ICMP errors"},
    {56, "CS7", "reserved for the network itself"},
    {0, NULL, NULL},
};

const struct term terms_ecn[] = {
    {0, "Not-ECT", "a full router may only drop it"},
    {1, "ECT(1)", "a full router may mark it instead of dropping it (L4S, RFC 9331)"},
    {2, "ECT(0)", "a full router may mark it instead of dropping it"},
    {3, "CE", "a router on the way was full: slow down"},
    {0, NULL, NULL},
};

/* An IPv6 packet that its frame calls IPv4 tells what it is by its version. */
static const struct field by_version_rows[] = {
    {.label = "Packet", .bit = 0, .bits = 0, .format = &format_bytes, .rfc = "RFC 791, 3.1",
     .means = "by its version"},
};
static const struct choice versions[] = {
    {0, 4, 6, 6, &proto_ipv6, false}, {0, 4, 0, 15, &proto_ipv4, false}, {.record = NULL}};
static const struct record ip_by_version = {
    .name = "ip", .title = "IP", .layer = LAYER_INTERNET, .unit = "packet",
    .fields = by_version_rows, .field_count = 1, .instead = versions, .rfc = "RFC 791, 3.1",
    .means = "IPv4, or IPv6 under a false number",
};

const struct branch next_ethertype[] = {
    {0x0800, &ip_by_version, NULL},
    {0x86dd, &proto_ipv6, NULL},
    {0x0806, &proto_arp, NULL},
    {0x8100, &proto_vlan, NULL},
    {0x88a8, &proto_provider_vlan, NULL},
    {0, NULL, NULL},
};

const struct branch next_ip_protocol[] = {
    {0, &ipv6_hop_by_hop, NULL},
    {6, &proto_tcp, NULL},
    {17, &proto_udp, NULL},
    {1, &proto_icmp, NULL},
    {58, &proto_icmpv6, NULL},
    {4, &proto_ipv4, NULL},
    {41, &proto_ipv6, NULL},
    {43, &ipv6_routing, NULL},
    {44, &ipv6_fragment, NULL},
    {60, &ipv6_destination_options, NULL},
    {0, NULL, NULL},
};
