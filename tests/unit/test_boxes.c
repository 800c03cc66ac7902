/*
 * test_boxes.c: headers as the RFCs draw them, against drawings that were checked by hand
 * (RFC 791, 3.1; RFC 9293, 3.1), and the ladder of a capture.
 */
#include "every_view.h"

/* The sample's IP and TCP; tcpdump's reading of it stands above its bytes. */
static const char syn_drawn[] =
    "Internet (3) - packet - IPv4 ------------------------------------------ 20 bytes\n"
    " 0                   1                   2                   3\n"
    " 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|Version|IHL: 20|DSCP: 0 CS0|ECN|       Total length: 60        |\n"
    "|   4   |       |           | 0 |                               |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                               |R|D|M|                         |\n"
    "|    Identification: 0xf7e2     |B|F|F|   Fragment offset: 0    |\n"
    "|                               |0|1|0|                         |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|    TTL: 64    |Protocol: 6 TCP|    Header checksum: 0x44d7    |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                   Source address: 127.0.0.1                   |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                Destination address: 127.0.0.1                 |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    " ECN = ip.dsfield.ecn 0 Not-ECT\n"
    "Transport (4) - segment - TCP ----------------------------------------- 40 bytes\n"
    " 0                   1                   2                   3\n"
    " 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|      Source port: 40664       |    Destination port: 8080     |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                  Sequence number: 1581247735                  |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                   Acknowledgment number: 0                    |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "| Data  |     | |C|E|U|A|P|R|S|F|                               |\n"
    "|offset | RES |A|W|C|R|C|S|S|Y|I|         Window: 65495         |\n"
    "|  40   |  0  |E|R|E|G|K|H|T|N|N|                               |\n"
    "|       |     |0|0|0|0|0|0|0|1|0|                               |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|       Checksum: 0xfe30        |       Urgent pointer: 0       |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|  Kind: 2 MSS  |   Length: 4   |          MSS: 65495           |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|     Kind      |   Length: 2   |     Kind      |  Length: 10   |\n"
    "|       4       |               | 8 Timestamps  |               |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                       TSval: 3493279538                       |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|                           TSecr: 0                            |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    "|  Kind: 1 NOP  |     Kind      |   Length: 3   |   Shift: 10   |\n"
    "|               |3 Window scale |               |               |\n"
    "+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+\n"
    " Kind = tcp.option_kind 4 SACK permitted\n";

static char *drawn(struct look look, struct frame frame)
{
    struct render r = {0};
    render_dump(&r, look);
    render_frame(&r, frame, NULL, NULL);
    render_end(&r);
    return r.text;
}

static void a_syn_is_drawn_as_in_the_rfcs(void **state)
{
    (void)state;
    char *text = drawn((struct look){.columns = 80, .view = VIEW_BOXES}, frame_of(SAMPLE(syn)));
    must_hold(text, syn_drawn);
    free(text);
}

static void lines_join_where_boxes_meet(void **state)
{
    (void)state;
    char *text = drawn((struct look){.columns = 80, .utf8 = true, .view = VIEW_BOXES},
                       frame_of(SAMPLE(syn)));
    must_hold(text, "\n├───────┴───────┴───────────┴───┼─┬─┬─┬─────────────────────────┤\n");
    must_hold(text, "\n│                               ┌───────────────────────────────┤\n");
    must_hold(text, "\n├───────────────────────────────┬───────────────────────────────┘\n");
    free(text);
}

/* 32 bits need 65 columns; below that 16 of them are a row. */
static void a_narrow_page_has_rows_of_16_bits(void **state)
{
    (void)state;
    static const unsigned columns[] = {40, 64, 65, 200};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        char *text = drawn((struct look){.columns = columns[i], .view = VIEW_BOXES},
                           frame_of(SAMPLE(syn)));
        must_hold(text, columns[i] < 65 ? "+\n|         Window: 65495         |\n+"
                                        : "|       Urgent pointer: 0       |\n+");
        must_fit_page(text, columns[i]);
        free(text);
    }
}

static void an_address_of_four_rows_is_one_box(void **state)
{
    (void)state;
    char *text = drawn((struct look){.columns = 80, .view = VIEW_BOXES}, frame_of(SAMPLE(syn6)));
    must_hold(text, "+\n|                                                               |\n"
                    "|                      Source address: ::1                      |\n"
                    "|                                                               |\n"
                    "|                                                               |\n+-+");
    free(text);
}

static void data_stands_byte_by_byte_and_the_middle_of_much_is_counted(void **state)
{
    (void)state;
    char *text = drawn((struct look){.columns = 80, .view = VIEW_BOXES},
                       frame_of(SAMPLE(request)));
    must_hold(text, "|     47 G            45 E            54 T            20        |\n");
    must_hold(text, "|          ... 40 more bytes (--view full shows them)           |\n");
    must_hold(text, "|     0d              0a        |\n");
    free(text);
}

/* What the capture lacks is not drawn: no box is larger than its bytes. */
static void a_cut_header_ends_where_its_bytes_end(void **state)
{
    (void)state;
    struct frame frame = frame_of(bytes_part(SAMPLE(syn), 0, 14 + 20 + 6));
    frame.len = sizeof sample_syn;
    char *text = drawn((struct look){.columns = 80, .view = VIEW_BOXES}, frame);
    must_hold(text, "|      Source port: 40664       |    Destination port: 8080     |\n");
    must_hold(text, "\n cut: ");
    must_not_hold(text, "Window");
    free(text);
}

/* Nobody says which end is ours: who sent the first packet stands at the left. */
static void the_ladder_begins_at_the_first_sender(void **state)
{
    (void)state;
    static const enum direction directions[] = {DIRECTION_UNKNOWN, DIRECTION_RECEIVED};
    for (size_t i = 0; i < 2; i++) {
        struct render r = {0};
        struct frame first = frame_of(SAMPLE(syn)), second = frame_of(SAMPLE(syn_ack));
        render_dump(&r, (struct look){.columns = 80, .view = VIEW_LADDER});
        first.direction = directions[i];
        second.direction = directions[i] == DIRECTION_RECEIVED ? DIRECTION_SENT
                                                               : DIRECTION_UNKNOWN;
        second.number = 2;
        render_frame(&r, first, NULL, NULL);
        render_frame(&r, second, NULL, NULL);
        const char *text = render_end(&r);
        must_hold(text, "127.0.0.1:40664    ");
        must_hold(text, "127.0.0.1:8080\n#1 |-- SYN ");
        must_hold(text, "\n#2 |<- SYN-ACK ");
        must_not_hold(text, "you");
        must_not_hold(text, "Link (2)");
        free(r.text);
    }
}

static void a_long_ladder_says_what_it_left_out(void **state)
{
    (void)state;
    struct render r = {0};
    render_dump(&r, (struct look){.columns = 80, .view = VIEW_LADDER});
    for (unsigned i = 0; i < 300; i++) {
        struct frame frame = frame_of(SAMPLE(syn));
        frame.number = i + 1;
        render_frame(&r, frame, NULL, NULL);
    }
    must_hold(render_end(&r), "(and 44 more that are not drawn)");
    must_not_hold(r.text, "#257");
    free(r.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_syn_is_drawn_as_in_the_rfcs),
        cmocka_unit_test(lines_join_where_boxes_meet),
        cmocka_unit_test(a_narrow_page_has_rows_of_16_bits),
        cmocka_unit_test(an_address_of_four_rows_is_one_box),
        cmocka_unit_test(data_stands_byte_by_byte_and_the_middle_of_much_is_counted),
        cmocka_unit_test(a_cut_header_ends_where_its_bytes_end),
        cmocka_unit_test(the_ladder_begins_at_the_first_sender),
        cmocka_unit_test(a_long_ladder_says_what_it_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
