#!/usr/bin/env python3
"""terminal.py COMMAND... -- CUE ANSWER CUE ANSWER ...: runs a command at a terminal of its own, types
each answer when the screen shows its cue, and prints the screen. Fails if a cue is never seen."""
import os
import pty
import re
import sys

words = sys.argv[1:]
cut = words.index('--')
command, script = words[:cut], words[cut + 1:]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM='xterm', COLUMNS='80')
    os.execvp(command[0], command)
seen, read = '', 0
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    text = data.decode('utf-8', 'replace')
    sys.stdout.write(text)
    seen += re.sub(r'\x1b\[[0-9;]*[A-Za-z]', '', text)
    while script and script[0] in seen[read:]:
        read = seen.index(script[0], read) + len(script[0])
        os.write(terminal, script[1].encode())
        script = script[2:]
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(f'never seen: {script}' if script else status)
