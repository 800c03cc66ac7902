/* linktype.c: where libpcap's number is not the file's (tcpdump.org/linktypes.html). */
#include "linktype.h"

#include <pcap/pcap.h>
#include <stddef.h>

static const struct {
    int dlt, linktype;
} links[] = {
    {DLT_ATM_RFC1483, 100}, {DLT_RAW, 101},      {DLT_SLIP_BSDOS, 102},
    {DLT_PPP_BSDOS, 103},   {DLT_ATM_CLIP, 106},
};
enum { LINKS = sizeof links / sizeof *links };

int linktype_of_dlt(int dlt)
{
    for (size_t i = 0; i < LINKS; i++)
        if (links[i].dlt == dlt)
            return links[i].linktype;
    return dlt;
}

int linktype_to_dlt(int linktype)
{
    for (size_t i = 0; i < LINKS; i++)
        if (links[i].linktype == linktype)
            return links[i].dlt;
    return linktype;
}
