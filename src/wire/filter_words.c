/* filter_words.c: keeps names out of capture filters. */
#include "filter_words.h"

#include <loopcraft/text.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* Behind these stands a port's or a protocol's name or number. */
static const char named[] = "port portrange proto protochain";

/* These hand on what the word behind them is (pcap-filter(7): "tcp dst port ftp or ftp-data"). */
static const char joints[] = "and or";

/* The rest of libpcap 1.10's keywords that make sense on the link types of files (scanner.l). */
static const char keywords[] =
    "not src dst link ether ppp slip fddi tr wlan arp rarp ip ip6 sctp tcp udp icmp icmp6 igmp "
    "igrp "
    "pim vrrp carp ah esp host net mask gateway less greater byte broadcast multicast len length "
    "inbound outbound ifindex vlan mpls pppoed pppoes geneve llc stp iso ipx netbeui atalk aarp "
    "decnet icmptype icmpcode icmp6type icmp6code tcpflags tcp-fin tcp-syn tcp-rst tcp-push "
    "tcp-ack "
    "tcp-urg tcp-ece tcp-cwr icmp-echoreply icmp-unreach icmp-sourcequench icmp-redirect icmp-echo "
    "icmp-routeradvert icmp-routersolicit icmp-timxceed icmp-paramprob icmp-tstamp "
    "icmp-tstampreply icmp-ireq icmp-ireqreply icmp-maskreq icmp-maskreply "
    "icmp6-destinationunreach icmp6-packettoobig icmp6-timeexceeded icmp6-parameterproblem "
    "icmp6-echo icmp6-echoreply icmp6-routersolicit icmp6-routeradvert icmp6-neighborsolicit "
    "icmp6-neighboradvert icmp6-redirect";

/* Is it a whole word of the list? It holds no space itself. */
static bool is_one_of(const char *word, const char *list)
{
    size_t len = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += len)
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

/* 80, 0x50, 127.0.0.1, 10.1: two to four parts are a network or an address to libpcap. */
static bool is_number(const char *word)
{
    if (word[0] == '0' && word[1] == 'x')
        return word[2] && !word[2 + strspn(word + 2, "0123456789abcdefABCDEF")];
    for (unsigned parts = 1; parts <= 4 && isdigit((unsigned char)*word); parts++) {
        word += strspn(word, "0123456789");
        if (!*word)
            return true;
        if (*word++ != '.')
            return false;
    }
    return false;
}

/* Six pairs of hex digits with colons between them. */
static bool is_ether(const char *word)
{
    for (unsigned i = 0; i < 6; i++, word++) {
        size_t digits = strspn(word, "0123456789abcdefABCDEF");
        if (digits < 1 || digits > 2 || word[digits] != (i < 5 ? ':' : '\0'))
            return false;
        word += digits;
    }
    return true;
}

static bool is_address(const char *word)
{
    uint8_t address[16];
    return strchr(word, ':') && !strchr(word, '.') &&
           (is_ether(word) || inet_pton(AF_INET6, word, address) == 1);
}

/* Nothing that libpcap would look up; `names`: here it would look in files alone. */
static bool is_harmless(const char *word, bool names)
{
    bool name = names && !strchr(word, ':');
    return name || is_one_of(word, joints) || is_number(word) || is_address(word);
}

/* The word at *at, which moves on behind it; inside brackets a colon is a sign: tcp[12:2]. */
static void take_word(struct text *word, const char **at, bool brackets)
{
    const char *signs = brackets ? "_.-\\" : "_.-\\:";
    text_clear(word);
    while (isalnum((unsigned char)**at) || (**at && strchr(signs, **at)))
        text_char(word, *(*at)++);
}

/* The word is letters, digits and a few signs. */
static bool refuse(const char *word, struct err *err)
{
    return err_set(err, STATUS_USAGE,
                   "capture filter: %.60s: no keyword of pcap-filter(7); "
                   "names are not looked up, as that could send packets: write the address",
                   word);
}

bool filter_words_check(const char *at, struct err *err)
{
    bool names = false, brackets = false, good = true;
    struct text text = TEXT_EMPTY;
    while (good && *at) {
        take_word(&text, &at, brackets);
        const char *word = text_string(&text);
        if (!*word) { /* a sign; those around parts end what was said before them */
            brackets = *at == '[' || (brackets && *at != ']');
            names = names && !strchr("()!", *at);
            at++;
        } else if (is_one_of(word, named)) {
            names = true;
        } else if (is_one_of(word, keywords)) {
            names = false;
        } else if (!is_harmless(word, names)) {
            good = refuse(word, err);
        }
    }
    text_free(&text);
    return good;
}
