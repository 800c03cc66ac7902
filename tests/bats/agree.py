"""agree.py FILE: does $LOOPCRAFT dump -Y select from FILE what tshark selects?

An expression on each line of stdin. FILE is traffic.py's: a packet a second, so that tshark's
statistics, with an interval of a second, tell for one filter after the other which packets it
selects: one tshark does for all, where -Y would take one each. Filters with a comma, which
statistics can't take, get their own -Y, and so do all where the packets are not a second apart.
"""
import os, subprocess, sys

file = sys.argv[1]
expressions = sys.stdin.read().split('\n')[:-1]
options = ['-n', '-o', 'tcp.relative_sequence_numbers:FALSE', '-o', 'ip.defragment:FALSE',
           '-o', 'tcp.desegment_tcp_streams:FALSE']
for ports in 'tcp.port==7001', 'tcp.port==8080', 'udp.port==7002', 'udp.port==7003':
    options += ['-d', ports + ',data']


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def selected(*words):
    return [int(number) for number in run(*words).split()]


def by_filter(expression):
    return selected('tshark', *options, '-r', file, '-Y', expression, '-T', 'fields', '-e', 'frame.number')


def by_statistics(expressions):
    """Rows like "|  3 <>  4 |      1 |    84 |      0 |     0 |": frames and bytes for each filter."""
    table = run('tshark', *options, '-r', file, '-q', '-z', ','.join(['io,stat,1', 'frame'] + expressions))
    rows = [line.strip('|').split('|') for line in table.splitlines() if '<>' in line]
    frames = [[int(cell) for cell in row[1::2]] for row in rows]
    assert all(row[0] == 1 for row in frames), 'a second with more or fewer packets than one'
    return {expression: [number for number, row in enumerate(frames, 1) if row[column]]
            for column, expression in enumerate(expressions, 1)}


plain = [e for e in expressions if e and ',' not in e] if file.endswith('.pcap') else []
theirs = by_statistics(plain) if plain else {}
for expression in expressions:
    if expression not in theirs:
        theirs[expression] = by_filter(expression)
assert not plain or theirs[plain[0]] == by_filter(plain[0])  # statistics mean what they seem to

differ = 0
for expression in expressions:
    ours = selected(os.environ['LOOPCRAFT'], 'dump', file, '-Y', expression, '--field', 'frame.number')
    if ours != theirs[expression]:
        print(expression, '\n  tshark:', *theirs[expression], '\n  here:  ', *ours)
        differ += 1
print(len(expressions), 'expressions,', differ, 'differ')
sys.exit(differ > 0 or not expressions)
