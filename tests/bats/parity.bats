# parity.bats: dump and tshark say the same of captures of real programs' traffic (issue 3).
#
# scripts/make-captures makes the captures; CAPTURES=folder tests others than those that are kept.
load lib

setup() {
    need tshark capinfos python3
    captures=(${CAPTURES:-tests/captures}/*.pcap*)
}

# The set that is kept must also be large enough, and need each of parity.py's exceptions.
@test "2,000 packets of 10 programs: what is named has Wireshark's position, size, show and value; 95 % is named" {
    local file pairs=() set=--set
    [ -z "${CAPTURES:-}" ] || set=
    for file in "${captures[@]}"; do
        lc dump --json "$file"
        exits 0
        mv "$out" "$BATS_TEST_TMPDIR/${file##*/}.json"
        pairs+=("$file" "$BATS_TEST_TMPDIR/${file##*/}.json")
    done
    try python3 -I tests/parity.py $set "${pairs[@]}"
    exits 0
    has "$out" 'parity: ' ' 0 different'
    # What was measured is shown, also when all is well: scripts/check passes it on.
    sed -nE 's/^(parity: |[0-9]+ programs: |[a-z0-9]+: [0-9]+ of )/# measured: &/p' "$out" >&3
}

@test "the captures say nothing of the machine that they were made on" {
    [ -z "${CAPTURES:-}" ] || skip "these were made here"
    try grep -aliE "dumpcap|mergecap|$(uname -r)|registry|/home/|/root/|/tmp/" "${captures[@]}"
    exits 1
}

@test "nothing of them is shown raw" {
    local file
    for file in "${captures[@]}"; do
        lc dump -v "$file"
        exits 0
        silent
        harmless "$out"
    done
}
