#!/usr/bin/env bats
# install.bats: what make install and uninstall do with a program that is built, in a DESTDIR.
load lib

make_target() {
    try "$BATS_TEST_DIRNAME/../../scripts/install-files" "$1" "$LOOPCRAFT" "$BATS_TEST_TMPDIR/root" /opt/x
}

@test "install puts the program, its labs and the AppArmor profile; uninstall removes all of it" {
    make_target install
    exits 0
    cd "$BATS_TEST_TMPDIR/root"
    [ -x opt/x/bin/loopcraft ]
    [ -d opt/x/share/loopcraft/labs ]
    has etc/apparmor.d/loopcraft '/opt/x/bin/loopcraft' userns
    lacks etc/apparmor.d/loopcraft @
    try opt/x/bin/loopcraft --version
    exits 0
    # It does not need the tree it came from.
    try opt/x/bin/loopcraft -S -q syn 8080 --expect open
    exits 0
    has "$out" 8080/tcp
    make_target uninstall
    exits 0
    same "$(find . -type f)" ''
}

@test "nothing of what is installed is writable by others" {
    make_target install
    exits 0
    same "$(find "$BATS_TEST_TMPDIR/root" -perm -o+w ! -type l)" ''
}
