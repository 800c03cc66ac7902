#!/usr/bin/env bats
# output.bats: the text on the screen: it fits, and it is plain where it must be.
load lib

# Everything there is to show, in one file: two captures of commands, made once.
setup_file() {
    "$LOOPCRAFT" -S -q -6 handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' \
        -w "$BATS_FILE_TMPDIR/h.pcapng" > /dev/null
    "$LOOPCRAFT" -S -q syn 8080-8084 -w "$BATS_FILE_TMPDIR/s.pcapng" > /dev/null
}

fits() { # COLUMNS
    python3 -I - "$out" "$1" <<'PY'
import sys, unicodedata
lines = open(sys.argv[1], encoding='utf-8').read().split('\n')
assert len(lines) > 5
for line in lines:
    columns = sum(1 + (unicodedata.east_asian_width(c) in 'WF') for c in line
                  if not unicodedata.combining(c))
    assert columns <= int(sys.argv[2]), (columns, line)
PY
}

@test "no line is wider than the terminal, at 80 and 120 columns, of any command" {
    for columns in 80 120; do
        for command in '-S handshake 8080 --data GET\x20/\r\n\r\n' '-S -6 -v handshake --close rst' \
                       '-S handshake 8080 --let-kernel-reset' '-S syn 8080-8084' '-S -6 --ascii syn 8080-8084' \
                       '-S -q syn 8080 8082' '-S -q -6 connect 8080 8081 8083' \
                       "dump -v $BATS_FILE_TMPDIR/h.pcapng" "dump $BATS_FILE_TMPDIR/s.pcapng"; do
            # shellcheck disable=SC2086 # words of a command
            try env COLUMNS=$columns "$LOOPCRAFT" $command
            echo "$columns columns: $command"
            exits 0
            fits $columns
        done
    done
}

@test "help and lists fit 100 columns" {
    for command in --help 'help syn' 'help handshake' 'help connect' 'help dump' 'help sandbox' \
                   'sandbox --list'; do
        # shellcheck disable=SC2086 # words of a command
        lc $command
        echo "$command"
        exits 0
        fits 100
    done
}

# Runs a command with a terminal of 100 columns on stdout.
on_terminal() { # ENVIRONMENT... COMMAND
    local command
    command=$(printf '%q ' "$@")
    try env TERM=xterm-256color script -qec "stty cols 100; env $command" /dev/null
    tr -d '\r' < "$out" > "$out.plain"
    mv "$out.plain" "$out"
}

@test "colour: on a terminal; not in a pipe, nor with NO_COLOR, TERM=dumb or --color=never" {
    local dump="dump $BATS_FILE_TMPDIR/s.pcapng" escape=$'\e'
    # shellcheck disable=SC2086 # words of a command
    {
        on_terminal "$LOOPCRAFT" $dump
        has "$out" "${escape}["
        for plain in NO_COLOR=1 TERM=dumb; do
            on_terminal $plain "$LOOPCRAFT" $dump
            exits 0
            lacks "$out" "$escape"
            fits 100
        done
        on_terminal "$LOOPCRAFT" $dump --color=never
        lacks "$out" "$escape"
        on_terminal NO_COLOR= "$LOOPCRAFT" $dump # set, but empty: https://no-color.org
        has "$out" "${escape}["
        TERM=xterm lc $dump
        lacks "$out" "$escape"
        lc $dump --color=always
        has "$out" "${escape}["
        cp "$out" "$BATS_TEST_TMPDIR/coloured"
        lc $dump --color=auto
        # Colour changes nothing else.
        sed 's/\x1b\[[0-9;]*m//g' "$BATS_TEST_TMPDIR/coloured" | cmp - "$out"
        CLICOLOR_FORCE=1 lc $dump # https://bixense.com/clicolors
        cmp "$BATS_TEST_TMPDIR/coloured" "$out"
        for plain in CLICOLOR_FORCE= 'NO_COLOR=1 CLICOLOR_FORCE=1' 'CLICOLOR_FORCE=1'; do
            try env $plain "$LOOPCRAFT" $dump "--color=$([ "$plain" = CLICOLOR_FORCE=1 ] && echo never || echo auto)"
            lacks "$out" "$escape"
        done
        lc $dump --color=sometimes
        refused 2 --color
    }
}

@test "--ascii, or a locale without UTF-8: no byte above 127" {
    for command in 'dump --ascii' 'dump --ascii -v'; do
        # shellcheck disable=SC2086 # words of a command
        lc $command "$BATS_FILE_TMPDIR/h.pcapng"
        exits 0
        same "$(LC_ALL=C grep -c -P '[^\x00-\x7f]' "$out" || true)" 0
    done
    lc -S --ascii handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n'
    exits 0
    same "$(LC_ALL=C grep -c -P '[^\x00-\x7f]' "$out" || true)" 0
    try env LC_ALL=C "$LOOPCRAFT" dump "$BATS_FILE_TMPDIR/s.pcapng"
    same "$(LC_ALL=C grep -c -P '[^\x00-\x7f]' "$out" || true)" 0
    lc dump "$BATS_FILE_TMPDIR/s.pcapng"
    LC_ALL=C grep -q -P '[^\x00-\x7f]' "$out"
}

@test "the first line says where it happens; -q leaves out the dumps, not the verdict" {
    lc -S syn 8080
    head -n 1 "$out" | grep -q '^syn .* sandbox: '
    has "$out" tcp.flags.syn || has "$out" tcp.flags
    lc -S -q syn 8080
    head -n 1 "$out" | grep -q '^syn .* sandbox: '
    lacks "$out" 'Ethernet II'
    has "$out" 8080/tcp open syn-ack 'SYN-ACK: a program listens there'
}

@test "each layer has its TCP/IP name and its OSI number" {
    lc dump "$BATS_FILE_TMPDIR/h.pcapng"
    has "$out" 'Link (2)' 'Internet (3)' 'Transport (4)' 'Application (7)' frame packet segment
}

@test "-w - takes standard output for itself" {
    lc -S syn 8080 -w - --json
    exits 2
    complains --json '-w -'
    lc -S syn 8080 -w -
    exits 0
    same "$(head -c 4 "$out" | od -An -tx1 | tr -d ' ')" 0a0d0d0a # a pcapng section, and no text
}
