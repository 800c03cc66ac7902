/*
 * dns_check.h: what holds for the reading of a DNS message, whatever its bytes are.
 */
#ifndef LOOPCRAFT_TESTS_DNS_CHECK_H
#define LOOPCRAFT_TESTS_DNS_CHECK_H

#include "harmless.h"

#include <loopcraft/dns.h>

#include <stdlib.h>

/* In a heap block of exactly its length, so that a read past its end is seen. */
static inline void must_read_any(struct bytes message)
{
    static const uint16_t types[] = {DNS_A, DNS_AAAA, DNS_CNAME, DNS_ANY};
    uint8_t *copy = malloc(message.len ? message.len : 1);
    struct dns_answer answer;
    const char *why;
    assert_non_null(copy);
    if (message.len)
        memcpy(copy, message.at, message.len);
    struct bytes own = {copy, message.len};
    dns_answer_read(&answer, own);
    must_be_harmless(text_string(&answer.name), answer.name.len, (struct harmless){.utf8 = true});
    for (size_t i = 0; i < answer.count; i++) {
        struct dns_record *record = &answer.records[i];
        assert_in_range(record->section, 1, 3);
        must_be_harmless(text_string(&record->name), record->name.len,
                         (struct harmless){.utf8 = true});
        must_be_harmless(text_string(&record->data), record->data.len,
                         (struct harmless){.utf8 = true});
    }
    const struct dns_record **list = calloc(answer.count + 1, sizeof(struct dns_record *));
    assert_non_null(list);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t found;
        size_t count = dns_answer_follow(&answer, types[i], list, &found);
        assert_in_range(count, found, answer.count);
    }
    free(list);
    dns_answer_free(&answer);
    bool answers = dns_answers(own, own, &why);
    assert_int_equal(answers, why == NULL);
    dns_truncated(own);
    free(copy);
}

#endif
