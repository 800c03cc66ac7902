#!/usr/bin/env bats
# fields.bats: every field that the tables know.
load lib

# The names of the JSON lines in $out, a line each.
names() { events <<< 'print("\n".join(f["name"] for f in of("field") if f["name"]))'; }

@test "every name is one that tshark knows" {
    need tshark
    lc fields --json
    exits 0
    silent
    names | sort -u > "$BATS_TEST_TMPDIR/ours"
    tshark -G fields 2>/dev/null | cut -f 3 | sort -u > "$BATS_TEST_TMPDIR/theirs"
    [ "$(wc -l < "$BATS_TEST_TMPDIR/ours")" -gt 100 ]
    same "$(comm -23 "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/theirs")" ""
}

@test "offset, width, RFC, meaning: TCP's fixed header, as RFC 9293 draws it" {
    lc fields tcp. --json
    exits 0
    events <<'PY'
rows = {f['name']: f for f in of('field') if f['record'] == 'tcp'}
drawn = {'tcp.srcport': (0, 16), 'tcp.dstport': (16, 16), 'tcp.seq_raw': (32, 32), 'tcp.ack_raw': (64, 32),
         'tcp.hdr_len': (96, 4), 'tcp.flags.syn': (110, 1), 'tcp.window_size_value': (112, 16),
         'tcp.checksum': (128, 16), 'tcp.urgent_pointer': (144, 16)}
for name, place in drawn.items():
    assert (rows[name]['bit'], rows[name]['bits']) == place, rows[name]
assert all(f['means'] and f['rfc'] and f['protocol'] == 'tcp' for f in of('field'))
# How long the payload is, and where it begins, depends on the segment.
assert rows['tcp.payload']['bit'] is None and rows['tcp.payload']['bits'] is None
assert rows['tcp.seq_raw']['settable'] and not rows['tcp.seq']['settable']
PY
}

@test "what is settable can be set: syn takes each such word" {
    lc fields ip. --json
    events <<< '
for f in of("field"):
    if f["settable"] and f["record"] == "ip" and f["name"]:
        print(f["name"])' > "$BATS_TEST_TMPDIR/settable"
    grep -qx ip.ttl "$BATS_TEST_TMPDIR/settable"
    while read -r name; do
        lc syn 1 "$name=no such value" # refused for its value, not for its name
        refused 2 "$name="
    done < "$BATS_TEST_TMPDIR/settable"
}

@test "a prefix: only these; in capitals too; protocols stand together" {
    lc fields tcp.flags --json
    exits 0
    same "$(names | grep -v '^tcp\.flags')" ""
    names | grep -qx tcp.flags.syn
    lc fields IP.TTL --json
    exits 0
    same "$(names)" ip.ttl
    lc fields --json
    same "$(events <<< 'print("\n".join(f["protocol"] for f in of("field")))' | uniq | sort | uniq -d)" ""
}

@test "the table fits the terminal, and says each field's place" {
    for width in 60 80 140; do
        try env COLUMNS=$width "$LOOPCRAFT" fields
        exits 0
        same "$(awk -v w=$width 'length($0) > w' "$out")" ""
    done
    lc fields ip.ttl
    [[ $(cat "$out") =~ ip\.ttl\ +64\ +8\ +RFC\ 791 ]]
    harmless "$out"
    try env COLUMNS=80 "$LOOPCRAFT" fields --ascii
    same "$(LC_ALL=C grep -c '[^ -~]' "$out")" 0
}

@test "an unknown prefix: exit 1, the nearest names, one line" {
    lc fields tcp.flgas
    refused 1 tcp.flags
    lc fields 'no.such'
    refused 1 'no.such'
    lc fields $'\e[31m'
    refused 1 'fields'
    harmless "$err"
    lc fields a b
    refused 2 'one'
}
