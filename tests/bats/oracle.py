"""oracle.py PROGRAM SEED: many listeners and firewall rules at ports drawn by chance; a sweep must
find them all, and nmap is asked too. Runs inside a sandbox. Where scan and nmap differ, the rules
decide: scan must be right. Prints a line a sweep, and the ports that are wrong."""
import json
import random
import resource
import selectors
import socket
import subprocess
import sys
import threading
import xml.etree.ElementTree as xml

LISTENERS = RULES = 300
SHOWN = 5  # differences of each sweep
program, seed = sys.argv[1], int(sys.argv[2])
kinds = sys.argv[3:] or ["tcp4", "tcp6", "udp4", "udp6"]
chance = random.Random(seed)

# What a firewall says, as nft has it, and what a probe makes of it: TCP, UDP.
VERDICTS = [
    ("drop", "filtered", "open|filtered"),
    ("reject with tcp reset", "closed", None),
    ("reject with icmpx admin-prohibited", "filtered", "filtered"),
    ("reject with icmpx host-unreachable", "filtered", "filtered"),
    ("reject with icmpx no-route", "filtered", "filtered"),
    ("reject with icmpx port-unreachable", "filtered", "closed"),
]


def draw(count):
    """Ports, but not those of the sandbox, which have rules of their own."""
    taken = {8080, 8081, 8082, 8083, 8084, 9000, 9001, 9002, 9003, 9004}
    return chance.sample([p for p in range(1, 65536) if p not in taken], count)


def practice(proto):
    text = subprocess.run([program, "sandbox", "--list", "--json"], capture_output=True, check=True)
    rows = [json.loads(line) for line in text.stdout.splitlines()]
    return {row["port"]: row["state"] for row in rows if row.get("proto") == proto}


def answer(ready):
    """Echoes what comes to the UDP sockets, that are not silent."""
    while True:
        for key, _ in ready.select():
            try:
                data, peer = key.fileobj.recvfrom(2048)
                key.fileobj.sendto(data, peer)
            except OSError:
                pass


def listen(family, address, kind, ports, ready):
    kept = []
    for i, port in enumerate(ports):
        s = socket.socket(family, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((address, port))
        if kind == socket.SOCK_STREAM:
            s.listen(16)
        elif i % 2 == 0:
            ready.register(s, selectors.EVENT_READ)
        kept.append(s)
    return kept


def firewall(proto, rules):
    lines = [f"{proto} dport {port} {word}" for port, word in rules.items()]
    table = (f"table inet oracle_{proto} {{ chain input {{ type filter hook input priority -5;\n"
             + "\n".join(lines) + "\n}\n}\n")
    subprocess.run(["nft", "-f", "-"], input=table.encode(), check=True)


def expected(proto, listeners, rules):
    """The state of every port that is not closed."""
    states = dict(practice(proto))
    for i, port in enumerate(listeners):
        states[port] = "open" if proto == "tcp" or i % 2 == 0 else "open|filtered"
    column = {"tcp": 1, "udp": 2}[proto]
    for port, word in rules.items():
        states[port] = next(row[column] for row in VERDICTS if row[0] == word)
    return {port: state for port, state in states.items() if state != "closed"}


def ours(proto, six):
    command = [program, "--json", "scan"] + ["--udp"] * (proto == "udp") + ["-6"] * six
    events = [json.loads(line) for line in subprocess.run(
        command, capture_output=True, check=True).stdout.splitlines()]
    summary = events[-1]
    assert summary["type"] == "summary" and sum(summary["states"].values()) == 65535, summary
    listed = {e["port"]: e["state"] for e in events if e["type"] == "verdict"}
    assert max(summary["states"], key=summary["states"].get) == "closed", summary
    return {port: state for port, state in listed.items() if state != "closed"}


def theirs(proto, six, ports):
    """nmap's word on these ports: to ask it for all 65,535 takes minutes where some are silent."""
    command = ["nmap", "--privileged", "-sU" if proto == "udp" else "-sS", "-n", "-Pn", "-T5",
               "--min-parallelism", "100", "--max-rtt-timeout", "100ms", "--max-retries", "2",
               "-oX", "-", "-p", ",".join(map(str, sorted(ports)))]
    command += ["-6", "::1"] if six else ["127.0.0.1"]
    tree = xml.fromstring(subprocess.run(command, capture_output=True, check=True).stdout)
    listed = {int(p.get("portid")): p.find("state").get("state") for p in tree.iter("port")}
    for extra in tree.iter("extraports"):  # those that nmap does not list one by one
        for reason in extra.iter("extrareasons"):
            for part in reason.get("ports").split(","):
                first, _, last = part.partition("-")
                for port in range(int(first), int(last or first) + 1):
                    listed[port] = extra.get("state")
    states = {port: listed.get(port, "not listed") for port in ports}
    return {port: state for port, state in states.items() if state != "closed"}


def differences(a, b):
    return {p: (a.get(p, "closed"), b.get(p, "closed")) for p in set(a) | set(b) if a.get(p) != b.get(p)}


resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
bad = 0
print(f"seed {seed}")
for proto in ("tcp", "udp"):
    if not any(kind.startswith(proto) for kind in kinds):
        continue
    words = [row[0] for row in VERDICTS if row[1 if proto == "tcp" else 2]]
    rules = {port: chance.choice(words) for port in draw(RULES)}
    listeners = draw(LISTENERS)
    kind = socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM
    ready = selectors.DefaultSelector()
    kept = [listen(socket.AF_INET, "127.0.0.1", kind, listeners, ready),
            listen(socket.AF_INET6, "::1", kind, listeners, ready)]
    threading.Thread(target=answer, args=(ready,), daemon=True).start()
    firewall(proto, rules)
    truth = expected(proto, listeners, rules)
    asked = set(truth) | set(rules) | set(listeners) | set(draw(300))
    for six in (False, True):
        name = proto + ("6" if six else "4")
        if name not in kinds:
            continue
        wrong = differences(truth, ours(proto, six))
        nmap = differences(truth, theirs(proto, six, asked))
        print(f"{name}: {len(truth)} ports not closed; scan wrong on {len(wrong)}; "
              f"nmap otherwise on {len(nmap)} of {len(asked)}")
        for port, (is_, said) in sorted(wrong.items())[:SHOWN]:
            print(f"  {name} port {port} is {is_}, scan says {said}; rule: {rules.get(port)}")
        for port, (is_, said) in sorted(nmap.items())[:SHOWN]:
            print(f"  {name} port {port} is {is_} by the rules ({rules.get(port)}), nmap says {said}")
        bad += len(wrong)
sys.exit(bad != 0)
