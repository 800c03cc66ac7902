#!/usr/bin/env bats
# host.bats: on this machine's own loopback, as root: it works, and nothing is left behind.
#
# What could do harm if it failed runs in a network namespace of its own, which for
# loopcraft is a host like any other.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in there
load lib

setup() {
    need_root "the host's lo is for root alone"
    remember_processes
}

# A host with an lo and nothing else.
elsewhere() { # SCRIPT [ARG...]
    local script=$1
    shift
    try unshare -n bash -euo pipefail -c "ip link set lo up; $script" elsewhere "$@"
}

# Ours, in nft's list: those of other runs going on are not our business.
tables_of() { nft list tables | grep "loopcraft_$1_" || true; }

@test "this machine's lo: a handshake with its own server; no rule and no process is left" {
    "$LOOPCRAFT" --json handshake > "$BATS_TEST_TMPDIR/out" 2> "$BATS_TEST_TMPDIR/err" 3>&- < /dev/null &
    local pid=$!
    status=0 out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err
    wait $pid || status=$?
    exits 0
    silent
    events <<'PY'
assert of('start')[0]['world'] == 'host'
assert [flags(p) for p in packets[:3]] == ['S', 'SA', 'A'] and not [p for p in packets if 'R' in flags(p)]
assert 'closed in order by both ends' in of('summary')[0]['text']
PY
    same "$(tables_of $pid)" ''
    until_true no_new_processes
}

@test "this machine's lo: a handshake with a real server, python's http.server" {
    echo 'a page of this host' > "$BATS_TEST_TMPDIR/page"
    mkfifo "$BATS_TEST_TMPDIR/says"
    python3 -u -m http.server -b 127.0.0.1 -d "$BATS_TEST_TMPDIR" 0 \
        > "$BATS_TEST_TMPDIR/says" 2> /dev/null 3>&- &
    local server=$! line port
    read -r -t 20 line < "$BATS_TEST_TMPDIR/says" # Serving HTTP on 127.0.0.1 port 40123 ...
    port=$(grep -o 'port [0-9]*' <<< "$line" | cut -d ' ' -f 2)
    lc handshake "$port" --data 'GET /page HTTP/1.0\r\n\r\n' -w "$BATS_TEST_TMPDIR/h.pcapng"
    kill $server
    wait $server || true
    exits 0
    silent
    has "$out" "host: this machine's real loopback" 'a page of this host' '200 OK'
    same "$(shark_flags "$BATS_TEST_TMPDIR/h.pcapng" | grep -c R || true)" 0
}

@test "the firewall rule is there while it lasts, and it alone; other traffic is not touched" {
    elsewhere '
        mkfifo "$2/said"
        nft add table inet mine
        "$1" --json handshake --stop-after ack --hold 60 > "$2/said" &
        exec 7< "$2/said"
        while read -r -t 20 line <&7; do [[ $line != *Holding* ]] || break; done
        nft list tables > "$2/during"
        "$1" -q syn 53 --expect closed > "$2/other"
        kill -TERM $!
        timeout 20 cat <&7 > /dev/null
        wait $! || echo "status $?"
        nft list tables' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    same "$(grep -c 'table inet loopcraft_' "$BATS_TEST_TMPDIR/during")" 1
    same "$(cat "$out")" $'status 143\ntable inet mine'
}

@test "SIGINT: exit 130, what is known so far, nothing left" {
    elsewhere '
        mkfifo "$2/said"
        env --default-signal "$1" handshake --stop-after ack --hold 60 > "$2/said" &
        exec 7< "$2/said"
        while read -r -t 20 line <&7; do [[ $line != *Holding* ]] || break; done
        kill -INT $!
        timeout 20 cat <&7
        wait $! || echo "status $?"
        nft list tables
        ss -Hant' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    silent
    has "$out" Interrupted partial RST
    same "$(tail -n 1 "$out")" 'status 130' # no table and no socket after it
    until_true no_new_processes
}

@test "kill -9 at 100 random moments: no table, no process, no socket of ours is left" {
    elsewhere '
        start=${EPOCHREALTIME/./}
        "$1" --json handshake --data "GET / HTTP/1.0\r\n\r\n" > /dev/null
        span=$((${EPOCHREALTIME/./} - start)) # how long a whole one takes
        killed=0 talking=0
        for ((i = 0; i < 100; i++)); do
            "$1" --json handshake --data "GET / HTTP/1.0\r\n\r\n" > "$2/said" 2>&1 &
            spin $(((RANDOM * 32768 + RANDOM) % span))
            kill -KILL $! 2> /dev/null || true
            status=0
            wait $! 2> /dev/null || status=$?
            [ $status != 137 ] || killed=$((killed + 1))
            ! grep -q packet "$2/said" || talking=$((talking + 1))
        done
        no_tables() { [ -z "$(nft list tables)" ]; }
        until_true no_tables
        no_listener() { [ -z "$(ss -Hltn)" ]; }
        until_true no_listener
        echo "$killed $talking"
        "$1" -q handshake > /dev/null # and it works as before' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    until_true no_new_processes
    # They were moments of all kinds: most of them in time, some of them with packets on their way.
    read -r killed talking < "$out"
    echo "killed $killed, of which talking $talking"
    [ "$killed" -ge 50 ]
    [ "$talking" -ge 1 ]
}

@test "-S as root: in the sandbox; the host's lo sees nothing of it" {
    elsewhere '
        count() { awk -F "[: ]+" "\$2 == \"lo\" { print \$4 }" /proc/net/dev; }
        "$1" -S -q syn 8080 --expect open
        echo "lo $(count)"
        nft list tables' "$LOOPCRAFT"
    exits 0
    has "$out" 'sandbox: '
    same "$(tail -n 1 "$out")" 'lo 0'
}

@test "a sandbox port found closed here: a hint that the practice server is in the sandbox" {
    elsewhere '"$1" syn 8080; "$1" handshake 8080 || echo "status $?"' "$LOOPCRAFT"
    exits 0
    same "$(grep -c 'the practice server lives in the sandbox: add -S' "$out")" 2
    has "$out" 'status 1'
    elsewhere '"$1" syn 8081' "$LOOPCRAFT" # closed there too
    exits 0
    lacks "$out" 'add -S'
}

@test "the hint is an object in JSON, and the summary is the last all the same" {
    elsewhere '"$1" --json syn 8080' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert 'add -S' in notes[-1]
assert events[-1]['type'] == 'summary'
PY
}

# --- files under sudo ----------------------------------------------------------------------

# As if nobody had called sudo.
setup_folder() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/loopcraft.XXXXXX") # bats' own are closed to others
    chmod 755 "$folder"
}
teardown() { [ -z "${folder:-}" ] || rm -r "$folder"; }
under_sudo() {
    try env SUDO_UID="$(id -u nobody)" SUDO_GID="$(id -g nobody)" SUDO_USER=nobody "$LOOPCRAFT" "$@"
}

@test "a file written under sudo belongs to the caller" {
    setup_folder
    chown nobody "$folder"
    under_sudo -S -q syn 8080 -w "$folder/s.pcapng"
    exits 0
    same "$(stat -c %u:%g "$folder/s.pcapng")" "$(id -u nobody):$(id -g nobody)"
}

@test "under sudo only what the caller may write is written" {
    setup_folder
    under_sudo -S -q syn 8080 -w "$folder/s.pcapng"
    refused 4 'Permission denied' "uid $(id -u nobody)" sudo
    same "$(ls -A "$folder")" ''
}

@test "the server that it brings under sudo is the caller's, not root's" {
    elsewhere '
        mkfifo "$2/said"
        SUDO_UID=$3 SUDO_GID=$3 "$1" --json handshake --stop-after ack --hold 60 > "$2/said" &
        exec 7< "$2/said"
        while read -r -t 20 line <&7; do [[ $line != *Holding* ]] || break; done
        for pid in $(cat /proc/$!/task/*/children); do stat -c %u /proc/$pid; done
        kill -TERM $!
        timeout 20 cat <&7 > /dev/null
        wait $! || true' "$LOOPCRAFT" "$BATS_TEST_TMPDIR" "$(id -u nobody)"
    exits 0
    same "$(cat "$out")" "$(id -u nobody)"
}
