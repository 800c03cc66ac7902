#!/usr/bin/env bats
# lab.bats: the runner of the labs, by a small lab of its own; then every lab there is.
load lib

# A student of one's own, and a program beside a folder of labs with one small lab in it.
setup() {
    export HOME=$BATS_TEST_TMPDIR/home LOOPCRAFT_LABS=$BATS_TEST_TMPDIR/student
    mkdir -p "$HOME" "$BATS_TEST_TMPDIR/build" "$BATS_TEST_TMPDIR/labs/07-small/exercise" "$BATS_TEST_TMPDIR/labs/07-small/solution"
    small=$BATS_TEST_TMPDIR/build/loopcraft
    cp "$LOOPCRAFT" "$small"
    cp -R "${LOOPCRAFT_BUILD%/build}/labs/lib" "$BATS_TEST_TMPDIR/labs/"
    cat > "$BATS_TEST_TMPDIR/labs/07-small/lab.sh" <<'LAB'
#!/bin/bash
. "${BASH_SOURCE%/*}/../lib/lab.sh"
title 7 core 5 'A small lab' 'What the words do.'
ttl=$(pick ttl 10 200)
step 'Ask'
predict 'Which flags?' tcp.flags 'tcp.srcport == 8080' SYN,ACK 'It agrees, and asks back.'
hint 'first clue'
hint 'second clue'
run "loopcraft -q syn 8080 ip.ttl=$ttl"
expect 'the verdict is open' state 8080/tcp open
step 'Write'
check() {
    try "loopcraft send --recipe $1"
    seen 'hops left' ip.ttl 'tcp.dstport == 8081' "$ttl"
}
exercise syn.txt check 'Give the SYN the right TTL.'
finish 'tcp.port == 8080'
LAB
    chmod +x "$BATS_TEST_TMPDIR/labs/07-small/lab.sh"
    echo 'tcp dstport=8081 flags=SYN ip.ttl=1' > "$BATS_TEST_TMPDIR/labs/07-small/exercise/syn.txt"
    echo 'tcp dstport=8081 flags=SYN ip.ttl=@ttl@' > "$BATS_TEST_TMPDIR/labs/07-small/solution/syn.txt"
}

# Changes the small lab; what was there must have been there.
spoil() { # SED-SCRIPT
    sed -i.before "$1" "$BATS_TEST_TMPDIR/labs/07-small/lab.sh"
    ! cmp -s "$BATS_TEST_TMPDIR/labs/07-small/lab.sh"{,.before}
}

# At a terminal: types each PAIR'S answer when the screen shows its cue; the whole screen is in $out.
at_terminal() { # COMMAND... -- CUE ANSWER CUE ANSWER ...
    try timeout 60 python3 "$BATS_TEST_DIRNAME/terminal.py" "$@"
}

@test "--auto: every step verified, with its prediction, fact and exercise" {
    try "$small" lab small --auto --seed 5
    exits 0
    has "$out" 'SYN,ACK. It agrees, and asks back.' 'the verdict is open' \
        'fails untouched, passes with its solution' 'Lab 7 is done.' 'tcp.port == 8080'
    lacks "$out" 'first clue'
    [ ! -e "$LOOPCRAFT_LABS" ] # nobody's progress is touched
}

@test "a lab that does not hold says what, whatever is broken" {
    spoil 's/SYN,ACK .It agrees/RST "It agrees/; s/back.'"'"'$/back."/'
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'lab 7, step 1 (Ask): it should have been RST, but was SYN,ACK'
    setup
    spoil 's/8080\/tcp open/8080\/tcp closed/'
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'the verdict is open: expected closed, saw open'
    setup
    spoil "s/^step 'Write'/&\nserve web 8099 no-such-server/"
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'step 2 (Write): the server "web" (no-such-server) does not listen on port 8099'
    setup
    spoil "s/^step 'Write'/&\nrun 'loopcraft -q syn 8081 --expect open'/"
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'ended with 1, not with 0'
}

@test "an exercise that passes untouched, or not with its solution, is found out" {
    cp "$BATS_TEST_TMPDIR/labs/07-small/"{solution,exercise}/syn.txt
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'passes before anybody has changed it'
    echo 'tcp dstport=8081 flags=SYN ip.ttl=1' | tee "$BATS_TEST_TMPDIR/labs/07-small/"{solution,exercise}/syn.txt > /dev/null
    try "$small" lab 7 --auto
    exits 1
    has "$err" 'does not pass with its solution' 'hops left: expected' 'saw 1'
}

@test "at a terminal: hints, a wrong guess, its reason and its packet, quit and resume" {
    at_terminal "$small" lab 7 -- 'Which flags?' $'?\n' 'first clue' $'?\n' 'second clue' $'?\n' \
        'no more hints' $'rst\n' 'Enter: run it' $'\n' 'Enter: next step' q
    exits 0
    has "$out" 'Not this time.' 'You said rst; it was SYN,ACK' 'It agrees, and asks back.' \
        'This packet shows it (tcp.flags):' 'Stopped.'
    try "$small" lab
    has "$out" '1/2'
    at_terminal "$small" lab 7 -- 'Enter: check' $'\n' 'hops left: expected' n
    exits 0
    has "$out" 'You have done 1 of 2 steps' 'Lab 7 is done.' '0 of 1 predictions were right.'
    lacks "$out" 'Which flags?'
    try "$small" lab
    has "$out" done
}

@test "a right guess in anybody's spelling; repeat; numbers stay until --reset" {
    at_terminal "$small" lab 7 -- 'Which flags?' $'syn-ack\n' 'Enter: run it' $'\n' \
        'Enter: next step' r 'Enter: next step' q
    exits 0
    has "$out" 'Right: SYN,ACK.'
    same "$(grep -c '8080/tcp' "$out")" 2
    cp "$LOOPCRAFT_LABS/07-small/seed" "$BATS_TEST_TMPDIR/seed"
    at_terminal "$small" lab 7 -- 'Enter: check' q
    cmp "$LOOPCRAFT_LABS/07-small/seed" "$BATS_TEST_TMPDIR/seed"
    at_terminal "$small" lab 7 --reset -- 'Which flags?' $'q\n'
    exits 0
    has "$out" 'Which flags?'
}

@test "a shell in the lab's sandbox, and back: the terminal is the lab's again" {
    local shell
    for shell in /bin/bash /bin/sh; do
        export SHELL=$shell
        at_terminal "$small" lab 7 --reset -- 'Which flags?' $'SA\n' 'Enter: run it' s '(sandbox)' \
            $'loopcraft -q syn 8081; exit\n' 'Enter: run it' $'\n' 'Enter: next step' q
        exits 0
        has "$out" 'closed' 'Right: SYN,ACK.'
    done
}

@test "a guess is a value; what can't be written is said at once, or at last" {
    at_terminal "$small" lab 7 -- 'Which flags?' $'!x\n' 'Enter: run it' $'\n' 'Enter: next step' q
    exits 0
    has "$out" 'Not this time.' 'You said !x; it was SYN,ACK'
    local option
    for option in --transcript -w; do
        try "$small" lab 7 --auto $option /no-such-folder/file
        exits 4
        has "$err" "can't write /no-such-folder/file"
        lacks "$out" 'Which flags?'
        try "$small" lab 7 --auto $option /dev/full
        exits 4
        has "$err" 'is the disk full?'
    done
    try env -u HOME -u LOOPCRAFT_LABS "$small" lab 7 --auto
    exits 0
}

@test "the exercise at a terminal: what was expected and seen, and --watch sees the file saved" {
    at_terminal "$small" lab 7 -- 'Which flags?' $'SA\n' 'Enter: run it' $'\n' 'Enter: next step' $'\n' 'Enter: check' q
    file=$LOOPCRAFT_LABS/07-small/syn.txt
    ttl=$(grep -aoE 'ip.ttl=[0-9]+' "$out" | head -n 1)
    sed -i "s/ip.ttl=1/$ttl/" "$file"
    at_terminal "$small" lab 7 --watch --
    exits 0
    has "$out" 'It passes.'
    sed -i "s/$ttl/ip.ttl=3/" "$file"
    (
        until grep -aq 'saw 3' "$BATS_TEST_TMPDIR/out"; do :; done
        sed -i "s/ip.ttl=3/$ttl/" "$file"
    ) 3>&- &
    at_terminal "$small" lab 7 --watch --
    exits 0
    has "$out" 'saw 3' 'It passes.'
    wait
}

@test "--transcript is a page of what happened, -w a capture that tshark reads" {
    need tshark
    at_terminal "$small" lab 7 --transcript "$BATS_TEST_TMPDIR/page.md" -w "$BATS_TEST_TMPDIR/l.pcapng" \
        -- 'Which flags?' $'rst\n' 'Enter: run it' $'\n' 'Enter: next step' $'\n' 'Enter: check' n
    exits 0
    has "$BATS_TEST_TMPDIR/page.md" '# Lab 7: A small lab' '## 1. Ask' 'Said: rst. It was SYN,ACK' '8080/tcp   open'
    ! grep -q $'\x1b' "$BATS_TEST_TMPDIR/page.md"
    same "$(tshark -r "$BATS_TEST_TMPDIR/l.pcapng" -Y 'tcp.port == 8080' 2>/dev/null | wc -l)" 3
    try "$small" lab 7 --auto --transcript /no/such/page.md
    exits 4
    has "$err" "can't write /no/such/page.md"
}

@test "a lab run directly is the same; without a terminal it says what to do" {
    LOOPCRAFT=$small try "$BATS_TEST_TMPDIR/labs/07-small/lab.sh" --auto
    exits 0
    has "$out" 'Lab 7 is done.'
    try "$small" lab 7
    exits 2
    has "$err" 'add --auto'
}

@test "JSON: the labs, and each step" {
    try "$small" lab --json
    exits 0
    events <<'PY'
assert [(l['number'], l['topic'], l['steps'], l['steps_done']) for l in of('lab')] == [(7, 'small', 2, 0)]
PY
    try "$small" lab 7 --auto --json
    exits 0
    events <<'PY'
assert [(s['number'], s['passed']) for s in of('step')] == [(1, True), (2, True)]
assert of('lab')[0]['passed'] and of('step') + of('lab') == events
PY
}

@test "bad input: no such lab, words and options that do not go together" {
    for wrong in 'lab 99' 'lab smal' 'lab 7 8' 'lab 7 --all' 'lab --all' 'lab --auto' 'lab 7 --watch --auto' \
                 'lab 7 --json' 'lab --color=sometimes' 'lab 7 --seed x --auto' 'lab --transcript x' 'lab 7 --auto -w -'; do
        # shellcheck disable=SC2086 # words
        try "$small" $wrong
        exits 2
        same "$(wc -l < "$err")" 1
    done
    try "$small" lab smal
    has "$err" 'did you mean small'
}

@test "no lab is too long: 15 minutes, 8 steps, 4 predictions; each has its page" {
    lc lab --json
    exits 0
    events <<'PY'
assert [l['number'] for l in of('lab')] == list(range(len(of('lab')))) and len(of('lab')) >= 19
assert [l['number'] for l in of('lab') if l['kind'] == 'core'] == [0, 1, 3, 4, 5, 7, 8, 9]
assert all(l['minutes'] <= 15 and 1 <= l['steps'] <= 8 for l in of('lab')), of('lab')
PY
    for lab in "$BATS_TEST_DIRNAME"/../../labs/[0-9]*/; do
        [ "$(grep -c '^ *predict ' "$lab/lab.sh")" -le 4 ]
        grep -q '^## Questions for afterwards' "$lab/README.md"
        grep -q 'RFC' "$lab/README.md"
    done
}

@test "colours by option, whatever the environment says; a closed pipe is no failure" {
    local escape=$'\e'
    for plain in '' --color=never --color=auto; do
        # shellcheck disable=SC2086 # no word, or one
        try "$small" lab $plain
        exits 0
        lacks "$out" "$escape"
    done
    NO_COLOR=1 try "$small" lab --color=always
    has "$out" "${escape}["
    CLICOLOR_FORCE=1 try "$small" lab --color=auto
    has "$out" "${escape}["
    CLICOLOR_FORCE=1 try "$small" lab --color=never
    lacks "$out" "$escape"
    for words in lab 'lab 7 --auto'; do
        try bash -o pipefail -c '"$1" $2 | true' closed "$small" "$words"
        exits 0
        silent
    done
}

@test "a folder of labs whose name has a pattern's letters" {
    mkdir "$BATS_TEST_TMPDIR/a[b]*"
    mv "$BATS_TEST_TMPDIR/build" "$BATS_TEST_TMPDIR/labs" "$BATS_TEST_TMPDIR/a[b]*"
    try "$BATS_TEST_TMPDIR/a[b]*/build/loopcraft" lab small --auto
    exits 0
}

@test "every lab, without a person" {
    need nft ss curl ncat dnsmasq
    lc lab --all --auto
    cat "$out" >&2
    exits 0
    has "$out" 'labs verified, 0 failed'
}

@test "the same from an installed copy" {
    try "$BATS_TEST_DIRNAME/../../scripts/install-files" install "$LOOPCRAFT" "$BATS_TEST_TMPDIR/root" /usr
    exits 0
    try "$BATS_TEST_TMPDIR/root/usr/bin/loopcraft" lab 5 --auto
    exits 0
    try "$BATS_TEST_TMPDIR/root/usr/bin/loopcraft" lab
    exits 0
    has "$out" 'Open, closed, filtered'
}

@test "under sudo a lab is its caller's, and so is what it writes" {
    need_root 'to be called by sudo'
    chmod a+rx "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" && chmod -R a+rX "$BATS_TEST_TMPDIR"
    mkdir -m 777 "$BATS_TEST_TMPDIR/theirs"
    SUDO_UID=$(id -u nobody) SUDO_GID=$(id -g nobody) try "$small" lab 7 --auto --transcript "$BATS_TEST_TMPDIR/theirs/page.md"
    exits 0
    same "$(stat -c %U "$BATS_TEST_TMPDIR/theirs/page.md")" nobody
}
