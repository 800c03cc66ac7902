#!/usr/bin/env bats
# options.bats: where options may stand, and what is said of those that don't exist.
load lib

expect_8080_open() {
    exits 0
    events <<'PY'
assert [(v['port'], v['state']) for v in verdicts] == [(8080, 'open')]
PY
}

@test "options stand before the command, after it, and among its words" {
    lc -S --json syn 8080
    expect_8080_open
    lc syn -S 8080 --json
    expect_8080_open
    lc --json syn 8080 ip.ttl=9 -S tcp.seq_raw=7
    expect_8080_open
    lc -S --to 127.0.0.1 syn --json -p 8080
    expect_8080_open
    lc -S --to=127.0.0.1 --json syn -p8080
    expect_8080_open
    lc -qS4 --json syn 8080
    expect_8080_open
}

@test "-- ends the options: what follows is words" {
    lc -S --json syn -- 8080
    expect_8080_open
    lc -S --json syn 8080 -- 8081
    exits 0
    events <<'PY'
assert [v['port'] for v in verdicts] == [8080, 8081]
PY
    cd "$BATS_TEST_TMPDIR"
    : > --empty
    lc dump -- --empty
    exits 2
    complains '--empty: is empty'
}

@test "an unknown option or command: exit 2, the nearest is named" {
    lc syn 8080 --sandbax
    refused 2 --sandbax 'did you mean --sandbox'
    lc handshake --stop-afer syn
    refused 2 'did you mean --stop-after'
    lc syn -Z 8080
    refused 2 -Z
    lc handshak 8080
    refused 2 'handshak: no such command' 'did you mean handshake'
    lc xyzzy
    refused 2 'no such command' --help
}

@test "an option of another command, one without its value, one with a value too many, one twice" {
    lc dump -S file
    refused 2 --sandbox dump
    lc syn 8080 --data x
    refused 2 --data syn
    lc syn 8080 --to
    refused 2 --to ADDR
    lc syn 8080 -w
    refused 2 --write FILE
    lc syn 8080 --json=yes
    refused 2 --json 'no value'
    lc syn 8080 --to 127.0.0.1 --to 127.0.0.1
    refused 2 --to twice
}

@test "help: of all, of each command, by each way to ask for it; exit 0" {
    lc --help
    exits 0
    silent
    for command in handshake syn connect udp ping dump sandbox; do
        lc --help
        has "$out" "  $command "
        lc help "$command"
        exits 0
        silent
        has "$out" "loopcraft $command" --json
        cp "$out" "$BATS_TEST_TMPDIR/help"
        for way in "$command --help" "$command -h" "-h $command"; do
            # shellcheck disable=SC2086 # words of a command
            lc $way
            exits 0
            cmp "$out" "$BATS_TEST_TMPDIR/help"
        done
    done
    lc
    exits 0
    has "$out" 'loopcraft COMMAND'
    lc help no-such
    refused 2 'no such command'
}

@test "the examples in the help work as they stand" {
    for command in syn connect udp ping handshake; do
        lc help $command
        grep -E '^  loopcraft ' "$out" > "$BATS_TEST_TMPDIR/examples"
        [ -s "$BATS_TEST_TMPDIR/examples" ]
        while read -r _ example; do
            echo "$example"
            [[ $example == *' --hold '* ]] && example=${example/--hold 5/--hold 0.1}
            # shellcheck disable=SC2294 # its quotes are a shell's
            eval "lc -S -q $example"
            exits 0
            silent
        done < "$BATS_TEST_TMPDIR/examples"
    done
}

@test "--version" {
    lc --version
    exits 0
    grep -Eq '^loopcraft [0-9]+\.[0-9]+' "$out"
}
