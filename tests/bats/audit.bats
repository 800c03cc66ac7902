#!/usr/bin/env bats
# audit.bats: the open ports of this machine: real servers, bound in different ways, line by line.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

# A program that opens what it is told (tcp, udp or udp-on:INTERFACE, ADDR, PORT, and what it says
# to whoever comes), and then writes "ready".
serve() { cat > "$BATS_TEST_TMPDIR/serve.py" <<'PY'
import selectors, socket, sys
poll, kept = selectors.DefaultSelector(), []
for word in sys.argv[1:]:
    proto, addr, port, *says = word.split(',')
    family = socket.AF_INET6 if ':' in addr else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM if proto == 'tcp' else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, says != ['dual'])
    if proto.startswith('udp-on:'):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, proto[7:].encode())
    s.bind((addr, int(port)))
    kept.append(s)
    if proto == 'tcp':
        s.listen()
        greeting = says[0] if says and says != ['dual'] else ''
        poll.register(s, selectors.EVENT_READ, greeting.encode().decode('unicode_escape').encode('latin1'))
open('ready', 'w').close()
while True:
    for key, _ in poll.select():
        who, _ = key.fileobj.accept()
        who.sendall(key.data)
        kept.append(who)
PY
}

# The lines of $out as Python: port(443, 'tcp', bound) is the one with these.
ports() {
    { cat <<'PY'; cat; } | events
ports = of('port')
def port(number, proto='tcp', bound='any'):
    found = [p for p in ports if p['port'] == number and p['proto'] == proto
             and bound in ('any', p['bound'])]
    assert len(found) == 1, (number, proto, bound, [(p['port'], p['proto'], p['bound']) for p in ports])
    return found[0]
KEYS = '''type proto port concern state bound exposure service purpose encryption observed banner user
          pid pids_more program command_line unknown asked unasked finding advice instead'''.split()
for p in ports:
    assert list(p) == KEYS, list(p)
ORDER = ['program', 'unseen', 'exposed-plaintext', 'exposed-unknown', 'exposed-encrypted', 'loopback',
         'closed']
order = [(ORDER.index(p['concern']), p['port']) for p in ports]
assert order == sorted(order), order
PY
}

@test "the sandbox alone: what its table says, each practice server by three witnesses" {
    lc -S --json audit 8080-8082 9000 9002
    exits 0
    silent
    ports <<'PY'
assert of('start')[0]['world'] == 'sandbox'
http = port(8080, bound='127.0.0.1')
assert http['service'] == 'http-alt' and http['program'] == 'loopcraft' and http['exposure'] == 'loopback'
assert http['asked'] == [{'addr': '127.0.0.1', 'handmade': 'open', 'reason': 'syn-ack', 'connect': 'connected'}]
assert (http['encryption'], http['observed'], http['finding']) == ('plaintext', False, None)
assert port(8080, bound='::1')['asked'][0]['addr'] == '::1'
assert port(8081)['state'] == 'closed' and port(8082)['state'] == 'filtered'
assert port(8082)['asked'][0]['connect'] == 'no-response' and port(8082)['concern'] == 'closed'
assert port(9000, 'udp', '127.0.0.1')['state'] == 'open'
assert port(9002, 'udp', '::1')['state'] == 'open|filtered'
assert of('summary')[0]['states'] == {'loopback': 6, 'closed': 4}
PY
}

@test "real servers: nginx, sshd, dnsmasq, python, each line" {
    need nginx sshd ssh-keygen dnsmasq
    local dir=$BATS_TEST_TMPDIR
    ssh-keygen -q -t ed25519 -N '' -f "$dir/key"
    cat > "$dir/nginx.conf" <<CONF
$(! is_root || echo 'user root;')
daemon off;
worker_processes 2;
pid $dir/pid;
error_log $dir/error.log;
events { }
http {
    access_log off;
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2; fastcgi_temp_path $dir/t3;
    uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    server { listen 80; listen [::]:80; root $dir; }
}
CONF
    cat > "$dir/sshd" <<'START'
[ "$(id -u)" != 0 ] || { mount -t tmpfs none /run && mkdir -m 755 /run/sshd; }
exec "$(command -v sshd)" "$@"
START
    box '
        nginx -c "$2/nginx.conf" -e "$2/error.log" & a=$!
        ${3:+unshare -m} bash "$2/sshd" -D -e -f /dev/null -h "$2/key" -o PidFile=none \
            -o ListenAddress=127.0.0.1:22 2> /dev/null & b=$!
        dnsmasq -k -R -h -u "$(id -un)" -g "$(id -gn)" --pid-file= --log-facility=/dev/null \
            --conf-file=/dev/null -p 53 --listen-address=127.0.0.1,::1 --bind-interfaces & c=$!
        python3 -m http.server --bind :: -d "$2" 8000 > /dev/null 2>&1 & d=$!
        for port in 80 22 53 8000; do listening $port; done
        "$1" --json audit
        kill $a $b $c $d' "$LOOPCRAFT" "$dir" "$(! is_root || echo root)"
    exits 0
    silent
    ports <<PY
user = '$(id -un)'
for bound in '0.0.0.0', '::':
    web = port(80, bound=bound)
    assert (web['service'], web['state'], web['exposure']) == ('http', 'open', 'every interface'), web
    assert web['concern'] == 'exposed-plaintext' and web['instead'] == 'HTTPS (443)'
    assert web['program'] == 'nginx' and web['user'] == user and web['pids_more'] == 2, web
    assert [a['addr'] for a in web['asked']] == ['127.0.0.1' if bound == '0.0.0.0' else '::1']
ssh = port(22)
assert (ssh['bound'], ssh['exposure'], ssh['concern']) == ('127.0.0.1', 'loopback', 'loopback')
assert ssh['encryption'] == 'encrypted' and ssh['observed'] and ssh['banner'].startswith('SSH-2.0-')
assert ssh['program'] == 'sshd' and 'key' in ssh['command_line'] and ssh['finding'] is None
for proto in 'tcp', 'udp':
    for bound in '127.0.0.1', '::1':
        dns = port(53, proto, bound)
        assert dns['service'] == 'domain' and dns['program'] == 'dnsmasq', dns
        assert dns['state'] in ('open', 'open|filtered') and dns['finding'] is None, dns
        assert (dns['encryption'], dns['observed']) == ('plaintext', False)
dev = port(8000)  # one socket of IPv6 for both versions
assert dev['bound'] == '::' and dev['exposure'] == 'every interface' and dev['finding'] is None, dev
assert [(a['addr'], a['connect']) for a in dev['asked']] == [('::1', 'connected'), ('127.0.0.1', 'connected')]
assert dev['program'].startswith('python3') and 'not on 0.0.0.0' in dev['advice']
assert port(8080, bound='::1')['program'] == 'loopcraft'
# Those of the twenty that nobody has: closed, by both witnesses.
for number in (21, 23, 25, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1723, 3306, 3389, 5900):
    none = port(number)
    assert (none['concern'], none['state'], none['bound'], none['finding']) == ('closed', 'closed', None, None), none
    assert [(a['handmade'], a['connect']) for a in none['asked']] == [('closed', 'ECONNREFUSED')] * 2, none
PY
}

@test "redis: no password by default" {
    need redis-server
    box '
        redis-server --port 6379 --bind 127.0.0.1 --save "" --dir /tmp > /dev/null & server=$!
        listening 6379
        "$1" --json audit 6379
        kill $server' "$LOOPCRAFT"
    exits 0
    ports <<'PY'
redis = port(6379, bound='127.0.0.1')
assert redis['service'] == 'redis' and redis['program'].startswith('redis') and not redis['finding']
assert redis['encryption'] == 'plaintext' and 'password' in redis['advice']
PY
}

@test "postgresql, bound to every interface" {
    ! is_root || skip 'postgres does not run as root'
    local bin
    for bin in /usr/lib/postgresql/*/bin; do :; done # the newest
    [ -d "$bin" ] || skip 'needs postgresql'
    "$bin/initdb" -D "$BATS_TEST_TMPDIR/data" -A trust > /dev/null
    box '
        "$2/postgres" -D "$3/data" -p 5432 -h "*" -k "$3" > /dev/null 2>&1 & server=$!
        listening 5432
        "$1" --json audit 5432
        kill $server' "$LOOPCRAFT" "$bin" "$BATS_TEST_TMPDIR"
    exits 0
    ports <<'PY'
for bound in '0.0.0.0', '::':
    db = port(5432, bound=bound)
    assert db['service'] == 'postgresql' and db['program'] == 'postgres' and db['state'] == 'open'
    assert db['concern'] == 'exposed-plaintext' and db['encryption'] == 'upgradable'
    assert 'must not face the internet' in db['advice'] and db['finding'] is None
PY
}

@test "TLS is seen, not believed: openssl on 443, and plaintext where it should be" {
    need openssl
    serve
    local dir=$BATS_TEST_TMPDIR
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/k" -out "$dir/c" -days 2 -subj /CN=x 2> /dev/null
    box '
        openssl s_server -accept 443 -key "$2/k" -cert "$2/c" -quiet 2> /dev/null & a=$!
        openssl s_server -accept 993 -tls1_3 -key "$2/k" -cert "$2/c" -quiet 2> /dev/null & b=$!
        cd "$2"
        python3 serve.py "tcp,127.0.0.1,8443,220 hello\\r\\n" & c=$!
        until_true test -e ready
        for port in 443 993; do listening $port; done
        "$1" --json audit 443,993,8443
        kill $a $b $c' "$LOOPCRAFT" "$dir"
    exits 0
    ports <<'PY'
for number in 443, 993:
    seen = [p for p in ports if p['port'] == number and p['bound']]
    assert seen and all((p['encryption'], p['observed']) == ('encrypted', True) for p in seen), seen
plain = port(8443, bound='127.0.0.1')
assert (plain['encryption'], plain['observed']) == ('plaintext', True), plain
assert 'usually encrypted' in plain['finding']
PY
}

@test "a hello in TLS that comes back is an echo, not TLS" {
    need ncat
    box '
        ncat -lk 127.0.0.1 993 -e /bin/cat & echo=$!
        listening 993
        "$1" --json -4 audit 993
        kill $echo' "$LOOPCRAFT"
    exits 0
    ports <<'PY'
echo = port(993, bound='127.0.0.1')
assert (echo['encryption'], echo['observed']) == ('plaintext', True), echo
PY
}

@test "bound in every way: what is asked where, and what is told from the table alone" {
    serve
    box '
        cd "$2"
        ip addr add 10.9.9.1/32 dev lo
        other=udp; on=0
        if ip link add d0 type dummy 2> /dev/null; then other=udp-on:d0; on=1; fi
        python3 serve.py tcp,127.0.0.1,7001 tcp,127.0.0.2,7002 tcp,0.0.0.0,7003 tcp,::1,7004 tcp,::,7005 \
            tcp,::,7006,dual tcp,10.9.9.1,7007 tcp,0.0.0.0,7008 tcp,127.0.0.1,7008,mine \
            tcp,::ffff:127.0.0.3,7009,dual udp,127.0.0.1,161 udp,127.0.0.1,40000 udp,127.0.0.1,7010 \
            udp,10.9.9.1,7011 $other,0.0.0.0,7012 & server=$!
        until_true test -e ready
        "$1" --json audit
        echo "{\"type\":\"on\",\"on\":$on}"
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    silent
    ports <<'PY'
def asked(p): return [a['addr'] for a in p['asked']]
for number, bound, exposure, where in (
        (7001, '127.0.0.1', 'loopback', ['127.0.0.1']), (7002, '127.0.0.2', 'loopback', ['127.0.0.2']),
        (7003, '0.0.0.0', 'every interface', ['127.0.0.1']), (7004, '::1', 'loopback', ['::1']),
        (7005, '::', 'every interface', ['::1']), (7006, '::', 'every interface', ['::1', '127.0.0.1']),
        (7009, '127.0.0.3', 'loopback', ['127.0.0.3'])):
    p = port(number)
    assert (p['bound'], p['exposure'], asked(p), p['state']) == (bound, exposure, where, 'open'), p
    assert p['finding'] is None and p['encryption'] is None and p['service'] is None, p
    assert p['concern'] == ('loopback' if exposure == 'loopback' else 'exposed-unknown')
alone = port(7007)  # bound to an address that the guard would refuse
assert alone['bound'] == '10.9.9.1' and alone['exposure'] == 'one address' and not alone['asked']
assert alone['state'] is None and 'not loopback' in alone['unasked'] and alone['finding'] is None
# Two sockets of one port: the one for all addresses is asked where the other is not.
assert asked(port(7008, bound='127.0.0.1')) == ['127.0.0.1'] and port(7008, bound='127.0.0.1')['banner'] == 'mine'
assert asked(port(7008, bound='0.0.0.0')) == ['127.0.0.2'] and port(7008, bound='0.0.0.0')['banner'] is None
# UDP: one datagram, and none where it would be written down, or taken for an answer.
assert 'writes down' in port(161, 'udp')['unasked'] and 'client' in port(40000, 'udp')['unasked']
assert port(7010, 'udp')['state'] == 'open|filtered' and not port(7011, 'udp')['asked']
other = port(7012, 'udp')
if of('on')[0]['on']:
    assert other['exposure'] == 'one interface' and 'another interface' in other['unasked'], other
PY
}

@test "UDP is asked once, with an empty datagram" {
    serve
    box '
        cd "$2"
        python3 serve.py udp,127.0.0.1,7010 udp,127.0.0.1,161 & server=$!
        until_true test -e ready
        tcpdump -i lo -n --immediate-mode -U -w lo.pcap udp 2> said & watcher=$!
        until_true grep -q listening said
        "$1" --json audit > /dev/null
        until_true test -s lo.pcap
        kill -INT $watcher; wait $watcher
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    shark -r "$BATS_TEST_TMPDIR/lo.pcap" -Y 'udp && !icmp' -T fields -e udp.dstport -e udp.length \
        | awk '$1 < 61000' | sort > "$BATS_TEST_TMPDIR/asked"
    # The sandbox's own two, by both versions of IP, and ours; each once.
    same "$(cat "$BATS_TEST_TMPDIR/asked")" $'7010\t8\n9000\t8\n9000\t8\n9002\t8\n9002\t8'
}

@test "a firewall before a listener: dropped, rejected, reset in its name" {
    serve
    box '
        cd "$2"
        python3 serve.py tcp,0.0.0.0,7001 tcp,127.0.0.1,7002 tcp,127.0.0.1,7003 udp,127.0.0.1,7004 \
            tcp,127.0.0.1,7005 & server=$!
        until_true test -e ready
        nft "table inet test { chain input { type filter hook input priority -10;
                 tcp dport 7001 drop; tcp dport 7002 reject with icmpx type admin-prohibited;
                 tcp dport 7003 reject with tcp reset;
                 udp dport 7004 reject with icmpx type admin-prohibited;
                 tcp dport 7005 tcp sport 61000-61999 drop; }; }"
        "$1" --json audit
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    ports <<'PY'
drop = port(7001)
assert drop['state'] == 'filtered' and drop['exposure'] == 'every interface'
assert drop['asked'] == [{'addr': '127.0.0.1', 'handmade': 'filtered', 'reason': 'no-response',
                          'connect': 'no-response'}]
assert 'firewall stands before it' in drop['finding'] and drop['program'].startswith('python')
reject = port(7002)
assert reject['asked'][0]['reason'] == 'admin-prohibited' and 'admin-prohibited' in reject['finding']
assert reject['asked'][0]['connect'] == 'EHOSTUNREACH'
reset = port(7003)
assert reset['state'] == 'closed' and 'refuses in its name' in reset['finding']
assert reset['asked'][0]['connect'] == 'ECONNREFUSED'
assert 'admin-prohibited' in port(7004, 'udp')['finding']
unequal = port(7005)
assert unequal['asked'][0]['connect'] == 'connected' and unequal['asked'][0]['handmade'] == 'filtered'
assert 'differently' in unequal['finding']
assert len([p for p in ports if p['finding']]) == 5
PY
}

@test "a server whose queue is full: no firewall is blamed; a long command line is cut, and says so" {
    cat > "$BATS_TEST_TMPDIR/busy.py" <<'PY'
import socket, subprocess, sys
listener = socket.create_server(('127.0.0.1', 7001), backlog=0)
waits = socket.create_connection(('127.0.0.1', 7001))  # accepted by the kernel, never by us
sys.exit(subprocess.call([sys.argv[1], '--json', 'audit', '7001']))
PY
    box 'python3 "$2/busy.py" "$1" "$(printf "%300s" end)"' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    silent
    ports <<'PY'
busy = port(7001, bound='127.0.0.1')
assert busy['asked'][0]['connect'] == 'no-response' and busy['state'] == 'filtered'
assert 'queue is full (waiting: 1, backlog: 0)' in busy['finding'] and 'firewall' not in busy['finding']
assert busy['command_line'].endswith('...') and len(busy['command_line']) == 255, busy
PY
}

@test "an answer without a socket: redirected, or in another namespace" {
    serve
    box '
        cd "$2"
        python3 serve.py tcp,127.0.0.1,7001 & server=$!
        until_true test -e ready
        nft "table ip test { chain output { type nat hook output priority -100;
                 tcp dport 3306 redirect to :7001; }; }"
        "$1" --json audit
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    ports <<'PY'
unseen = port(3306)
assert unseen['concern'] == 'unseen' and ports[0] is unseen, ports[0]
assert unseen['bound'] is unseen['user'] is unseen['pid'] is unseen['exposure'] is None
assert 'no socket is in sight' in unseen['finding'] and '127.0.0.1' in unseen['finding']
assert [(a['addr'], a['connect']) for a in unseen['asked']] == [('127.0.0.1', 'connected'), ('::1', 'ECONNREFUSED')]
assert port(7001)['finding'] is None
PY
}

@test "programs that do not belong on their port: a shell, a tool, a stranger, another server" {
    need ncat
    local dir=$BATS_TEST_TMPDIR name
    for name in bash ncat wibble sshd; do cp "$(command -v ncat)" "$dir/$name"; done
    box '
        cd "$2"
        ./bash -lk 0.0.0.0 443 & a=$!
        ./ncat -lk 127.0.0.1 7001 & b=$!
        ./wibble -lk 127.0.0.1 5432 & c=$!
        ./sshd -lk 127.0.0.1 25 & d=$!
        ./wibble -lk 127.0.0.1 7002 & e=$!
        for port in 443 7001 5432 25 7002; do listening $port; done
        rm wibble
        "$1" --json audit
        kill $a $b $c $d $e' "$LOOPCRAFT" "$dir"
    exits 0
    ports <<'PY'
assert [p['port'] for p in ports if p['concern'] == 'program'] == [25, 443, 5432, 7001]
shell = port(443, bound='0.0.0.0')
assert shell['program'] == 'bash' and 'shell' in shell['finding'] and shell['command_line'] == './bash -lk 0.0.0.0 443'
assert 'server of anything' in port(7001)['finding']
assert 'not known here as one for postgresql' in port(5432, bound='127.0.0.1')['finding']
assert 'removed' in port(5432, bound='127.0.0.1')['finding']
assert 'not for smtp' in port(25, bound='127.0.0.1')['finding']
assert port(7002)['concern'] == 'loopback' # no service is known there: nothing to be odd about
PY
}

@test "hostile names, command lines and greetings reach no terminal, JSON or report raw" {
    need ncat
    local dir=$BATS_TEST_TMPDIR evil
    evil=$'e\e[31m|*_`<b>\u202e[x](http:y)'
    cp "$(command -v ncat)" "$dir/$evil"
    serve
    box '
        cd "$2"
        "./$3" -lk 127.0.0.1 7001 & a=$!
        python3 serve.py "tcp,127.0.0.1,7002,\\x1b]0;x\\x07\\xff|<script>www.evil.test" & b=$!
        until_true test -e ready
        listening 7001
        "$1" --json audit > json
        "$1" audit --report report.md > text
        kill $a $b' "$LOOPCRAFT" "$dir" "$evil"
    exits 0
    harmless "$dir/json"
    harmless "$dir/text"
    harmless "$dir/report.md"
    has "$dir/text" 'e\x1b[31m' '\x1b]0;x\x07'
    lacks "$dir/report.md" '<b>' '<script>' '[x]' 'http:' 'www.evil'
    same "$(grep '^| 70' "$dir/report.md" | sed 's/\\|//g' | awk -F'|' '{ print NF }' | sort -u)" 10
}

@test "the table fits 40, 80 and 120 columns; --ascii is plain" {
    local width
    for width in 40 80 120; do
        COLUMNS=$width lc -S audit
        exits 0
        same "$(awk -v width=$width 'length > width' "$out")" ''
        has "$out" 'sandbox' '8080/tcp' 'in use'
    done
    lc -S --ascii audit
    same "$(LC_ALL=C grep -P '[^\x00-\x7f]' "$out" || true)" ''
    lc -S -q audit 8080
    lacks "$out" 'asked'
}

teardown() { [ -z "${folder:-}" ] || rm -r "$folder"; }

@test "--report: a page with the same ports, and what was left out; under sudo the caller's" {
    local dir=$BATS_TEST_TMPDIR
    lc -S audit --report "$dir/a.md"
    exits 0
    has "$dir/a.md" '# Ports of ' '- Where: sandbox' '| 8080/tcp | http-alt | open | loopback |' '## Findings' \
        '9002/udp' '## What was left out' 'Nothing.'
    lc -S audit --report /dev/full
    exits 4
    complains 'report' 'No space left'
    lc -S audit --report "$dir/none/a.md"
    refused 4 'a.md'
    lc -S audit --report -
    refused 2 '--report'
    is_root || return 0
    folder=$(mktemp -d "${TMPDIR:-/tmp}/loopcraft.XXXXXX") # bats' own are closed to others
    chmod 777 "$folder"
    SUDO_UID=65534 SUDO_GID=65534 lc -S audit --report "$folder/b.md"
    exits 0
    same "$(stat -c %u "$folder/b.md")" 65534
}

@test "with root it is about the host: all three witnesses, and nothing is left there" {
    need_root "the host's lo is for root alone"
    serve
    try unshare -n bash -euc '
        ip link set lo up
        cd "$2"
        python3 serve.py tcp,0.0.0.0,7001 udp,127.0.0.1,7002 & server=$!
        while [ ! -e ready ]; do :; done
        "$1" --json audit
        nft list ruleset >&2
        kill $server' host "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    silent
    ports <<'PY'
assert of('start')[0]['world'] == 'host' and 'real loopback' in of('start')[0]['place'] and not notes
assert port(7001)['asked'] == [{'addr': '127.0.0.1', 'handmade': 'open', 'reason': 'syn-ack', 'connect': 'connected'}]
assert port(7001)['program'].startswith('python3') and port(7001)['user'] == 'root'
assert port(7002, 'udp')['state'] == 'open|filtered'
PY
}

@test "without privilege: this machine's sockets and connect(); what was left out is said" {
    serve
    # A namespace where nobody has privilege any more: as an ordinary user on a host.
    cat > "$BATS_TEST_TMPDIR/drop" <<'RUN'
ip link set lo up
cd "$2"
none=(setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all)
if [ "$3" ]; then server=() none+=(--reuid=65534 --regid=65534 --clear-groups); else server=("${none[@]}"); fi
"${server[@]}" python3 serve.py tcp,127.0.0.1,7001 udp,0.0.0.0,7002 & server=$!
while [ ! -e ready ]; do :; done
"${none[@]}" "$1" --json audit
kill $server
RUN
    need setpriv
    if is_root; then
        try unshare -n bash -eu "$BATS_TEST_TMPDIR/drop" "$LOOPCRAFT" "$BATS_TEST_TMPDIR" root
    else
        # In a user namespace of one's own, and out of root's part in it.
        try unshare -Un --map-current-user --keep-caps bash -eu "$BATS_TEST_TMPDIR/drop" "$LOOPCRAFT" "$BATS_TEST_TMPDIR" ''
    fi
    exits 0
    silent
    ports <<PY
assert of('start')[0]['world'] == 'host' and 'without privilege' in of('start')[0]['place']
tcp, udp = port(7001), port(7002, 'udp')
assert tcp['asked'] == [{'addr': '127.0.0.1', 'handmade': None, 'reason': None, 'connect': 'connected'}]
assert tcp['state'] == 'open' and udp['state'] is None and 'privilege' in udp['unasked']
assert udp['exposure'] == 'every interface' and tcp['user'] == '$(id -un)'
assert any('handmade probes' in n for n in notes), notes
if $(is_root && echo True || echo False): # a server of root's, asked about by nobody
    assert tcp['pid'] is None and 'looked into' in tcp['unknown'] and len(notes) == 2
else:
    assert tcp['program'].startswith('python3'), tcp
assert of('summary')[0]['sent'] == 0
PY
}

@test "nothing is left behind, and nothing but loopback is sent to" {
    need strace
    remember_processes
    export ASAN_OPTIONS=detect_leaks=0 # which does not work under strace
    try strace -f -e trace=connect,sendto,sendmsg -o "$BATS_TEST_TMPDIR/calls" "$LOOPCRAFT" -S audit
    exits 0
    ! grep -E 'sin6?_addr|inet_addr|inet_pton' "$BATS_TEST_TMPDIR/calls" \
        | grep -vE '"127\.0\.0\.[0-9]+"|"::1"|AF_NETLINK|AF_UNIX' || false
    until_true no_new_processes
}

@test "interrupted: what is known so far, marked partial, 128 + signal" {
    box '
        cd "$2"
        nft "table inet test { chain input { type filter hook input priority -10; tcp dport 1-1023 drop; }; }"
        mkfifo said
        "$1" --json audit > said & audit=$!
        exec 4< said
        read -r first <&4 # from now on signals are read, and silence takes longer than this
        kill -TERM $audit
        echo "$first"
        cat <&4
        status=0
        wait $audit || status=$?
        exit $status' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 143
    silent
    ports <<'PY'
assert of('summary')[0]['partial'] is True
for p in ports: # nothing is claimed of what was not asked to its end
    assert p['bound'] or p['state'], p
assert not [p for p in ports if p['port'] < 1024]
PY
}

@test "what can't be meant: exit 2, nothing sent" {
    lc audit 127.0.0.1:80
    refused 2 'leave it out'
    lc audit -4 -6
    refused 2 contradict
    lc audit -S --host
    refused 2 contradict
    box '"$1" audit --host' "$LOOPCRAFT"
    refused 4 'leave it first'
    lc audit 0
    refused 2 '1 to 65535'
    lc audit --to 127.0.0.1
    refused 2 to
}
