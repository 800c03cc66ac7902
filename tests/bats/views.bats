#!/usr/bin/env bats
# views.bats: --view boxes and --view ladder of a capture of ours.
load lib

setup_file() {
    export capture=$BATS_FILE_TMPDIR/h.pcapng
    "$LOOPCRAFT" -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$capture" > /dev/null
}

view() { try env COLUMNS="$1" "$LOOPCRAFT" dump "$capture" --view "${@:2}"; }

@test "boxes: each header of each packet, 32 bits a row, on 80 columns" {
    view 80 boxes --ascii
    exits 0
    silent
    python3 -I - "$out" "$("$LOOPCRAFT" dump "$capture" --field tcp.seq_raw | tr '\n' ' ')" <<'PY'
import sys
lines = open(sys.argv[1]).read().splitlines()
assert max(map(len, lines)) <= 80 and all(map(str.isascii, lines)), max(lines, key=len)
drawn = [l for l in lines if l[:1] in '|+' and l]
assert max(map(len, drawn)) == 65
assert all(l.rstrip()[-1] in '|+' for l in drawn)
numbers = [l.split(':')[1].strip(' |') for l in lines if 'Sequence number:' in l]
assert numbers == sys.argv[2].split(), numbers
headings = [l for l in lines if l.startswith(('Link', 'Internet', 'Transport'))]
assert len(headings) == 3 * len(numbers)
PY
}

@test "boxes and ladder: as wide as the terminal" {
    local columns look
    for columns in 40 64 65 120; do
        for look in 'boxes' 'boxes --ascii' 'ladder' 'ladder --ascii'; do
            # shellcheck disable=SC2086 # the view and an option or none
            view "$columns" $look
            exits 0
            silent
            python3 -I - "$out" "$columns" <<'PY'
import sys
lines = open(sys.argv[1]).read().splitlines()[1:]  # the first names the file
assert max(map(len, lines)) <= int(sys.argv[2]), max(lines, key=len)
PY
        done
    done
}

@test "ladder: one rung a packet, ours at the left, no dump; from a pipe as well" {
    view 80 ladder --ascii
    exits 0
    silent
    same "$(grep -c '^#[0-9]* *|' "$out")" "$("$LOOPCRAFT" dump "$capture" --field frame.number | wc -l)"
    has "$out" 'you 127.0.0.1:' 'server 127.0.0.1:8080' '|-- SYN ' '|<- SYN-ACK '
    if grep -q 'Link (2)' "$out"; then false; fi
    cp "$out" "$BATS_TEST_TMPDIR/ladder"
    # shellcheck disable=SC2016 # for the inner shell
    try env COLUMNS=80 bash -c '"$1" dump - --view ladder --ascii < "$2"' - "$LOOPCRAFT" "$capture"
    exits 0
    same "$(tail -n +2 "$out")" "$(tail -n +2 "$BATS_TEST_TMPDIR/ladder")"
}
