/*
 * fuzz_guard.c: what the guard lets pass goes from loopback to loopback, and to the address in
 * its bytes; a target that it takes is a loopback address for inet_pton. Judged by an oracle of
 * its own (loopback_oracle.h).
 *
 * Input: 0 and a packet, or anything else and a target as typed.
 */
#include "fuzz.h"
#include "loopback_oracle.h"

#include <loopcraft/guard.h>

static void check_packet(struct bytes input)
{
    struct bytes packet = fuzz_copy(input);
    struct sockaddr_storage to;
    socklen_t to_len = 0;
    struct err err = {0};
    memset(&to, 0xff, sizeof to);
    if (guard_check(packet, &to, &to_len, &err)) {
        assert_true(oracle_loopback(packet));
        must_be_address_of(packet, &to, to_len);
    } else {
        must_complain(&err, STATUS_GUARD, input);
    }
    free((void *)packet.at);
}

/* The two addresses that may come out, and only for text that inet_pton reads as them. */
static bool is_loopback_text(const char *text, const struct sockaddr_storage *to)
{
    if (strcmp(text, "localhost") == 0)
        text = to->ss_family == AF_INET ? "127.0.0.1" : "::1";
    struct in6_addr want;
    if (inet_pton(to->ss_family, text, &want) != 1)
        return false;
    if (to->ss_family == AF_INET)
        return memcmp(&((const struct sockaddr_in *)to)->sin_addr, &want, 4) == 0 &&
               want.s6_addr[0] == 127;
    return memcmp(&((const struct sockaddr_in6 *)to)->sin6_addr, &want, 16) == 0 &&
           IN6_IS_ADDR_LOOPBACK(&want);
}

static void check_target(struct bytes input, int family)
{
    char *text = strndup((const char *)input.at, input.len);
    struct sockaddr_storage to;
    struct err err = {0};
    assert_non_null(text);
    memset(&to, 0xff, sizeof to);
    if (guard_target(text, family, &to, &err)) {
        assert_true(is_loopback_text(text, &to));
        assert_true(family == AF_UNSPEC || family == to.ss_family);
    } else {
        must_complain(&err, err.status == STATUS_USAGE ? STATUS_USAGE : STATUS_GUARD, input);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
    static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6};
    struct bytes input = {at, len};
    uint8_t what = fuzz_u8(&input);
    if (what == 0)
        check_packet(input);
    else if (input.len)
        check_target(input, families[what % 3]);
    return 0;
}
