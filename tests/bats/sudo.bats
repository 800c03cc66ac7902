#!/usr/bin/env bats
# sudo.bats: under a real sudo, as an ordinary user who may use it without a password.
load lib

setup() {
    ! is_root || skip 'for an ordinary user: as root, host.bats says what sudo would'
    need sudo
    sudo -n true 2> /dev/null || skip 'needs sudo without a password'
}

@test "sudo loopcraft: on the host, and the file is mine" {
    try sudo -n "$LOOPCRAFT" handshake -w "$BATS_TEST_TMPDIR/h.pcapng"
    exits 0
    has "$out" "host: this machine's real loopback"
    same "$(stat -c %u "$BATS_TEST_TMPDIR/h.pcapng")" "$(id -u)"
}
