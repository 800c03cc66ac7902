#!/usr/bin/env bats
# hostile.bats: capture files that were cut, damaged or made to do harm: what is whole is shown,
# then one line and exit 2; nothing else, in whatever view.
load lib

# Python with makers of capture files and look(FILE BYTES): the program on them, in every view in
# turn, from a file and from a pipe. The script on stdin goes on from there.
hostile() {
    { cat <<'PY'; cat; } | python3 -I - "$LOOPCRAFT" "$BATS_TEST_TMPDIR/capture" 3>&-
import itertools, json, struct, subprocess, sys

program, path = sys.argv[1:]
BAD = [chr(c) for c in [*range(0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f,
                        *range(0x202a, 0x202f), *range(0x2066, 0x206a)] if c != 10]
VIEWS = itertools.cycle([['--json'], [], ['-v'], ['--json', '-'], ['-v', '-'], ['--ascii'], ['-q'],
                         *(['--view', view] for view in ('brief', 'boxes', 'ladder')), ['--explain-checksum']])

def tcp(data=b''):
    tcp = struct.pack('!HHIIBBHHH', 8080, 61000, 1, 1, 0x50, 0x18, 1000, 0, 0) + data
    return struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, b'\x7f\0\0\1', b'\x7f\0\0\1') + tcp
def ethernet(packet): return bytes(12) + b'\x08\0' + packet

def pcap(*frames, linktype=1, magic=0xa1b2c3d4):
    return struct.pack('<IHHiIII', magic, 2, 4, 0, 0, 262144, linktype) + b''.join(
        struct.pack('<IIII', 1700000000, i, len(f), len(f)) + f for i, f in enumerate(frames))

def block(kind, body):
    body += b'\0' * (-len(body) % 4)
    return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)
def option(code, value): return struct.pack('<HH', code, len(value)) + value + b'\0' * (-len(value) % 4)
def section(): return block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
def interface(linktype=1, options=b''): return block(1, struct.pack('<HHI', linktype, 0, 0) + options)
def packet(frame, number=0, options=b'', caplen=None, wire=None):
    lens = len(frame) if caplen is None else caplen, len(frame) if wire is None else wire
    return block(6, struct.pack('<IIIII', number, 0, 1, *lens) + frame + b'\0' * (-len(frame) % 4) + options)
def pcapng(*blocks): return section() + b''.join(blocks)

class Seen: pass

def look(data, view=None, limit=20):
    """Exit status, the error line ('' when there is none), the packets when the view is JSON."""
    view = view or next(VIEWS)
    with open(path, 'wb') as out:
        out.write(data)
    pipe = '-' in view
    with open(path, 'rb') as source:
        cat = subprocess.Popen(['cat'], stdin=source, stdout=subprocess.PIPE) if pipe else None
        done = subprocess.run([program, 'dump', *view] + ([] if pipe else [path]), timeout=limit,
                              stdin=cat.stdout if pipe else subprocess.DEVNULL, capture_output=True)
        if pipe:
            cat.stdout.close()
            cat.wait()
    seen = Seen()
    seen.status, seen.view, seen.text = done.returncode, view, done.stdout.decode()
    error, about = done.stderr.decode(), (view, len(data), done.stderr[:2000])
    assert not [c for c in BAD if c in seen.text or c in error], about
    assert seen.status in (0, 2), (seen.status, *about)
    seen.packets = None
    if '--json' in view:
        events = [json.loads(line) for line in seen.text.splitlines()]
        seen.packets = [e for e in events if e['type'] == 'packet']
        errors = [e for e in events if e['type'] == 'error']
        assert len(errors) == (seen.status == 2) and (not errors or events[-1] is errors[0]), about
    # One line that says what is wrong, if anything is, and nothing else.
    assert error.count('\n') == (seen.status == 2), about
    assert seen.status == 0 or error.startswith('loopcraft: '), about
    seen.error = error
    return seen
PY
}

@test "cut anywhere: what is whole is shown; exit 0 between two packets, else 2" {
    hostile <<'PY'
frames = ethernet(tcp(b'one')), ethernet(tcp(b'two'))
whole = [pcap(*frames), pcapng(interface(), *(packet(f, options=option(1, b'hi')) for f in frames))]
starts = [[24], [28, 48]]  # where nothing was begun: behind the file's header, an interface
for data, ends, sizes in zip(whole, starts, ([16 + 57] * 2, [32 + 60 + 8] * 2)):
    for size in sizes:
        ends.append(ends[-1] + size)
    assert ends[-1] == len(data), (ends, len(data))
    for length in range(len(data) + 1):
        seen = look(data[:length])
        assert seen.status == (0 if length in ends else 2), (length, seen.status, seen.error)
        if seen.packets is not None:
            assert len(seen.packets) == sum(length >= end for end in ends[-2:]), length
        if length and seen.status and length > starts[0][0] + 8:
            assert 'cut short' in seen.error, (length, seen.error)
PY
}

@test "absurd lengths: every number in a file's headers, far too large and far too small" {
    hostile <<'PY'
frame = ethernet(tcp(b'data'))
files = [(pcap(frame, frame), range(0, 40, 4)),
         (pcapng(interface(options=option(9, b'\6') + option(0, b'')), packet(frame, options=option(1, b'hi'))),
          [*range(0, 92, 4), *range(92 + 58, 92 + 76, 2)])]
for data, places in files:
    for place in places:
        for value in 0, 1, 3, 0x10000, 0x1000000, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff:
            look(data[:place] + struct.pack('<I', value) + data[place + 4:])
PY
}

@test "a length that asks for gigabytes takes no memory and no time" {
    hostile <<'PY'
import resource
frame = ethernet(tcp())
for data in (pcap(frame) + struct.pack('<IIII', 0, 0, 0x7fffffff, 0x7fffffff) + b'short',
             pcapng(interface(), packet(frame), struct.pack('<II', 6, 0x7ffffff0) + b'short'),
             pcapng(interface(), packet(frame), struct.pack('<II', 6, 16 * 1024 * 1024) + bytes(1000)),
             pcapng(interface(), packet(frame), packet(frame, caplen=0xfffffff0))):
    for view in ['--json'], ['-v', '-'], []:
        seen = look(data, view)
        assert seen.status == 2, seen.error
        assert seen.packets is None or len(seen.packets) == 1
# 70,000 interfaces: more than a section can have that names them by 16 bits.
seen = look(pcapng(interface() * 70000, packet(frame)), ['--json'])
assert seen.status == 2 and 'interfaces' in seen.error, seen.error
assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 256 * 1024
PY
}

@test "link types mixed in one file, and ones that nobody knows: every byte of each is shown" {
    hostile <<'PY'
ip, types = tcp(b'data'), [1, 101, 0, 147, 65535, 1]
frames = [ethernet(ip), ip, b'\2\0\0\0' + ip, b'private', bytes(range(256)), ethernet(ip)]
data = pcapng(*map(interface, types), *(packet(f, i) for i, f in enumerate(frames)))
for view in ['--json'], ['--json', '-'], ['-v'], ['-q'], ['--ascii'], []:
    seen = look(data, view)
    assert seen.status == 0, seen.error
    if seen.packets is not None:
        assert [bytes.fromhex(p['bytes']) for p in seen.packets] == frames
        # A known link type is read as such before and after the others; unknown ones are data.
        assert [l['name'] for l in seen.packets[0]['layers']] == [l['name'] for l in seen.packets[5]['layers']]
        assert seen.packets[0]['layers'][0]['name'] == 'eth'
        assert [[l['name'] for l in p['layers']] for p in seen.packets[3:5]] == [['data'], ['data']]
for linktype in 147, 2, 200, 65535:
    seen = look(pcap(b'private', linktype=linktype), ['--json'])
    assert seen.status == 0 and seen.packets[0]['bytes'] == b'private'.hex(), linktype
for view in [], ['--view', 'brief'], ['-q']:
    seen = look(pcap(b'private', linktype=147), view)
    assert 'link type 147: not known, shown as bytes' in seen.text, seen.text
# A link type that is not what the bytes are: all of them are shown all the same.
for linktype in 0, 1, 12, 101, 108, 113, 228, 229, 276:
    for frame in frames:
        for make in (lambda: pcap(frame, linktype=linktype)), (lambda: pcapng(interface(linktype), packet(frame))):
            seen = look(make(), ['--json'])
            assert seen.status == 0 and seen.packets[0]['bytes'] == frame.hex(), (linktype, seen.error)
PY
}

@test "pcapng of several sections, of either byte order, with odd clocks: as tshark reads it" {
    need tshark
    hostile <<'PY'
from decimal import Decimal
frame = ethernet(tcp(b'data'))
# Micro- (none said), nanoseconds, seconds, milliseconds, parts of 2^10 and of 2^32.
clocks = [None, 9, 0, 3, 0x8a, 0xa0]
stamp = 1700000000

def section_of(order, clocks):
    def block(kind, body):
        body += b'\0' * (-len(body) % 4)
        length = struct.pack(order + 'I', len(body) + 12)
        return struct.pack(order + 'I', kind) + length + body + length
    out = block(0x0a0d0d0a, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1))
    for clock in clocks:
        said = b'' if clock is None else struct.pack(order + 'HHB3xHH', 9, 1, clock, 0, 0)
        out += block(1, struct.pack(order + 'HHI', 1, 0, 0) + said)
    for number, clock in enumerate(clocks):
        clock = 6 if clock is None else clock
        ticks = stamp * (2 ** (clock & 0x7f) if clock & 0x80 else 10 ** clock) + (3 if clock else 0)
        out += block(6, struct.pack(order + 'IIIII', number, ticks >> 32, ticks & 0xffffffff,
                                    len(frame), len(frame)) + frame)
    return out

data = b''.join(section_of(order, clocks[from_:]) for order, from_ in (('<', 0), ('>', 0), ('>', 2), ('<', 4)))
for view in ['--json'], ['--json', '-']:
    seen = look(data, view)
    assert seen.status == 0 and len(seen.packets) == 18, (seen.error, len(seen.packets))
    assert all(p['bytes'] == frame.hex() for p in seen.packets)
    theirs = subprocess.run(['tshark', '-n', '-r', path, '-T', 'fields', '-e', 'frame.time_epoch'],
                            capture_output=True, text=True).stdout.split()
    for ours, other in zip(seen.packets, theirs, strict=True):
        # tshark rounds a binary clock in floating point.
        assert abs(Decimal(ours['time']) - Decimal(other)) < Decimal('0.000001'), (ours['time'], other)
for view in [], ['-v'], ['--view', 'brief'], ['--view', 'boxes'], ['--view', 'ladder']:
    assert look(data, view).status == 0
# A section that breaks off takes nothing away from those before it.
for cut in 1, 5, 40:
    seen = look(data[:-cut], ['--json'])
    assert seen.status == 2 and len(seen.packets) == 17 and 'cut short' in seen.error, seen.error
PY
}

@test "packets of 0 bytes and of 65,535" {
    hostile <<'PY'
largest = ethernet(tcp(b'x' * (65535 - 54)))
noise = bytes(i * 167 & 0xff for i in range(65535))
frames = [b'', largest, b'', noise, b'\0', b'']
assert len(largest) == 65535
for data in pcap(*frames), pcapng(interface(), *map(packet, frames)):
    for view in ['--json'], ['--json', '-'], [], ['-v'], ['-v', '--ascii'], ['-q']:
        seen = look(data, view)
        assert seen.status == 0, seen.error
        if seen.packets is not None:
            assert [bytes.fromhex(p['bytes']) for p in seen.packets] == frames
            assert [p['caplen'] for p in seen.packets] == [0, 65535, 0, 65535, 1, 0]
            assert [len(p['layers']) > 0 for p in seen.packets] == [False, True, False, True, True, False]
        elif '-q' not in view:
            assert [line[:2] for line in seen.text.splitlines() if line[:1] == '#'] == ['#%d' % n for n in range(1, 7)]
            assert ' fff' in seen.text  # the last line of the largest
PY
}

@test "a length on the wire that contradicts what was captured" {
    hostile <<'PY'
frame = ethernet(tcp(b'data'))
for wire in 0, 1, len(frame) - 1, len(frame), len(frame) + 1, 0xffffffff:
    for view in ['--json'], ['-v'], []:
        seen = look(pcapng(interface(), packet(frame, wire=wire)), view)
        assert seen.status == 0, seen.error
        if seen.packets:
            p = seen.packets[0]
            assert (p['caplen'], p['len']) == (len(frame), max(wire, len(frame))) and p['bytes'] == frame.hex()
PY
}

@test "comments: of 65,532 bytes, many, empty, hostile, not UTF-8" {
    hostile <<'PY'
frame = ethernet(tcp())
evil = b'\x1b]0;title\7\x1b[2J \xc2\x9b31m \xe2\x80\xae\xff\xfe\0 "\\ '
for comments in [b'x' * 65532], [b'word ' * 13000], [b''], [evil], [evil * 1500], [b'a'] * 500, [b'\xf0\x9f\x98\x80' * 16000]:
    data = pcapng(interface(), packet(frame, options=b''.join(option(1, c) for c in comments) + option(0, b'')))
    for view in ['--json'], [], ['-v'], ['--ascii']:
        assert look(data, view).status == 0
PY
}
