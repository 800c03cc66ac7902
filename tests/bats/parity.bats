# parity.bats: dump and tshark say the same of captures of real programs' traffic (issue 3).
#
# scripts/make-captures makes the captures; CAPTURES=folder tests others than those that are kept.
load lib

setup() {
    need tshark capinfos python3
    captures=(${CAPTURES:-tests/captures}/*.pcap*)
}

@test "the captures: two thousand packets and more, of ten files and more" {
    local file count total=0
    for file in "${captures[@]}"; do
        count=$(capinfos -TMrc "$file" | cut -f 2)
        total=$((total + count))
    done
    [ ${#captures[@]} -ge 10 ] && [ $total -ge 2000 ] && return
    echo "$total packets in ${#captures[@]} files"
    return 1
}

@test "every field that is named has Wireshark's position, size, show and value; 95 % are named" {
    local file pairs=()
    for file in "${captures[@]}"; do
        lc dump --json "$file"
        exits 0
        mv "$out" "$BATS_TEST_TMPDIR/${file##*/}.json"
        pairs+=("$file" "$BATS_TEST_TMPDIR/${file##*/}.json")
    done
    try python3 -I tests/parity.py "${pairs[@]}"
    exits 0
    has "$out" 'parity: ' ' 0 different'
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
