#!/usr/bin/env bats
# json.bats: --json as DESIGN.md fixes it: one object a line, and nothing else on stdout.
load lib

# What holds of any output: types, and the members that programs rely on, of their types.
expect_shape() {
    events <<'PY'
assert text.endswith(b'\n') and b'\r' not in text
known = {'start', 'packet', 'verdict', 'summary', 'step', 'port', 'error'}
assert {e['type'] for e in events} <= known, {e['type'] for e in events} - known
is_text = lambda value: isinstance(value, str)
is_count = lambda value: type(value) is int and value >= 0
for e in of('start'):
    assert is_text(e['command']) and e['world'] in ('sandbox', 'host', 'file'), e
for v in verdicts:
    assert list(v) == ['type', 'proto', 'addr', 'port', 'state', 'reason', 'tries', 'rtt_us', 'evidence']
    assert v['proto'] == 'tcp' and v['addr'] in ('127.0.0.1', '::1') and 1 <= v['port'] <= 65535
    assert v['state'] in ('open', 'closed', 'filtered', 'open|filtered', 'unfiltered')
    assert is_text(v['reason']) and is_text(v['evidence']) and v['evidence']
    assert is_count(v['tries']) and (v['rtt_us'] is None or v['rtt_us'] > 0)
for i, p in enumerate(packets):
    assert {'number', 'time', 'direction', 'len', 'caplen', 'note', 'bytes', 'layers'} <= set(p)
    assert p['number'] == i + 1 and p['direction'] in ('sent', 'received', 'unknown')
    assert is_text(p['time']) and len(p['time'].split('.')[1]) == 9 and float(p['time']) > 0
    assert p['caplen'] == len(bytes.fromhex(p['bytes'])) <= p['len'] and is_text(p['note'])
    assert p['note'] == p['note'].strip(), p['note']
    for layer in p['layers']:
        assert {'name', 'pos', 'size', 'fields'} <= set(layer)
        for f in layer['fields']:
            assert ('name' in f) != ('label' in f), f
            assert is_count(f['pos']) and is_count(f['size']) and is_text(f['show']) and is_text(f['value'])
            assert f['pos'] + f['size'] <= p['caplen'], f
            assert f.get('origin') in (None, 'you', 'loopcraft', 'libnet', 'kernel'), f
for s in of('summary'):
    assert events[-1] is s and type(s['partial']) is bool
    assert is_count(s['sent']) and is_count(s['received']) and s['dropped'] == 0
    assert sum(s['states'].values()) == len(verdicts)
for e in of('error'):
    assert events[-1] is e and is_count(e['status']) and is_text(e['message'])
PY
}

@test "every line of every command is an object of a known shape" {
    lc -S --json syn 8080-8084
    exits 0
    expect_shape
    lc -S --json -6 connect 8080 8081
    exits 0
    expect_shape
    lc -S --json handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$BATS_TEST_TMPDIR/h.pcapng"
    exits 0
    expect_shape
    lc --json dump "$BATS_TEST_TMPDIR/h.pcapng"
    exits 0
    expect_shape
    lc --json sandbox --list
    exits 0
    expect_shape
}

@test "the first object says what runs, which version, and where" {
    lc --version
    version=$(cut -d ' ' -f 2 "$out")
    for command in 'syn 8081' 'connect 8081' 'handshake 8081'; do
        # shellcheck disable=SC2086 # words of a command
        lc -S --json $command
        events <<PY
assert events[0]['type'] == 'start' and len(of('start')) == 1
assert (events[0]['command'], events[0]['world']) == ('${command% *}', 'sandbox')
assert events[0]['version'] == '$version'
PY
    done
}

@test "DESIGN.md's example: the SYN flag of a packet, as PDML has it" {
    lc -S --json syn 8082 -w "$BATS_TEST_TMPDIR/s.pcapng"
    exits 0
    shark -r "$BATS_TEST_TMPDIR/s.pcapng" -c 1 -T pdml > "$BATS_TEST_TMPDIR/pdml"
    events <<PY
from xml.etree import ElementTree
wanted = ElementTree.parse('$BATS_TEST_TMPDIR/pdml').find('.//field[@name="tcp.flags.syn"]')
ours = field(packets[0], 'tcp.flags.syn')
for key in ('name', 'show', 'value'):
    assert ours[key] == wanted.get(key), key
assert (ours['pos'], ours['size']) == (47, 1) == (int(wanted.get('pos')), int(wanted.get('size')))
assert ours['means']
PY
}

@test "an error is an object too, the last, and a line on stderr all the same" {
    lc -S --json syn 0
    exits 2
    complains '"0"'
    expect_shape
    events <<'PY'
assert [e['type'] for e in events] == ['error'] and events[0]['status'] == 2 and '"0"' in events[0]['message']
PY
    lc --json syn 53 --to 8.8.8.8
    exits 3
    expect_shape
    events <<'PY'
assert [e['status'] for e in of('error')] == [3] and not packets
PY
    lc --json dump "$BATS_TEST_TMPDIR/missing"
    exits 2
    expect_shape
    events <<'PY'
assert [e['status'] for e in of('error')] == [2]
PY
}

@test "an error of the options themselves is an object too, wherever --json stands" {
    for words in '--json syn --bogus' 'syn --bogus --json' '--json no-such' 'no-such --json'; do
        # shellcheck disable=SC2086 # words of a command
        lc $words
        echo "$words"
        exits 2
        complains
        events <<'PY'
assert [(e['type'], e['status']) for e in events] == [('error', 2)]
PY
    done
}

@test "lines come as things happen: the first packet is there while the command holds" {
    mkfifo "$BATS_TEST_TMPDIR/said"
    "$LOOPCRAFT" -S --json handshake 8080 --stop-after syn --hold 60 > "$BATS_TEST_TMPDIR/said" 3>&- &
    exec 7< "$BATS_TEST_TMPDIR/said"
    for want in start packet step; do
        read -r -t 20 line <&7
        [[ $line == "{\"type\":\"$want\","* ]]
    done
    kill -TERM $!
    timeout 20 cat <&7 > "$BATS_TEST_TMPDIR/rest"
    exec 7<&-
    status=0
    wait $! || status=$?
    same "$status" 143
    tail -n 1 "$BATS_TEST_TMPDIR/rest" | grep -q '"partial":true'
}
