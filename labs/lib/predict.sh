# shellcheck shell=bash
# predict.sh: what the student says beforehand, what is run, and what it came to. Sourced by lab.sh.

# To be said before the next command runs, and scored by what is true then: see truth().
predict() { # QUESTION FIELD FILTER ANSWER WHY
    [ -n "$skipping" ] || questions+=("$1" "$2" "$3" "$4" "$5" '')
}

# For the last prediction, or the exercise that follows: another, if the one before is not enough.
hint() { # TEXT
    [ -z "$skipping" ] || return 0
    if [ ${#questions[@]} -gt 0 ]; then
        questions[-1]+=$1$'\n'
    else
        exercise_hints+=$1$'\n'
    fi
}
exercise_hints='' exercises=0

# Gives one hint more; $given counts them.
next_hint() { # HINTS
    local hints
    mapfile -t hints <<< "${1%$'\n'}"
    if [ -z "$1" ]; then
        wrap '  ' 'No hint here: a guess costs nothing.'
    elif [ "$given" -lt ${#hints[@]} ]; then
        wrap '  ' "Hint $((given + 1)) of ${#hints[@]}: ${hints[given]}"
        given=$((given + 1))
    else
        wrap '  ' 'There are no more hints.'
    fi
}

# Asks one prediction; $typed is the guess.
guess() { # QUESTION HINTS
    local given=0
    wrap '' "${bold}Predict:$plain $1"
    while :; do
        typed "> "
        case $typed in
        '')    wrap '  ' 'Commit to an answer; ? gives a hint, q quits.' ;;
        '?'|h) next_hint "$2" ;;
        q)     leave ;;
        *)     return ;;
        esac
    done
}

# Beside each prediction what it came to. The lab's own answer must be true, or the lab is wrong.
score() { # GUESS QUESTION FIELD FILTER ANSWER WHY
    local value
    value=$(truth "$3" "$4")
    agrees "$3" "$5" "$value" ||
        fails "it should have been $(told "$3" "$5"), but was $(told "$3" "$value") ($3 of \"$4\"): is everything of the lab running?"
    page "**Prediction:** $2" ''
    facts=1
    if [ -z "$interactive" ]; then
        wrap '' "$good$yes$plain $2 $(told "$3" "$value"). $6"
        page "It is $(told "$3" "$value"). $6" ''
        return
    fi
    scored=$((scored + 1))
    if guessed_right "$3" "$1" "$value"; then
        scored_right=$((scored_right + 1))
        wrap '' "$good$yes Right: $(told "$3" "$value").$plain $6"
        page "Said: $1. Right. $6" ''
    else
        wrap '' "$bad$no Not this time.$plain You said $1; it was $(told "$3" "$value"). $6"
        page "Said: $1. It was $(told "$3" "$value"). $6" ''
        show_packet "$3" "$4"
    fi
}

# A guess is a value: the lab's own words for "more than" and "anything but" are not for guesses.
guessed_right() { # FIELD GUESS VALUE
    [[ $2 != [\<\>!]* ]] && agrees "$1" "$2" "$3"
}

# The packet that shows it, where a packet does.
show_packet() { # FIELD FILTER
    local packet
    case $1 in
    packets|state|output) return ;;
    esac
    packet=$("$LOOPCRAFT" dump "$capture" -Y "$2" --field frame.number | head -n 1)
    [ -n "$packet" ] || return 0
    wrap '' "This packet shows it ($1):"
    "$LOOPCRAFT" dump "$capture" --packet "$packet" | # without the line that names the file, and cut
        awk 'NR > 1 && NR <= 72 { print } END { if (NR > 72) print "... " NR - 72 " lines more" }' | tee "$scratch/looked"
    page_output "$scratch/looked"
}

# Runs a line of shell, as it is shown. STATUS is what it should end with: 0 if not said.
run() { # LINE [STATUS]
    [ -z "$skipping" ] || return 0
    local i status=0 guesses=()
    [ -z "$interactive" ] || screen_width
    for ((i = 0; i < ${#questions[@]} && ${#interactive}; i += 6)); do
        guess "${questions[i]}" "${questions[i + 5]}"
        guesses[i]=$typed
    done
    space
    printf '%s\n' "$bold\$ $1$plain"
    pause 'run it'
    execute "$1" || status=$?
    [ "$status" = "${2:-0}" ] || fails "\`$1\` ended with $status, not with ${2:-0}: $(last_words "$output")"
    for ((i = 0; i < ${#questions[@]}; i += 6)); do
        score "${guesses[i]:-}" "${questions[@]:i:5}"
    done
    questions=()
}

# The end of what a program said, in one line: its last sentence may be broken over several. No ladder.
last_words() { # FILE
    sed 's/\x1b\[[0-9;]*m//g' "$1" | grep '[^ ]' | tail -n 3 | grep -v '^#' | tr -s ' \n' ' '
}

# Like run, but about a capture that is there already: what is predicted and expected is true of FILE.
look() { # FILE LINE [STATUS]
    local looked=$1
    run "$2" "${3:-0}"
}

execute() { # LINE
    local status=0
    last_line=$1
    recorded "$1" || status=$?
    page "\`$1\`" ''
    page_output "$output"
    printf '\n'
    return $status
}

# The packets of the last command, as they were on the wire: with options of `loopcraft dump`.
show() { # OPTION...
    [ -z "$skipping" ] || return 0
    "$LOOPCRAFT" dump "$capture" "$@" | sed '1d; 2{/^$/d}' | tee "$scratch/looked"
    page_output "$scratch/looked"
    printf '\n'
}

# A fact of the last command that the lab goes by: told, and the end of the lab if it does not hold.
expect() { # FACT FIELD FILTER VALUE
    [ -z "$skipping" ] || return 0
    local value
    value=$(truth "$2" "$3")
    agrees "$2" "$4" "$value" ||
        fails "${1%.}: expected $(told "$2" "$4"), saw $(told "$2" "$value") ($2 of \"$3\")"
    wrap '' "$good$yes$plain $1"
    facts=1
    page "- $1" ''
}

# A line of space behind facts, which stand together.
space() {
    [ -z "$facts" ] || printf '\n'
    facts=''
}
facts=''
