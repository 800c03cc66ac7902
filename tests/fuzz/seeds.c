/*
 * seeds.c: writes what the fuzz targets start from, made of the unit tests' sample frames and of
 * captures:
 *
 *     seeds FOLDER CAPTURE...    FOLDER/answer, dissect, recipe, reader, guard, and FOLDER/recipe.dict,
 *                                hostile.dict
 *
 * Made anew for each run: no binary lies in the repository.
 */
#include "../unit/sample_frames.h"
#include "../unit/sample_more.h"

#include <loopcraft/bytes.h>
#include <loopcraft/lint.h>
#include <loopcraft/proto.h>
#include <loopcraft/text.h>
#include <loopcraft/wire.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct place {
    const char *folder; /* of all seeds */
    const char *target;
    unsigned count;
};

static void must(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    exit(1);
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "wbe");
    must(file != NULL, path);
    return file;
}

static void put_seed(struct place *place, const struct text *seed)
{
    struct text path = TEXT_EMPTY;
    text_format(&path, "%s/%s", place->folder, place->target);
    mkdir(text_string(&path), 0777);
    text_format(&path, "/seed-%03u", place->count++);
    FILE *file = create(text_string(&path));
    must(fwrite(seed->at, 1, seed->len, file) == seed->len, text_string(&path));
    must(fclose(file) == 0, text_string(&path));
    text_free(&path);
}

static void put_bytes(struct text *out, struct bytes b)
{
    text_put_n(out, (const char *)b.at, b.len);
}

static void put_u16(struct text *out, size_t number)
{
    text_char(out, (char)(uint8_t)(number >> 8));
    text_char(out, (char)(uint8_t)number);
}

static void put_little(struct text *out, size_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        text_char(out, (char)(uint8_t)(number >> 8 * i));
}

/* --- frames ------------------------------------------------------------------ */

static bool is_ipv6(struct bytes frame)
{
    return frame.at[12] == 0x86;
}

static struct bytes packet_of(struct bytes frame)
{
    return bytes_part(frame, 14, frame.len);
}

/* The sample's packet under the header of another link type (tcpdump.org/linktypes.html). */
static void put_link(struct text *out, unsigned linktype, struct bytes frame)
{
    static const char zeros[16] = {0};
    uint8_t family = is_ipv6(frame) ? 10 : 2;
    if (linktype == 0) /* NULL: the family in the machine's order; LOOP: in network order */
        put_little(out, family, 4);
    else if (linktype == 108)
        text_put_n(out, zeros, 3), text_char(out, (char)family);
    else if (linktype == 113) /* SLL: kind, hardware, length, address, protocol */
        text_put_n(out, "\0\0\3\4\0\6", 6), text_put_n(out, zeros, 8),
            put_bytes(out, bytes_part(frame, 12, 2));
    else if (linktype == 276) /* SLL2: protocol, 0, interface, hardware, kind, length, address */
        put_bytes(out, bytes_part(frame, 12, 2)), text_put_n(out, "\0\0\0\0\0\1\3\4\0\6", 10),
            text_put_n(out, zeros, 8);
    put_bytes(out, linktype == 1 ? frame : packet_of(frame));
}

/* As fuzz_dissect.c reads it: link type, cut, look, the first frame's length, the frames. */
static void dissect_seed(struct place *place, unsigned linktype, uint8_t look, struct bytes first,
                         struct bytes second)
{
    struct text one = TEXT_EMPTY, seed = TEXT_EMPTY;
    put_link(&one, linktype, first);
    put_u16(&seed, linktype);
    text_char(&seed, 0);
    text_char(&seed, (char)look);
    put_u16(&seed, second.len ? one.len : 0);
    text_put_n(&seed, one.at, one.len);
    if (second.len)
        put_link(&seed, linktype, second);
    put_seed(place, &seed);
    text_free(&one);
    text_free(&seed);
}

/* Foreign text under a link type that nobody knows: 14 bytes that are left out, then the text. */
static const uint8_t hostile_text[] =
    "14 left out...a line\r\n\x1b[31mred\x1b[0m \xc2\x9b 2J \xff\xfe \xe2\x80\xae "
    "desrever\nh\xc3\xa9llo "
    "\x7f and \x07 some more words, so that it is text: nine in ten must be letters";

static void dissect_seeds(const char *folder)
{
    static const unsigned linktypes[] = {1, 0, 101, 108, 113, 228, 229, 276, 147};
    struct place place = {folder, "dissect", 0};
    for (size_t i = 0; i < SAMPLES; i++) {
        struct bytes next = samples[(i + 1) % SAMPLES].bytes;
        dissect_seed(&place, 1, (uint8_t)(i * 37), samples[i].bytes, next);
        dissect_seed(&place, linktypes[i % (sizeof linktypes / sizeof linktypes[0])],
                     (uint8_t)(i * 53), samples[i].bytes, (struct bytes){0});
    }
    for (size_t i = 0; i < MORE_SAMPLES; i++) {
        struct text seed = TEXT_EMPTY;
        put_u16(&seed, (size_t)more_samples[i].linktype);
        text_char(&seed, 0);
        text_char(&seed, (char)(i * 37));
        put_u16(&seed, 0);
        put_bytes(&seed, more_samples[i].bytes);
        put_seed(&place, &seed);
        text_free(&seed);
    }
    for (unsigned look = 0; look < 256; look += 67)
        dissect_seed(&place, 147, (uint8_t)look,
                     (struct bytes){hostile_text, sizeof hostile_text - 1}, (struct bytes){0});
}

/* --- captures of real programs --------------------------------------------------- */

enum { CAPTURE_STEP = 5 }; /* each fifth packet: neighbours are much alike */

static void frame_seeds(struct place *dissect, struct place *guard, const struct frame *frame)
{
    struct text seed = TEXT_EMPTY;
    put_u16(&seed, (size_t)frame->linktype);
    text_char(&seed, 0);
    text_char(&seed, (char)(frame->number * 37));
    put_u16(&seed, 0);
    put_bytes(&seed, frame->bytes);
    put_seed(dissect, &seed);
    text_clear(&seed);
    text_char(&seed, 0);
    put_bytes(&seed, packet_of(frame->bytes));
    if (frame->linktype == LINKTYPE_ETHERNET)
        put_seed(guard, &seed);
    text_free(&seed);
}

/* What fuzz_answer.c reads: messages behind Ethernet, IPv4 and UDP, and names. */
static void answer_seeds(const char *folder)
{
    static const char *const names[] = {"www.example.com.", "a\\.b.\\007.test", ".", "a..b"};
    enum { MESSAGE_AT = 14 + 20 + 8 };
    struct place place = {folder, "answer", 0};
    struct text seed = TEXT_EMPTY;
    const struct bytes frames[] = {{sample_dns_query, sizeof sample_dns_query},
                                   {sample_dns_answer, sizeof sample_dns_answer}};
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        text_clear(&seed);
        text_char(&seed, 0);
        put_bytes(&seed, bytes_part(frames[i], MESSAGE_AT, frames[i].len));
        put_seed(&place, &seed);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        text_clear(&seed);
        text_char(&seed, 1);
        text_put(&seed, names[i]);
        put_seed(&place, &seed);
    }
    text_free(&seed);
}

/* Some of its packets; and its beginning, in which the reader's blocks are. */
static void capture_seeds(struct place places[3], const char *path)
{
    struct err err = {0};
    struct frame frame;
    enum capture_result result;
    struct reader *reader = reader_open(path, &err);
    must(reader && reader_start(reader, &err), path);
    while ((result = reader_next(reader, &frame, &err)) == CAPTURE_FRAME)
        if (frame.number % CAPTURE_STEP == 0 && frame.bytes.len < 1500)
            frame_seeds(&places[0], &places[1], &frame);
    must(result == CAPTURE_TIMEOUT, path);
    reader_close(reader);

    char start[2048];
    FILE *file = fopen(path, "rbe");
    must(file != NULL, path);
    struct text seed = TEXT_EMPTY;
    text_put_n(&seed, start, fread(start, 1, sizeof start, file));
    put_seed(&places[2], &seed);
    text_free(&seed);
    fclose(file);
}

/* --- the guard ------------------------------------------------------------------- */

static void guard_seeds(const char *folder)
{
    static const char *const targets[] = {"127.0.0.1",  "::1",     "localhost",
                                          "127.1",      "8.8.8.8", "::ffff:127.0.0.1",
                                          "0177.0.0.1", "::1%lo"};
    struct place place = {folder, "guard", 0};
    struct text seed = TEXT_EMPTY;
    for (size_t i = 0; i < SAMPLES; i++) {
        text_clear(&seed);
        text_char(&seed, 0);
        put_bytes(&seed, packet_of(samples[i].bytes));
        put_seed(&place, &seed);
    }
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        text_clear(&seed);
        text_char(&seed, (char)(1 + i % 3));
        text_put(&seed, targets[i]);
        put_seed(&place, &seed);
    }
    text_free(&seed);
}

/* --- capture files ----------------------------------------------------------- */

/* Classic pcap, the header's magic for micro- or nanoseconds, some samples in it. */
static void put_pcap(struct text *out, unsigned magic, unsigned linktype, size_t from, size_t to)
{
    put_little(out, magic, 4);
    text_put_n(out, "\2\0\4\0\0\0\0\0\0\0\0\0\0\0\1\0", 16);
    put_little(out, linktype, 4);
    for (size_t i = from; i < to; i++) {
        put_little(out, 1700000000 + i, 4);
        put_little(out, i, 4);
        put_little(out, samples[i].bytes.len, 4);
        put_little(out, samples[i].bytes.len + i % 2, 4);
        put_bytes(out, samples[i].bytes);
    }
}

/* A block of pcapng: the type, its body padded to 4 bytes, the length twice. */
static void put_block(struct text *out, unsigned type, const struct text *body)
{
    size_t padded = (body->len + 3) & ~(size_t)3;
    put_little(out, type, 4);
    put_little(out, padded + 12, 4);
    text_put_n(out, body->at, body->len);
    put_little(out, 0, (unsigned)(padded - body->len));
    put_little(out, padded + 12, 4);
}

/* An enhanced packet with a comment and a direction. */
static void put_packet(struct text *out, size_t i)
{
    static const char comment[] = "S\xc3\xad, \x1b[31m";
    struct text body = TEXT_EMPTY;
    struct bytes sample = samples[i].bytes;
    put_little(&body, 0, 4);
    put_little(&body, 1, 4);
    put_little(&body, i, 4);
    put_little(&body, sample.len, 4);
    put_little(&body, sample.len, 4);
    put_bytes(&body, sample);
    put_little(&body, 0, (unsigned)(-sample.len & 3));
    put_little(&body, 1, 2);
    put_little(&body, sizeof comment - 1, 2);
    text_put_n(&body, comment, sizeof comment - 1);
    put_little(&body, 0, (unsigned)(-(sizeof comment - 1) & 3));
    put_little(&body, 2, 2);
    put_little(&body, 4, 2);
    put_little(&body, 1 + i % 2, 4);
    put_little(&body, 0, 4);
    put_block(out, 6, &body);
    text_free(&body);
}

static void put_pcapng(struct text *out, unsigned linktype, size_t from, size_t to)
{
    struct text body = TEXT_EMPTY;
    text_put_n(&body, "\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 16);
    put_block(out, 0x0a0d0d0a, &body);
    text_clear(&body);
    put_little(&body, linktype, 4);
    put_little(&body, 0, 4);
    text_put_n(&body, "\x09\0\1\0\x09\0\0\0\x0e\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    put_block(out, 1, &body);
    for (size_t i = from; i < to; i++)
        put_packet(out, i);
    text_clear(&body); /* a simple packet: its length on the wire, its bytes */
    put_little(&body, samples[from].bytes.len, 4);
    put_bytes(&body, samples[from].bytes);
    put_block(out, 3, &body);
    text_free(&body);
}

static void reader_seeds(const char *folder)
{
    struct place place = {folder, "reader", 0};
    struct text seed = TEXT_EMPTY;
    for (size_t i = 0; i + 2 <= SAMPLES; i += 2) {
        text_clear(&seed);
        put_pcap(&seed, i % 4 ? 0xa1b2c3d4 : 0xa1b23c4d, 1, i, i + 2);
        put_seed(&place, &seed);
        text_clear(&seed);
        put_pcapng(&seed, i % 3 ? 1 : 101, i, i + 2);
        if (i % 4)
            put_pcapng(&seed, 1, i, i + 1); /* another section */
        put_seed(&place, &seed);
    }
    text_free(&seed);
}

/* --- recipes ----------------------------------------------------------------- */

static void recipe_seeds(const char *folder)
{
    static const struct {
        char which; /* as fuzz_recipe.c: the protocol, 8 for IPv6, 16 for a file */
        const char *words;
    } recipes[] = {
        {0, "dstport=8080\ntcp.flags=SYN,ACK\nip.ttl=3\noptions=mss:1460,nop,nop,ts:1:0\ndata="
            "hi\\r\\n"},
        {0, "tcp.seq_raw=1234\ntcp.ack_raw=0x10\nflags=0x12\ntcp.checksum=0xdead\nip.len=20"},
        {0, "options=sackok,wscale:7,sack:1:2:3:4,tfo:01:02,md5:00,eol,253:aa:bb\nhdr_len=24"},
        {8, "srcport=1\nipv6.hlim=1\nipv6.flow=0xabcde\nflags=S\ndata=hex:48 65:6c"},
        {1, "dstport=53\nsrcport=61000\nudp.length=9\ndata=a\\x00\\\\b\nudp.checksum=0"},
        {9, "ipv6.src=::1\nipv6.dst=::1\nipv6.plen=8\nipv6.tclass=0xb8"},
        {2, "icmp.type=8\nicmp.code=0\nicmp.ident=1\nicmp.seq=2\nip.flags=DF\nip.frag_offset=0"},
        {2, "type=3\ncode=4\nicmp.mtu=600\nip.src=127.0.0.1\nip.dst=127.0.0.2"},
        {11, "icmpv6.type=1\nicmpv6.code=4\nicmpv6.checksum=1"},
        {2, "type=13\nicmp.originate_timestamp=5\nip.options=ra:0,nop,rr:4:0.0.0.0"},
        {4, "ip.proto=254\ndata=hex:01020304\nip.options=68:0500"},
        {11, "type=135\nicmpv6.nd.ns.target_address=::1"},
        {16, "\xef\xbb\xbf# a SYN\r\ndstport=8080 flags=SYN # why\r\ndata=\"two words\\\"\" 'ip.ttl=3'"},
        {16, "data='a # b'\ntcp.flgas=1"},
        {0, "bogus=1"},
        {0, "dport=1"},
    };
    struct place place = {folder, "recipe", 0};
    struct text seed = TEXT_EMPTY;
    for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++) {
        text_clear(&seed);
        text_char(&seed, recipes[i].which);
        text_put(&seed, recipes[i].words);
        put_seed(&place, &seed);
    }
    text_free(&seed);
}

/* Every word that the tables know, for libFuzzer to put in. */
static void put_words(void *context, const struct record *record)
{
    FILE *file = context;
    if (record->word)
        fprintf(file, "\"%s:\"\n", record->word);
    for (size_t i = 0; i < record->field_count; i++) {
        const struct field *field = &record->fields[i];
        if (field->name && field->format->read)
            fprintf(file, "\"%s=\"\n", field->name);
        for (const struct term *t = field->terms; t && t->name; t++)
            if (strlen(t->name) < 12 && !strpbrk(t->name, "\"\\"))
                fprintf(file, "\"%s\"\n", t->name);
    }
}

static FILE *create_dictionary(const char *folder, const char *name)
{
    struct text path = TEXT_EMPTY;
    text_format(&path, "%s/%s.dict", folder, name);
    FILE *file = create(text_string(&path));
    text_free(&path);
    return file;
}

static void dictionaries(const char *folder)
{
    FILE *recipe = create_dictionary(folder, "recipe");
    lint_records(&proto_ethernet, put_words, recipe);
    must(fclose(recipe) == 0, "recipe.dict");

    /* What foreign text could do harm with (promise 7): C0, C1, bidirectional, no UTF-8. */
    static const char harm[] =
        "\"\\x1b[31m\"\n\"\\xc2\\x9b\"\n\"\\xc2\\x80\"\n\"\\xe2\\x80\\xae\"\n"
        "\"\\xe2\\x81\\xa6\"\n\"\\xd8\\x9c\"\n\"\\xf0\\x9f\\x98\\x80\"\n"
        "\"\\xed\\xa0\\x80\"\n\"\\xf4\\x90\"\n\"\\x7f\"\n\"\\x08\"\n"
        "\"GET / HTTP/1.0\\x0d\\x0a\"\n";
    FILE *hostile = create_dictionary(folder, "hostile");
    fputs(harm, hostile);
    must(fclose(hostile) == 0, "hostile.dict");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: seeds FOLDER CAPTURE...\n", stderr);
        return 2;
    }
    dissect_seeds(argv[1]);
    recipe_seeds(argv[1]);
    reader_seeds(argv[1]);
    guard_seeds(argv[1]);
    answer_seeds(argv[1]);
    dictionaries(argv[1]);
    struct place places[3] = {
        {argv[1], "dissect", 10000}, {argv[1], "guard", 10000}, {argv[1], "reader", 10000}};
    for (int i = 2; i < argc; i++)
        capture_seeds(places, argv[i]);
    return 0;
}
