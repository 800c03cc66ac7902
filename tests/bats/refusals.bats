#!/usr/bin/env bats
# refusals.bats: a system that forbids the sandbox: the step, the cause and the way out, exit 4.
load lib

# Runs a command for which the sandbox is refused; the line must say all of this.
refuse() { # HOW TEXT...
    local how=$1
    shift
    for command in 'sandbox -- true' '-S syn 8080'; do
        # shellcheck disable=SC2086 # words of a command
        try "$LOOPCRAFT_BUILD/helpers/refuse" "$how" "$LOOPCRAFT" $command
        ! grep -q '^refuse: ' "$err" || skip "$(cat "$err")"
        refused 4 "can't open the sandbox: " "$@"
    done
}

@test "unshare: EPERM, as under a container's seccomp" {
    refuse unshare-eperm 'network namespace is refused (Operation not permitted)' seccomp \
        --security-opt
}

@test "unshare: ENOSPC, as with user.max_user_namespaces=0" {
    refuse unshare-enospc 'network namespace is refused (No space left on device)' 'user.max_' sysctl raise
}

@test "uid_map: EPERM, as under Ubuntu's AppArmor" {
    refuse uid-map 'uid_map' '(Operation not permitted)' AppArmor 'sudo make install'
}

@test "clone: EPERM for the PID namespace" {
    refuse clone-eperm 'PID namespace is refused (Operation not permitted)' seccomp
}

@test "--json: the refusal is an object too" {
    try "$LOOPCRAFT_BUILD/helpers/refuse" unshare-eperm "$LOOPCRAFT" -S --json syn 8080
    exits 4
    complains "can't open the sandbox"
    events <<'PY'
assert [e['type'] for e in events] == ['error'] and events[0]['status'] == 4
assert "can't open the sandbox" in events[0]['message']
PY
}

@test "no privilege on the host: exit 4, and what to do" {
    ! is_root || skip 'root has the privilege'
    lc --host syn 8080
    refused 4 privilege sudo sandbox
    lc --host handshake
    refused 4 privilege sudo sandbox
}
