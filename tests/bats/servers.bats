#!/usr/bin/env bats
# servers.bats: handshakes with servers that nobody here wrote, and over a lossy loopback.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

readonly GET='GET / HTTP/1.0\r\n\r\n'

# A whole conversation, without a reset: $out holds one or more in JSON.
expect_orderly() {
    exits 0
    silent
    events <<'PY'
assert all('closed in order by both ends' in s['text'] for s in of('summary')), of('summary')
assert not [p for p in packets if 'R' in flags(p)]
PY
}

@test "ncat: it hears what we say, and we hear what it says" {
    box '
        printf "from ncat\n" | ncat -l 127.0.0.1 7001 > "$2" & server=$!
        listening 7001
        "$1" --json handshake 7001 --data "from loopcraft\n"
        wait $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/heard"
    expect_orderly
    same "$(cat "$BATS_TEST_TMPDIR/heard")" 'from loopcraft'
    events <<'PY'
assert b''.join(map(payload, received)) == b'from ncat\n'
PY
}

@test "ncat over IPv6: more than one segment, every byte arrives once and in order" {
    # On a loopback with an Ethernet's MTU the server takes 1440 bytes a segment: 1500 - 40 - 20.
    seq -w 10000 > "$BATS_TEST_TMPDIR/large" # 60,000 bytes, no two lines the same
    box '
        ip link set lo mtu 1500
        ncat -l ::1 7001 --recv-only > "$2" & server=$!
        listening 7001
        "$1" --json handshake -6 7001 --data "@$3"
        wait $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/heard" "$BATS_TEST_TMPDIR/large"
    expect_orderly
    cmp "$BATS_TEST_TMPDIR/heard" "$BATS_TEST_TMPDIR/large"
    events <<'PY'
sizes = [len(payload(p)) for p in sent if payload(p)]
assert max(sizes) == 1440 and sum(sizes) == 60000, sizes
PY
}

@test "python's http.server, ten times in a row" {
    mkdir "$BATS_TEST_TMPDIR/www"
    echo 'a page of python' > "$BATS_TEST_TMPDIR/www/page"
    box '
        python3 -m http.server -b 127.0.0.1 -d "$2" 7002 > /dev/null 2>&1 & server=$!
        listening 7002
        for i in 1 2 3 4 5 6 7 8 9 10; do
            "$1" --json handshake 7002 --data "GET /page HTTP/1.0\r\n\r\n"
        done
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/www"
    expect_orderly
    events <<'PY'
assert len(of('start')) == len(of('summary')) == 10
answers = b''.join(map(payload, received))
assert answers.count(b'a page of python') == 10 and answers.count(b'200 OK') == 10
PY
}

@test "nginx, two at once" {
    need nginx
    local dir=$BATS_TEST_TMPDIR
    mkdir "$dir/www"
    echo 'a page of nginx' > "$dir/www/index.html"
    # Started by root its workers would be nobody, who may not look into root's folders.
    cat > "$dir/nginx.conf" <<CONF
$(! is_root || echo 'user root;')
daemon off;
pid $dir/pid;
error_log $dir/error.log;
events { }
http {
    access_log off;
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3;
    uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    server { listen 127.0.0.1:7003; root $dir/www; }
}
CONF
    box '
        nginx -c "$2/nginx.conf" -e "$2/error.log" & server=$!
        listening 7003
        "$1" --json handshake 7003 --data "$3" > "$2/a" & a=$!
        "$1" --json handshake 7003 --data "$3" > "$2/b" & b=$!
        wait $a; wait $b
        cat "$2/a" "$2/b"
        kill $server' "$LOOPCRAFT" "$dir" "$GET"
    expect_orderly
    events <<'PY'
answers = b''.join(map(payload, received))
assert answers.count(b'Server: nginx') == 2
assert answers.count(b'a page of nginx') == 2
PY
}

@test "sshd talks first: its banner" {
    need sshd ssh-keygen
    local dir=$BATS_TEST_TMPDIR
    ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
    # Root's sshd wants a folder for privilege separation, in /run: it gets one of its own.
    cat > "$dir/sshd" <<'START'
[ "$(id -u)" != 0 ] || { mount -t tmpfs none /run && mkdir -m 755 /run/sshd; }
exec "$(command -v sshd)" "$@"
START
    box '
        ${3:+unshare -m} bash "$2/sshd" -D -e -f /dev/null -h "$2/key" -o PidFile=none -o ListenAddress=127.0.0.1:7004 \
            2> /dev/null & server=$!
        listening 7004
        "$1" --json handshake 7004
        kill $server' "$LOOPCRAFT" "$dir" "$(! is_root || echo root)"
    exits 0
    events <<'PY'
assert b''.join(map(payload, received)).startswith(b'SSH-2.0-')
first = packets.index([p for p in packets if payload(p)][0])
assert packets[first] in received        # the server's word is the first
PY
}

# --- what is lost comes again ----------------------------------------------------------

# A handshake with data while the first packet of a kind is lost; RULE matches that kind.
lose_first() { # HOOK RULE
    box '
        nft "table inet test { chain c { type filter hook $2 priority -400;
                 $3 numgen inc mod 1000000 == 0 counter drop; }; }"
        "$1" --json handshake 8080 --data "$4"
        nft list table inet test | grep "counter packets 1 bytes" > /dev/null
        nft delete table inet test' "$LOOPCRAFT" "$1" "$2" "$GET"
    expect_orderly
}

@test "the first SYN is lost: the same SYN again, and it succeeds" {
    lose_first input 'tcp dport 8080 tcp flags & (syn | ack) == syn'
    events <<'PY'
assert [flags(p) for p in packets[:3]] == ['S', 'S', 'SA']
assert show(packets[0], 'tcp.seq_raw') == show(packets[1], 'tcp.seq_raw')
assert 'again' in packets[1]['note']
assert b'200 OK' in b''.join(map(payload, received))
PY
}

@test "the first data is lost: the same data again, and it succeeds" {
    lose_first input 'tcp dport 8080 tcp flags & psh == psh'
    events <<'PY'
said = [p for p in sent if payload(p)]
assert len(said) == 2 and payload(said[0]) == payload(said[1])
assert show(said[0], 'tcp.seq_raw') == show(said[1], 'tcp.seq_raw')
assert 'once more' in said[1]['note']
assert b'200 OK' in b''.join(map(payload, received))
PY
}

@test "the first SYN-ACK is lost: a second one comes, and it succeeds" {
    # At output it is not even seen: to us it looks like a lost SYN.
    lose_first output 'tcp sport 8080 tcp flags & (syn | ack) == (syn | ack)'
    events <<'PY'
assert [flags(p) for p in packets[:3]] == ['S', 'S', 'SA']
PY
}

@test "our first FIN is lost: it comes again, and it succeeds" {
    lose_first input 'tcp dport 8080 tcp flags & fin == fin'
    events <<'PY'
assert [flags(p) for p in sent].count('FA') == 2
PY
}
