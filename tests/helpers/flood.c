/*
 * flood.c: the floor for a sweep: a bare sendto() loop of SYNs to ports 1 to 65535 of 127.0.0.1.
 *
 * It waits for nothing and reads nothing; what it costs is what the kernel takes to deliver the
 * SYNs and to make the answers. In a network namespace of its own only.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct probe {
    struct iphdr ip;
    struct tcphdr tcp;
};

/* RFC 1071, over the pseudo-header's sum and the segment. */
static uint16_t sum(const struct probe *probe)
{
    uint16_t words[sizeof probe->tcp / 2];
    uint32_t total = IPPROTO_TCP + sizeof probe->tcp + 2 * (0x7f00 + 1);
    memcpy(words, &probe->tcp, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        total += ntohs(words[i]);
    while (total >> 16)
        total = (total & 0xffff) + (total >> 16);
    return htons((uint16_t)~total);
}

int main(void)
{
    static const char lo[] = "lo";
    int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct probe probe = {
        .ip = {.version = 4,
               .ihl = 5,
               .tot_len = htons(sizeof probe),
               .id = htons(1),
               .ttl = 64,
               .protocol = IPPROTO_TCP,
               .saddr = to.sin_addr.s_addr,
               .daddr = to.sin_addr.s_addr},
        .tcp = {.source = htons(61000), .doff = 5, .syn = 1, .window = htons(1024)},
    };
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, lo, sizeof lo) != 0) {
        perror("flood");
        return 1;
    }
    for (unsigned port = 1; port < 65536; port++) {
        probe.tcp.dest = htons((uint16_t)port);
        probe.tcp.check = 0;
        probe.tcp.check = sum(&probe);
        if (sendto(fd, &probe, sizeof probe, 0, (struct sockaddr *)&to, sizeof to) < 0) {
            perror("flood");
            return 1;
        }
    }
    return 0;
}
