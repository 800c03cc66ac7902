/*
 * linktype.h: the numbers of link types, as files have them and as libpcap has them (DLT).
 */
#ifndef WIRE_LINKTYPE_H
#define WIRE_LINKTYPE_H

int linktype_of_dlt(int dlt);
int linktype_to_dlt(int linktype);

#endif
