# shellcheck shell=bash
# truth.sh: what happened on the wire, and whether it is what somebody said. Sourced by lab.sh.

# --- the capture of a command ----------------------------------------------------------

# Everything on the sandbox's lo, from before the command starts. It stands when the first line comes.
capture_start() {
    local first=''
    capture=$scratch/$((++captures)).pcapng
    exec {watching}< <(exec "$LOOPCRAFT" watch -q --color=never -w "$capture" 2> "$scratch/watch")
    watcher=$!
    IFS= read -r first <&"$watching" || true
    [ -n "$first" ] || fails "can't capture: $(cat "$scratch/watch")"
}

capture_stop() {
    kill -INT "$watcher"
    cat <&"$watching" > /dev/null
    exec {watching}<&-
    wait "$watcher" || true # 130: interrupted, as asked
}

# Runs a line of shell in a capture, or beside the one that `look` names; its output is kept, and seen
# unless it is to be quiet.
recorded() { # LINE [quiet]
    local status=0
    if [ -n "${looked:-}" ]; then
        capture=$looked
        [[ $capture = "$scratch"/* ]] || shipped=$(realpath "$capture")
    else
        capture_start
    fi
    bash -c "$1" 2>&1 < /dev/null | if [ -n "${2:-}" ]; then cat > "$output"; else tee "$output"; fi
    status=${PIPESTATUS[0]}
    [ -n "${looked:-}" ] || capture_stop
    return $status
}

# --- what is true -------------------------------------------------------------------------

# What a command printed, as it reads.
without_colours() { # FILE
    sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$1"
}

# A fact of the last command. FIELD is one of Wireshark's, of the first packet that FILTER selects, or
#   packets  how many packets FILTER selects
#   state    the verdict on FILTER, a port: 8080/tcp
#   output   what FILTER, a regular expression, matches in what was printed, or its parentheses do;
#            there a line's end is a space
truth() { # FIELD FILTER
    case $1 in
    packets) "$LOOPCRAFT" dump "$capture" -Y "$2" --field frame.number | wc -l ;;
    state)   without_colours "$output" | awk -v port="$2" '$1 == port { print $2 ~ /^(open|closed|filtered|open\|filtered|unfiltered)$/ ? $2 : $3; exit }' ;; # scan names a service between
    output)  [[ $(without_colours "$output" | tr -d '\0' | tr -s ' \n' ' ') =~ $2 ]] && echo "${BASH_REMATCH[1]:-${BASH_REMATCH[0]}}" ;;
    ip.*)    "$LOOPCRAFT" dump "$capture" -Y "$2" --field "$1" 2>&1 | head -n 1 | cut -d, -f1 ;; # not that of a quoted packet
    *)       "$LOOPCRAFT" dump "$capture" -Y "$2" --field "$1" 2>&1 | head -n 1 ;;
    esac
}

# Flags in anybody's spelling, as a number: SYN,ACK  syn-ack  SA  "SYN ACK"  0x12  none.
flags() { # TEXT
    local text=${1^^} sum=0 word
    if [[ $text =~ ^0X[0-9A-F]+$|^[0-9]+$ ]]; then
        echo $((text & 0x1ff))
        return
    fi
    text=${text//[^A-Z]/ }
    [[ $text =~ ^\ *[FSRPAU]+\ *$ ]] && text=$(sed 's/./& /g' <<< "$text")
    for word in $text; do
        case $word in
        F|FIN) sum=$((sum | 1)) ;;
        S|SYN) sum=$((sum | 2)) ;;
        R|RST|RESET) sum=$((sum | 4)) ;;
        P|PSH|PUSH) sum=$((sum | 8)) ;;
        A|ACK) sum=$((sum | 16)) ;;
        U|URG) sum=$((sum | 32)) ;;
        NONE) ;;
        *) sum=-1; break ;;
        esac
    done
    echo $sum
}

# One spelling for what is the same: numbers as decimal numbers, words in small letters.
plainly() { # FIELD TEXT
    local text=${2,,}
    text=${text#"${text%%[![:space:]]*}"}
    text=${text%"${text##*[![:space:]]}"}
    if [ "$1" = tcp.flags ]; then
        flags "$text"
    elif [ "$1" = packets ] && [[ $text =~ ^(none|nothing|no|silence)$ ]]; then
        echo 0
    elif [[ $text =~ ^0x[0-9a-f]+$ ]]; then
        echo $((text))
    elif [[ $text =~ ^[0-9][0-9,\ ]*$ ]]; then
        text=${text//[, ]/}
        echo $((10#$text))
    else
        echo "$text"
    fi
}

# Is this value what was expected: the same, or >N, <N, !VALUE?
agrees() { # FIELD EXPECTED VALUE
    local one value
    value=$(plainly "$1" "$3")
    case $2 in
    [\<\>]*) [[ $value =~ ^[0-9]+$ ]] && (("$value ${2:0:1} ${2:1}")) ;;
    !*)      [ "$value" != "$(plainly "$1" "${2:1}")" ] ;;
    *)       [ "$value" = "$(plainly "$1" "$2")" ] && [ -n "$3$2" ] ;;
    esac
}

# A value as it is told: flags by their names, and nothing that moves the cursor.
told() { # FIELD VALUE
    local flags=(FIN SYN RST PSH ACK URG) i number out='' safe=${2//[[:cntrl:]]/.}
    if [ "$1" = tcp.flags ] && number=$(flags "$2") && [ "$number" -ge 0 ]; then
        for i in 1 0 2 3 4 5; do
            ((number & 1 << i)) && out=${out:+$out,}${flags[i]}
        done
        echo "${out:-none}"
    else
        echo "${safe:-nothing}"
    fi
}
