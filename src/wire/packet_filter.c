/* packet_filter.c: libpcap's capture filter on packets that were captured already. */
#include "filter_words.h"
#include "linktype.h"

#include <loopcraft/text.h>
#include <loopcraft/wire.h>

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { LINKS_KEPT = 8 }; /* files rarely have two */

struct packet_filter {
    char *expression;
    size_t count; /* programs made; the latest LINKS_KEPT are kept */
    struct {
        int linktype;
        struct bpf_program program;
    } each[LINKS_KEPT];
};

/* A filter means other bytes on each link type. `why`: libpcap's words, made safe to print. */
static bool compile(const char *expression, int linktype, struct bpf_program *program,
                    struct text *why)
{
    enum { SNAPLEN = 262144 };
    pcap_t *pcap = pcap_open_dead(linktype_to_dlt(linktype), SNAPLEN);
    bool good = pcap && pcap_compile(pcap, program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    text_clear(why);
    if (!good) {
        const char *words = pcap ? pcap_geterr(pcap) : "no memory";
        text_escape(why, (struct bytes){(const uint8_t *)words, strlen(words)});
    }
    if (pcap)
        pcap_close(pcap);
    return good;
}

/* Does it work on any of the usual link types? What packets have is known when they come. */
static bool can_be(const char *expression, struct err *err)
{
    static const int usual[] = {DLT_LINUX_SLL,
                                LINKTYPE_ETHERNET}; /* the last one's words are told */
    struct text why = TEXT_EMPTY;
    struct bpf_program program;
    bool good = false;
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !good; i++)
        if ((good = compile(expression, usual[i], &program, &why)))
            pcap_freecode(&program);
    if (!good)
        err_set(err, STATUS_USAGE, "capture filter: %.300s; see pcap-filter(7)", text_string(&why));
    text_free(&why);
    return good;
}

struct packet_filter *packet_filter_open(const char *expression, struct err *err)
{
    if (!filter_words_check(expression, err) || !can_be(expression, err))
        return NULL;
    struct packet_filter *filter = calloc(1, sizeof *filter);
    if (filter && !(filter->expression = strdup(expression))) {
        free(filter);
        filter = NULL;
    }
    if (!filter)
        err_system(err, "can't keep a capture filter");
    return filter;
}

void packet_filter_close(struct packet_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->count && i < LINKS_KEPT; i++)
        pcap_freecode(&filter->each[i].program);
    free(filter->expression);
    free(filter);
}

/* The program for this frame's link type; NULL and *err when the filter does not work on it. */
static const struct bpf_program *program_for(struct packet_filter *filter,
                                             const struct frame *frame, struct err *err)
{
    for (size_t i = 0; i < filter->count && i < LINKS_KEPT; i++)
        if (filter->each[i].linktype == frame->linktype)
            return &filter->each[i].program;
    struct text why = TEXT_EMPTY;
    struct bpf_program program;
    bool good = compile(filter->expression, frame->linktype, &program, &why);
    if (!good)
        err_set(err, STATUS_USAGE,
                "packet %llu: no such capture filter on its link type, %d: %.200s",
                (unsigned long long)frame->number, frame->linktype, text_string(&why));
    text_free(&why);
    if (!good)
        return NULL;
    size_t place = filter->count % LINKS_KEPT;
    if (filter->count++ >= LINKS_KEPT)
        pcap_freecode(&filter->each[place].program);
    filter->each[place].linktype = frame->linktype;
    filter->each[place].program = program;
    return &filter->each[place].program;
}

bool packet_filter_match(struct packet_filter *filter, const struct frame *frame, bool *selected,
                         struct err *err)
{
    const struct bpf_program *program = program_for(filter, frame, err);
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->bytes.len, .len = frame->len};
    if (!program)
        return false;
    *selected = pcap_offline_filter(program, &header, frame->bytes.at) != 0;
    return true;
}
