# lib.sh: what the scripts share. To be sourced.

# Runs a command as the person behind sudo, so that no root-owned file stays in the tree.
as_caller() {
    if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
        sudo -u "$SUDO_USER" --preserve-env=MAKEFLAGS,CC,BUILD,CFLAGS -- "$@"
    else
        "$@"
    fi
}

die() {
    echo "$*" >&2
    exit 1
}
