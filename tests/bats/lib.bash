# lib.bash: what the command tests share. A file's first line after its comment: load lib
#
# $LOOPCRAFT is the program, $LOOPCRAFT_BUILD the folder it was built in.
bats_require_minimum_version 1.5.0
export PATH=/usr/bin:/usr/sbin:/bin:/sbin:$PATH LC_ALL=C.UTF-8
unset COLUMNS NO_COLOR CLICOLOR_FORCE
: "${LOOPCRAFT:?scripts/check sets it}" "${LOOPCRAFT_BUILD:?scripts/check sets it}"

# --- what a test needs -------------------------------------------------------

need_root() { # WHAT FOR
    [ "$(id -u)" = 0 ] || skip "needs root: $1"
}

need() { # COMMAND...
    local command
    for command; do
        command -v "$command" >/dev/null || skip "needs $command"
    done
}

is_root() { [ "$(id -u)" = 0 ]; }

# --- running -----------------------------------------------------------------

# Runs a command: $status, and its output in the files $out and $err.
try() {
    out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err status=0
    "$@" > "$out" 2> "$err" < /dev/null 3>&- || status=$?
}

lc() { try "$LOOPCRAFT" "$@"; }

# Runs a bash script in a sandbox, with the functions below. A failing line of it ends it.
box() { # SCRIPT [ARG...]
    local script=$1
    shift
    try "$LOOPCRAFT" sandbox -- bash -euo pipefail -c "$script" box "$@"
}

# For as long as it takes, but not for ever: until COMMAND says yes.
until_true() {
    local end=$((SECONDS + 20))
    until "$@"; do
        if [ $SECONDS -ge $end ]; then
            echo "waited in vain: $*" >&2
            return 1
        fi
    done
}

# A socket in a state, by its port; asking ss does not connect to it.
sockets() { ss -Hant "sport = :$1"; }
listens() { [ -n "$(ss -Hltn "sport = :$1")" ]; }
listening() { until_true listens "$1"; }
# No connection of a server's, in whatever state (TIME-WAIT has none: it is the kernel's alone).
no_socket() { [ -z "$(ss -Hant state connected exclude time-wait "sport = :$1")" ]; }

# Waits without sleeping, for a moment between two others.
spin() { # MICROSECONDS
    local end=$((${EPOCHREALTIME/./} + $1))
    while [ "${EPOCHREALTIME/./}" -lt $end ]; do :; done
}

# What runs of loopcraft: its inits and servers have its name too. Not counted are the dead
# whom nobody has waited for yet (Z in proc(5)).
loopcraft_processes() { grep -lsE '^[0-9]+ \(loopcraft.*\) [^ZX]' /proc/[0-9]*/stat | sort; }
remember_processes() { processes_before=$(loopcraft_processes); }
no_new_processes() { [ -z "$(comm -13 <(echo "$processes_before") <(loopcraft_processes))" ]; }

export -f until_true sockets listens listening no_socket spin

# --- what came of it ---------------------------------------------------------

exits() { # STATUS
    [ "$status" = "$1" ] && return
    echo "exit status $status, not $1"
    tail -n 20 "$out" "$err"
    return 1
}

silent() {
    [ ! -s "$err" ] && return
    echo 'on stderr:'
    cat -v "$err"
    return 1
}

# One line on stderr, with these texts in it.
complains() { # TEXT...
    local text
    if [ "$(wc -l < "$err")" != 1 ] || ! grep -q '^loopcraft: .' "$err"; then
        echo 'not one line of complaint:'
        cat -v "$err"
        return 1
    fi
    for text; do has "$err" "$text"; done
}

# A clean refusal: status, one line, and nothing done.
refused() { # STATUS TEXT...
    exits "$1"
    shift
    complains "$@"
    [ ! -s "$out" ] || { echo 'yet on stdout:'; head -n 5 "$out"; return 1; }
}

same() { # ACTUAL EXPECTED
    [ "$1" = "$2" ] && return
    printf 'got:\n%s\nnot:\n%s\n' "$1" "$2"
    return 1
}

has() { # FILE TEXT...
    local file=$1 text
    shift
    for text; do
        grep -qF -e "$text" "$file" && continue
        echo "nowhere: $text; but:"
        head -n 40 "$file" | cat -v
        return 1
    done
}

lacks() { # FILE TEXT...
    local file=$1 text
    shift
    for text; do
        ! grep -F -e "$text" "$file" || return 1
    done
}

# The JSON lines of $out (or of FILE) in Python: the script on stdin looks at them.
events() { # [FILE]
    { cat <<'PY'; cat; } | python3 -I - "${1:-$out}"
import json, sys

def no_twins(pairs):
    assert len(dict(pairs)) == len(pairs), 'a key twice: %s' % [key for key, _ in pairs]
    return dict(pairs)

text = open(sys.argv[1], 'rb').read()
events = [json.loads(line, object_pairs_hook=no_twins) for line in text.decode().splitlines()]
def of(kind): return [event for event in events if event['type'] == kind]
packets, steps, verdicts = of('packet'), of('step'), of('verdict')
states = [v['state'] for v in verdicts]
reasons = [v['reason'] for v in verdicts]
stages = [(s['title'], s['ours'], s['theirs']) for s in steps if 'title' in s]
notes = [s['means'] for s in steps if 'title' not in s]
sent = [p for p in packets if p['direction'] == 'sent']
received = [p for p in packets if p['direction'] == 'received']

def fields(packet):
    return [field for layer in packet['layers'] for field in layer['fields']]
def field(packet, name):
    found = [f for f in fields(packet) if f.get('name') == name]
    assert len(found) == 1, (name, len(found))
    return found[0]
def show(packet, name): return field(packet, name)['show']
def number(packet, name): return int(show(packet, name), 0)
def payload(packet):
    return b''.join(bytes.fromhex(f['value']) for f in fields(packet) if f.get('name') == 'tcp.payload')
def flags(packet):
    word = number(packet, 'tcp.flags')
    return ''.join(c for i, c in enumerate('FSRPAUEC') if word >> i & 1)
PY
}

# tshark on a file, numbers as they are on the wire; a word of complaint from it is a failure.
shark() { # ARG...
    local said=$BATS_TEST_TMPDIR/shark.err
    tshark -n -o tcp.relative_sequence_numbers:FALSE "$@" 2> "$said"
    ! grep -v '^Running as user' "$said"
}

# The flags of each packet, one letter a flag: S, SA, A, PA, FA, R.
shark_flags() { # FILE
    shark -r "$1" -T fields -e tcp.flags.str | sed 's/[^A-Z]//g' | rev
}

# No control character of any kind, and no bidirectional control: promise 7.
harmless() { # FILE
    python3 -I - "$1" <<'PY'
import sys
text = open(sys.argv[1], 'rb').read().decode()  # invalid UTF-8 raises
bad = [c for c in text if (ord(c) < 0x20 and c != '\n') or 0x7f <= ord(c) <= 0x9f
       or ord(c) in (0x061c, 0x200e, 0x200f) or 0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069]
assert not bad, sorted(set(map(ascii, bad)))
PY
}
