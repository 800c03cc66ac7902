#!/usr/bin/env bats
# profile.bats: scripts/wireshark-profile, held against tshark -C loopcraft.
load lib

profile() { try env -u SUDO_USER "$BATS_TEST_DIRNAME/../../scripts/wireshark-profile" "$@"; }

# What the profile is to show: a connection with a known number, and every kind of answer.
setup_file() {
    export handshake=$BATS_FILE_TMPDIR/h.pcapng answers=$BATS_FILE_TMPDIR/s.pcapng
    "$LOOPCRAFT" -S -q handshake 8080 tcp.seq_raw=1234 -w "$handshake" > /dev/null
    "$LOOPCRAFT" -S -q syn 8080-8084 -w "$answers" > /dev/null
    "$LOOPCRAFT" -S -q -6 syn 8083 -w "$BATS_FILE_TMPDIR/six.pcapng" > /dev/null
    mergecap -a -w "$BATS_FILE_TMPDIR/all.pcapng" "$answers" "$BATS_FILE_TMPDIR/six.pcapng"
}

setup() {
    export WIRESHARK_CONFIG_DIR=$BATS_TEST_TMPDIR/wireshark HOME=$BATS_TEST_TMPDIR/home
    unset XDG_CONFIG_HOME
    mkdir "$HOME"
}

# tshark as people start it, no option but the profile: a word of complaint is a failure.
with_profile() { # ARG...
    tshark -C loopcraft "$@" 2> "$BATS_TEST_TMPDIR/said"
    ! grep -v '^Running as user' "$BATS_TEST_TMPDIR/said"
}

@test "tshark -C loopcraft: real sequence numbers, and the comments in a column" {
    profile
    exits 0
    silent
    has "$out" "$WIRESHARK_CONFIG_DIR/profiles/loopcraft"
    with_profile -r "$handshake" > "$BATS_TEST_TMPDIR/list"
    head -n 1 "$BATS_TEST_TMPDIR/list" > "$BATS_TEST_TMPDIR/first"
    has "$BATS_TEST_TMPDIR/first" 'Seq=1234 ' 'SYN: We ask to talk. Our numbers start at 1234'
    same "$(with_profile -r "$handshake" -T fields -e tcp.seq)" \
         "$(shark -r "$handshake" -T fields -e tcp.seq_raw)"
    while read -r comment; do
        has "$BATS_TEST_TMPDIR/list" "$comment"
    done < <(shark -r "$handshake" -T fields -e frame.comment)
    tshark -r "$handshake" > "$BATS_TEST_TMPDIR/without" 2> /dev/null # and not so without it
    has "$BATS_TEST_TMPDIR/without" 'Seq=0 '
    lacks "$BATS_TEST_TMPDIR/without" 'We ask to talk'
}

@test "tshark -C loopcraft: checksums are looked at, not unverified (2)" {
    profile
    with_profile -r "$handshake" -T fields -e tcp.checksum.status > "$BATS_TEST_TMPDIR/status"
    same "$(head -n 1 "$BATS_TEST_TMPDIR/status")" 1 # our SYN: libnet's sum is full
    same "$(grep -c 2 "$BATS_TEST_TMPDIR/status" || true)" 0
    same "$(tshark -r "$handshake" -T fields -e tcp.checksum.status 2> /dev/null | sort -u)" 2
    # UDP: a datagram of the sandbox's echo server.
    editcap -F pcapng - "$BATS_TEST_TMPDIR/udp.pcapng" < <(python3 -I - <<'PY'
import struct, sys
udp = struct.pack('!HHHH', 9000, 61000, 10, 0xdead) + b'hi'
ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, b'\x7f\0\0\1', b'\x7f\0\0\1')
frame = bytes(12) + b'\x08\0' + ip + udp
sys.stdout.buffer.write(struct.pack('<IHHiIIIIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1, 0, 0, len(frame), len(frame)) + frame)
PY
    )
    same "$(with_profile -r "$BATS_TEST_TMPDIR/udp.pcapng" -T fields -e udp.checksum.status)" 0
}

@test "tshark -C loopcraft: a colour for SYN, SYN-ACK, RST and ICMP errors, and for nothing else" {
    profile
    with_profile --color -r "$BATS_FILE_TMPDIR/all.pcapng" -T fields -e frame.coloring_rule.name \
        -e tcp.flags.str -e icmp.type -e icmpv6.type > "$BATS_TEST_TMPDIR/rules"
    python3 -I - "$BATS_TEST_TMPDIR/rules" <<'PY'
import sys
seen = set()
for line in open(sys.argv[1]):
    rule, flags, *icmp = line.rstrip('\n').split('\t')
    want = ('ICMP error' if any(icmp) else 'RST' if 'R' in flags else
            'SYN-ACK' if 'S' in flags and 'A' in flags else 'SYN' if 'S' in flags else '')
    assert rule == want, line
    seen.add((rule, bool(icmp[1])))
assert seen >= {(r, False) for r in ('SYN', 'SYN-ACK', 'RST', 'ICMP error')} | {('ICMP error', True)}, seen
PY
    same "$(with_profile --color -r "$handshake" -Y 'tcp.flags.syn == 0' -T fields \
        -e frame.coloring_rule.name | sort -u)" ''
}

@test "it goes where Wireshark looks for it, and nowhere else" {
    unset WIRESHARK_CONFIG_DIR
    profile
    exits 0
    [ -f "$HOME/.config/wireshark/profiles/loopcraft/preferences" ]
    with_profile -r "$handshake" -c 1 > /dev/null
    profile uninstall
    exits 0
    rm -r "$HOME/.config"

    mkdir "$HOME/.wireshark" # of an old Wireshark
    profile
    [ -f "$HOME/.wireshark/profiles/loopcraft/preferences" ]
    [ ! -e "$HOME/.config" ]
    with_profile -r "$handshake" -c 1 > /dev/null

    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/xdg
    mkdir -p "$XDG_CONFIG_HOME/wireshark"
    profile
    [ -f "$XDG_CONFIG_HOME/wireshark/profiles/loopcraft/colorfilters" ]
    rm -r "$HOME/.wireshark"
    with_profile -r "$handshake" -c 1 > /dev/null
}

@test "uninstall: its folder is gone, other profiles stay; twice is no error" {
    profile
    profile # anew
    exits 0
    mkdir -p "$WIRESHARK_CONFIG_DIR/profiles/mine"
    profile uninstall
    exits 0
    silent
    same "$(ls "$WIRESHARK_CONFIG_DIR/profiles")" mine
    profile uninstall
    exits 0
    has "$out" 'no profile loopcraft'
    profile remove
    exits 2
    has "$err" usage
    profile install now
    exits 2
}

@test "under sudo it is the caller's" {
    need_root 'as sudo would start it'
    need sudo
    unset WIRESHARK_CONFIG_DIR
    # bats' own folders are root's alone.
    local xdg
    xdg=$(mktemp -d)
    chown nobody "$xdg"
    try env SUDO_USER=nobody XDG_CONFIG_HOME="$xdg" \
        "$BATS_TEST_DIRNAME/../../scripts/wireshark-profile"
    stat -c %U "$xdg"/wireshark/profiles/loopcraft/* > "$BATS_TEST_TMPDIR/owners" || true
    rm -r "$xdg"
    exits 0
    same "$(sort -u "$BATS_TEST_TMPDIR/owners")" nobody
    same "$(find "$HOME" | wc -l)" 1
}
