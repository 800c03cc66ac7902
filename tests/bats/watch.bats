# watch.bats: packets as they pass, and what ordinary traffic does not have.
load lib

# The rules that were told of, each once, sorted, one line.
rules() { # [FILE]
    events "${1:-$out}" <<< 'print(" ".join(sorted({e["rule"] for e in of("anomaly")})))'
}

# In a sandbox: watches what the script does, which begins when the watch stands. $seen is the file.
# Others of the same user may join the sandbox meanwhile: -f keeps them out.
watched() { # WATCH-OPTIONS SCRIPT
    seen=$BATS_TEST_TMPDIR/seen
    rm -f "$seen"
    box '
        seen=$1 options=$2
        eval "exec \"\$LOOPCRAFT\" watch $options" > "$seen" &
        watch=$!
        until_true test -s "$seen"
        eval "$3"
        kill -INT $watch
        wait $watch || [ $? = 130 ]
    ' "$seen" "$1" "$2"
    exits 0
}

@test "nmap -sS -sF -sN -sX -sA: each named, by its packets" {
    need nmap
    local scan rule
    while read -r scan rule; do
        watched "--json -f 'tcp port 40000'" "nmap -g 40000 -n -Pn --privileged --send-ip $scan -p 8000-8099 127.0.0.1 > /dev/null"
        events "$seen" <<PY
anomalies = of('anomaly')
rules = {a['rule'] for a in anomalies}
assert '$rule' in rules, rules
assert 'port-sweep' in rules, rules
other = {'null', 'xmas', 'fin', 'no-handshake', 'half-open'} - {'$rule'}
assert not rules & other, rules
first = next(a for a in anomalies if a['rule'] == '$rule')
packet = next(p for p in packets if p['number'] == first['packet'])
assert '$rule' in packet['note'], packet['note']
assert first['from'].startswith('127.0.0.1:') and first['evidence'] and first['means'], first
summary = of('summary')[0]
assert summary['dropped'] == 0 and summary['partial'] is True, summary
assert summary['anomalies']['port-sweep'] >= 98, summary
assert summary['anomalies']['$rule'] >= (1 if '$rule' == 'half-open' else 98), summary
PY
    done <<'SCANS'
-sS half-open
-sF fin
-sN null
-sX xmas
-sA no-handshake
SCANS
}

@test "captures of ordinary programs: silent; those of nmap, hping3 and scapy: named" {
    local file
    for file in dns http lan links loss ncat nginx ping scapy-dns scapy-link ssh traceroute; do
        lc watch --json "tests/captures/$file.pcapng"
        exits 0
        same "$file: $(rules)" "$file: "
    done
    while read -r file want; do
        lc watch --json "tests/captures/$file.pcapng"
        exits 0
        same "$file $(rules)" "$file $want"
    done <<'WANT'
loopcraft half-open
hping3 bad-checksum half-open tiny-fragment xmas
nmap bad-checksum fin half-open no-handshake null reserved-bits syn-data syn-fin syn-rst tiny-fragment ttl-change xmas
scapy bad-checksum client-port fin no-ack null port-sweep reserved-bits rst-fin syn-data syn-fin syn-rst tiny-fragment xmas
scapy6 bad-checksum fin no-ack null overlapping-fragments port-sweep reserved-bits rst-fin syn-fin syn-rst tiny-fragment xmas
WANT
}

@test "captures that begin in the middle of connections: silent" {
    need editcap
    local file
    for file in http nginx ssh ncat loss; do
        for first in 2 3 4 5 7 9 12; do
            editcap -r "tests/captures/$file.pcapng" "$BATS_TEST_TMPDIR/rest.pcapng" "$first-9999"
            lc watch --json "$BATS_TEST_TMPDIR/rest.pcapng"
            exits 0
            same "$file from $first: $(rules)" "$file from $first: "
        done
    done
}

@test "a browser's worth of connections: silent, and none lost" {
    need curl python3
    watched "--json -f 'tcp port 8090'" '
        cd "$(mktemp -d)"
        seq 20000 > page
        python3 -m http.server --bind 127.0.0.1 8090 > /dev/null 2>&1 &
        listening 8090
        for i in {1..150}; do printf "url=http://127.0.0.1:8090/page\noutput=/dev/null\n"; done > urls
        curl -sZ --parallel-immediate --parallel-max 60 -K urls --retry 3
    '
    same "$(rules "$seen")" ""
    events "$seen" <<< '
assert len(packets) > 1000, len(packets)
assert of("summary")[0]["dropped"] == 0'
}

@test "a database session: silent" {
    need redis-server redis-cli
    watched "--json -f 'tcp port 6390'" '
        redis-server --port 6390 --bind 127.0.0.1 --save "" --daemonize no > /dev/null 2>&1 &
        listening 6390
        for i in {1..30}; do redis-cli -p 6390 set key$i value$i; done > /dev/null
        seq 500 | sed "s/.*/incr counter/" | redis-cli -p 6390 > /dev/null
        redis-cli -p 6390 shutdown nosave || :
    '
    same "$(rules "$seen")" ""
}

@test "a database session over plain sockets: silent" {
    need python3
    watched "--json -f 'tcp port 5433'" '
        python3 -I - <<PY
import socket, sqlite3, threading
def serve(listener):
    for _ in range(20):
        peer, _ = listener.accept()
        database = sqlite3.connect(":memory:")
        lines = peer.makefile("rw")
        for line in lines:
            lines.write(repr(database.execute(line).fetchall()) + "\n")
            lines.flush()
        peer.close()
listener = socket.create_server(("127.0.0.1", 5433))
threading.Thread(target=serve, args=[listener]).start()
for session in range(20):
    client = socket.create_connection(("127.0.0.1", 5433))
    lines = client.makefile("rw")
    for query in ["create table t (a, b)"] + ["insert into t values (1, 2)"] * 20 + ["select * from t"]:
        lines.write(query + "\n")
        lines.flush()
        lines.readline()
    lines.close()
    client.close()
PY
    '
    same "$(rules "$seen")" ""
    events "$seen" <<< 'assert len(packets) > 800, len(packets)'
}

@test "all ports at full speed: none lost, or counted; told in a handful of lines" {
    need nmap
    watched '-q --color=never' 'nmap -n -Pn --privileged --send-ip -sS -p- 127.0.0.1 > /dev/null'
    [ "$(grep -c '^!' "$seen")" -le 12 ]
    has "$seen" '! port-sweep' 'TCP ports' 'Harmless:'
    local packets lost
    packets=$(sed -n 's/^\([0-9]*\) packets.*/\1/p' "$seen")
    lost=$(sed -n 's/^\([0-9]*\) packets\{0,1\} w.* dropped.*/\1/p' "$seen")
    [ $((packets + ${lost:-0})) -ge 131070 ]
}

@test "-f: what is looked at; -Y: what is told; --count; --for" {
    lc watch --json -f 'tcp port 53' tests/captures/nmap.pcapng
    exits 0
    events <<< '
assert packets and all("53" in (show(p, "tcp.srcport"), show(p, "tcp.dstport")) for p in packets)
assert of("summary")[0]["received"] == len(packets)'
    lc watch --json -Y 'tcp.flags == 0' tests/captures/nmap.pcapng
    exits 0
    same "$(rules)" null
    events <<< '
assert packets and all(number(p, "tcp.flags") == 0 for p in packets)
assert of("summary")[0]["received"] > len(packets)'
    lc watch --json --count 3 tests/captures/http.pcapng
    exits 0
    events <<< 'assert [p["number"] for p in packets] == [1, 2, 3]'
    lc watch --json --for 0 tests/captures/http.pcapng
    exits 0
    events <<< 'assert len(packets) == 1'
    box '"$LOOPCRAFT" watch --json --for 0.2'
    exits 0
    events <<< 'assert of("summary")[0]["partial"] is False'
    box '
        "$LOOPCRAFT" watch --json --count 4 -f "udp port 9000" > "$1" &
        until_true test -s "$1"
        "$LOOPCRAFT" -q syn 8080 > /dev/null
        "$LOOPCRAFT" -q udp 9000 9000 > /dev/null
        "$LOOPCRAFT" -q udp 9000 > /dev/null
        "$LOOPCRAFT" -q udp 9000 > /dev/null
        wait $!
        cat "$1"
    ' "$BATS_TEST_TMPDIR/few"
    exits 0
    events <<< '
assert len(packets) == 4
assert all("9000" in (show(p, "udp.srcport"), show(p, "udp.dstport")) for p in packets)'
}

@test "brief lines; -v: every byte; -q: anomalies alone; -w: what was found stands in the comments" {
    lc watch --color=never tests/captures/hping3.pcapng
    exits 0
    has "$out" 'watch · tests/captures/hping3.pcapng' '! xmas  #17' 'Harmless:' '4 kinds of anomalies:'
    lacks "$out" 'ip.ttl  '
    lc watch --color=never -v --count 2 tests/captures/hping3.pcapng
    exits 0
    has "$out" 'ip.ttl' 'tcp.seq_raw'
    lc watch --color=never -q tests/captures/hping3.pcapng -w "$BATS_TEST_TMPDIR/w.pcapng"
    exits 0
    [ "$(wc -l < "$out")" -lt 30 ]
    need tshark
    has <(shark -r "$BATS_TEST_TMPDIR/w.pcapng" -Y 'frame.number == 17' -T fields -e frame.comment) \
        'Anomaly: xmas.'
    same "$(shark -r "$BATS_TEST_TMPDIR/w.pcapng" -T fields -e frame.number | wc -l)" 231
}

@test "a pipe, and what can't be read" {
    try bash -c '"$1" watch --json - < tests/captures/http.pcapng' - "$LOOPCRAFT"
    exits 0
    events <<< 'assert len(packets) == 99 and of("start")[0]["world"] == "file"'
    lc watch -q --color=never none.pcapng
    refused 2 none.pcapng
    lc watch -S tests/captures/http.pcapng
    refused 2 '-S'
    lc watch tests/captures/http.pcapng tests/captures/ssh.pcapng
    refused 2 'which one?'
    lc watch -f 'tcp.port == 80'
    refused 2 '-Y'
    lc watch --for never
    refused 2 '--for'
    head -c 5000 tests/captures/http.pcapng > "$BATS_TEST_TMPDIR/cut.pcapng"
    lc watch -q "$BATS_TEST_TMPDIR/cut.pcapng"
    exits 2
    complains
}

@test "Ctrl-C: what was captured before is shown, a summary, 128 + signal" {
    box '
        "$LOOPCRAFT" watch --color=never > "$1" &
        watch=$!
        until_true test -s "$1"
        "$LOOPCRAFT" -q syn 8080 > /dev/null
        kill -TERM $watch
        wait $watch || echo "status $?"
        cat "$1"
    ' "$BATS_TEST_TMPDIR/seen"
    exits 0
    has "$out" 'status 143' '3 packets, none lost' '(partial)' '! half-open  #3'
}

@test "what is run with -S joins the sandbox that a watch made" {
    is_root && skip "as root it would join a sandbox that runs already"
    "$LOOPCRAFT" watch --json > "$BATS_TEST_TMPDIR/seen" 3>&- &
    local watch=$!
    until_true test -s "$BATS_TEST_TMPDIR/seen"
    lc -S -q syn 8080
    exits 0
    kill -INT $watch
    wait $watch || [ $? = 130 ]
    same "$(rules "$BATS_TEST_TMPDIR/seen")" half-open
}

@test "every rule is explained" {
    lc explain --json anomaly port-sweep half-open-burst xmas
    lc explain --json xmas port-sweep half-open-burst ttl-change land
    exits 0
    events <<< 'assert sum(e["kind"] == "anomaly" for e in of("explanation")) == 5'
}
