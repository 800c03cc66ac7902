#!/usr/bin/env bats
# demo.bats: what `make demo` shows, once all is installed and built.
load lib

@test "the demo's story: a handshake with data, and the three outcomes" {
    # scripts/demo's own line, so that it can't say something else than this runs.
    local story
    eval "$(grep "^story='" "$BATS_TEST_DIRNAME/../../scripts/demo")"
    try "$LOOPCRAFT" sandbox -- sh -c "$story" demo "$LOOPCRAFT"
    exits 0
    silent
    has "$out" 'handshake ' "Hello from loopcraft's practice server." 'closed in order by both ends'
    grep -Eq '^8080/tcp +open +syn-ack' "$out"
    grep -Eq '^8081/tcp +closed +reset' "$out"
    grep -Eq '^8082/tcp +filtered +no-response' "$out"
    # Beside the handshake stand the states of the server's socket.
    has "$out" SYN-RECV ESTABLISHED
}

@test "scripts/demo itself: exit 0 where all is built, and the outcomes at the end" {
    # Nothing shall be installed or built here: no way to do so, and a make that does nothing.
    local tree=$BATS_TEST_TMPDIR/tree name
    mkdir -p "$tree/bin"
    cp -R "$BATS_TEST_DIRNAME/../../scripts" "$tree/"
    for name in apt-get sudo; do
        printf '#!/bin/sh\nexit 1\n' > "$tree/bin/$name"
        chmod +x "$tree/bin/$name"
    done
    unset SUDO_USER
    PATH=$tree/bin:$PATH
    "$tree/scripts/install-deps" build < /dev/null > /dev/null 2>&1 || skip 'needs the packages of the build'
    try env MAKE=true BUILD="$LOOPCRAFT_BUILD" "$tree/scripts/demo"
    exits 0
    tail -n 40 "$out" > "$out.end"
    has "$out.end" open closed filtered
}
