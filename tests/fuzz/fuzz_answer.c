/*
 * fuzz_answer.c: any message is read as a DNS server's answer: nothing foreign is raw, aliases end;
 * any name is asked about, and reads back as one question, or refused in one line.
 *
 * Input: which of the two (1 byte), then the message, or the name.
 */
#include "fuzz.h"

#include "../unit/dns_check.h"
#include "../unit/walk_check.h"

#include <loopcraft/proto.h>

static void check_name(struct bytes input)
{
    struct text message = TEXT_EMPTY;
    struct err err = {0};
    char *name = strndup((const char *)input.at, input.len);
    assert_non_null(name);
    if (dns_query(&message, name, DNS_A, 1, &err)) {
        struct bytes own = {(const uint8_t *)message.at, message.len};
        struct dissection d = {0};
        assert_in_range(message.len, 12 + 1 + 4, 12 + 255 + 4);
        walk(&d, &proto_dns, own, own.len);
        must_tile(&d);
        for (size_t i = 0; i < d.count; i++)
            assert_int_equal(d.nodes[i].fault, FAULT_NONE);
        dissection_free(&d);
        must_read_any(own);
    } else {
        must_complain(&err, STATUS_USAGE, input);
    }
    text_free(&message);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    struct bytes input = {at, len};
    if (fuzz_u8(&input) & 1)
        check_name(input);
    else
        must_read_any(input);
    return 0;
}
