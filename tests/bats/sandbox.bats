#!/usr/bin/env bats
# sandbox.bats: the private loopback: what is in it, who gets into it, and that it ends.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

@test "--list: the ports, as text and as JSON, without entering one" {
    lc sandbox --list
    exits 0
    silent
    same "$(grep -Eo '^(tcp|udp) [0-9]+ +[a-z|]+' "$out" | tr -s ' ')" "$(
        printf '%s\n' 'tcp 8080 open' 'tcp 8081 closed' 'tcp 8082 filtered' 'tcp 8083 filtered' \
            'tcp 8084 closed' 'udp 9000 open' 'udp 9001 closed' 'udp 9002 open|filtered' \
            'udp 9003 filtered' 'udp 9004 open|filtered')"
    lc sandbox --list --json
    exits 0
    events <<'PY'
assert [(p['proto'], p['port']) for p in of('port')] == (
    [('tcp', n) for n in range(8080, 8085)] + [('udp', n) for n in range(9000, 9005)])
assert of('port') == events and all(p['what'] for p in events)
PY
}

@test "the list is true: what listens, and what the firewall does" {
    box '
        ss -Hltn "sport = :8080" | awk "{ print \$4 }" | sort
        ss -Hlun | awk "{ print \$4 }" | sort | xargs
        nft list table inet loopcraft | grep -c dport
        exec 5<> /dev/udp/127.0.0.1/9000
        echo an echo >&5
        timeout 20 head -n 1 <&5'
    exits 0
    same "$(head -n 2 "$out")" $'127.0.0.1:8080\n[::1]:8080'
    has "$out" '127.0.0.1:9000 127.0.0.1:9002 [::1]:9000 [::1]:9002' 'an echo'
}

@test "another program gets the same from the practice server: curl, IPv4 and IPv6" {
    box 'curl -s http://127.0.0.1:8080/ http://[::1]:8080/'
    exits 0
    same "$(grep -c "Hello from loopcraft's practice server." "$out")" 2
}

@test "there is nothing but lo, and no way out" {
    box '
        ip -o link | awk "{ print \$2 }"
        ip -o route show table all | grep -v " dev lo " || true
        if echo > /dev/tcp/192.0.2.1/80; then exit 1; fi'
    exits 0
    same "$(cat "$out")" lo:
    has "$err" 'Network is unreachable'
}

@test "the command's exit status is passed on: its own, 128 + signal, 127, 126" {
    box 'exit 7'
    exits 7
    box 'kill -TERM $$'
    exits 143
    lc sandbox -- no-such-command
    exits 127
    complains no-such-command
    lc sandbox -- /dev/null
    exits 126
    complains /dev/null
}

@test "without CMD it is a shell, which knows where it is" {
    status=0
    echo 'echo "in a sandbox: $LOOPCRAFT_SANDBOX"; exit 3' |
        SHELL=/bin/bash "$LOOPCRAFT" sandbox > "$BATS_TEST_TMPDIR/out" || status=$?
    same "$status" 3
    has "$BATS_TEST_TMPDIR/out" 'in a sandbox: 1'
}

@test "the user stays who it is, files and all" {
    box 'id -u; echo kept > "$1/file"' "$BATS_TEST_TMPDIR"
    exits 0
    same "$(cat "$out")" "$(id -u)"
    same "$(stat -c %u "$BATS_TEST_TMPDIR/file")" "$(id -u)"
}

@test "words before -- are refused, and nothing is run" {
    lc sandbox touch "$BATS_TEST_TMPDIR/file"
    refused 2 ' -- '
    [ ! -e "$BATS_TEST_TMPDIR/file" ]
}

# --- its end -----------------------------------------------------------------------------

# A fifo that everything in the sandbox holds open for writing: its end is the end of them all.
start_held() { # SCRIPT
    mkfifo "$BATS_TEST_TMPDIR/held"
    "$LOOPCRAFT" sandbox -- bash -c "exec 8> '$BATS_TEST_TMPDIR/held'; $1" > /dev/null 2>&1 3>&- < /dev/null &
    outer=$!
    exec 7< "$BATS_TEST_TMPDIR/held"
    read -r -t 20 word <&7
    same "$word" ready
}

all_end() {
    timeout 20 cat <&7
    exec 7<&-
    until_true no_new_processes
}

@test "background and setsid'ed grandchildren end with it" {
    remember_processes
    start_held 'setsid sleep 1000 & (trap "" HUP TERM INT; sleep 1000) & disown -a; echo ready >&8'
    wait $outer
    all_end
}

@test "killed with -9 from outside: nothing of it survives" {
    remember_processes
    start_held 'setsid sleep 1000 & (trap "" HUP TERM INT; sleep 1000) & echo ready >&8; wait'
    [ "$(loopcraft_processes)" != "$processes_before" ]
    kill -KILL $outer
    all_end
}

@test "SIGTERM reaches the command, and its status comes back" {
    start_held 'trap "exit 9" TERM; sleep 1000 & echo ready >&8; wait'
    kill -TERM $outer
    status=0
    wait $outer || status=$?
    same "$status" 9
    timeout 20 cat <&7
    exec 7<&-
}

# --- joining -----------------------------------------------------------------------------

@test "-S joins the user's running sandbox: what listens there is open" {
    remember_processes
    [ -z "$processes_before" ] || skip "another sandbox is running; one can't tell which will be joined"
    lc -S -q syn 7006 --expect closed
    exits 0
    has "$out" 'a private loopback for this command'
    start_held 'ncat -lk 127.0.0.1 7006 & listening 7006; echo ready >&8; wait'
    lc -S -q syn 7006 --expect open
    exits 0
    has "$out" 'joined the one you have running'
    lc sandbox -- ss -Hltn 'sport = :7006'
    exits 0
    has "$out" 127.0.0.1:7006
    kill -KILL $outer
    all_end
}

@test "inside, the commands need no -S, and --host is refused" {
    box '"$1" -q syn 8080 --expect open; "$1" --host syn 8080' "$LOOPCRAFT"
    exits 4
    has "$out" 'sandbox: the one you are in'
    complains --host sandbox
}
