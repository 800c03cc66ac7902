# shellcheck shell=bash
# lab.sh: the words that a lab is written in. Sourced by each labs/NN-topic/lab.sh; labs/README.md
# explains them. A lab run directly starts itself again through `loopcraft lab`, in a sandbox.
set -u
lab_file=$(readlink -f "${BASH_SOURCE[1]}")
here=${lab_file%/*}
folder=${here##*/}
lib=${here%/*}/lib

if [ -z "${LAB_INSIDE:-}" ]; then
    for program in "${LOOPCRAFT:-}" "$here/../../build/loopcraft" "$here/../../../../bin/loopcraft" "$(command -v loopcraft)"; do
        [ ! -x "$program" ] || exec "$program" lab "$folder" "$@"
    done
    echo "$0: no loopcraft to run it with: build it first, with make" >&2
    exit 4
fi
unset LAB_INSIDE # a lab that a command of ours starts is a lab of its own

# shellcheck source=labs/lib/screen.sh
. "$lib/screen.sh"
# shellcheck source=labs/lib/student.sh
. "$lib/student.sh"
# shellcheck source=labs/lib/truth.sh
. "$lib/truth.sh"

scratch=$(mktemp -d) || exit 4
output=$scratch/output
interactive='' skipping='' last_line='' capture='' captures=0 shipped='' step=0 step_name=''
questions=() servers=()
step_count=$(grep -c '^step ' "$lab_file")
mkdir "$scratch/bin" && ln -s "$LOOPCRAFT" "$scratch/bin/loopcraft"
export PATH=$scratch/bin:/usr/sbin:/sbin:$PATH
trap 'ends $?' EXIT
trap 'exit 130' INT TERM HUP

# A lab runs in the student's folder; what was named on the command line stays where it was named.
for path in LAB_TRANSCRIPT LAB_CAPTURE LOOPCRAFT_LABS; do
    [ -z "${!path:-}" ] || printf -v "$path" %s "$(realpath -ms "${!path}")"
done

# --- beginning and end ---------------------------------------------------------------

title() { # NUMBER core|deeper MINUTES NAME WHAT-IT-SHOWS
    number=$1 name=$4
    if [ -n "${LAB_JSON+set}" ]; then
        exec {events}>&1 > /dev/null
    fi
    if [ -z "${LAB_AUTO+set}" ]; then
        [ -t 0 ] || { echo "loopcraft: lab $1 asks questions, and nobody is there to answer: add --auto, or run it at a terminal" >&2; exit 2; }
        interactive=1
    fi
    screen_width
    screen_colours
    student_begin
    page_begin
    printf '%s\n' "${bold}Lab $1: $4$plain"
    wrap '' "$5 About $3 minutes, $step_count steps; seed $seed."
    if [ -n "$interactive" ]; then
        wrap '' "What to read first and afterwards: $here/README.md"
        [ "$done_steps" = 0 ] || wrap '' "You have done $done_steps of $step_count steps: going on from there. (--reset starts anew.)"
    fi
    page "$5" ''
    [ -z "${LAB_WATCH+set}" ] || done_steps=$step_count
}

# What this lab wants beside loopcraft; without it nothing is begun.
needs() { # COMMAND PACKAGE
    command -v "$1" > /dev/null || {
        echo "loopcraft: lab $number needs $1: install the package $2 (sudo apt install $2)" >&2
        exit 4
    }
}

# Behind the last step: what was scored, and where to look on.
finish() { # FILTER
    step_end
    step=$step_count
    if [ -n "${LAB_WATCH+set}" ]; then
        return
    fi
    [ -z "$interactive" ] || student_keep
    printf '\n%s\n' "${bold}Lab $number is done.$plain"
    [ "$guessed" = 0 ] || [ -z "$interactive" ] || wrap '' "$right of $guessed predictions were right."
    [ -z "${LAB_TRANSCRIPT:-}" ] || wrap '' "To hand in: $LAB_TRANSCRIPT"
    if [ -n "$shipped${LAB_CAPTURE:-}" ]; then
        wrap '' "The packets are in ${LAB_CAPTURE:-}${LAB_CAPTURE:+${shipped:+ and in }}$shipped. In Wireshark, type as a display filter:"
    else
        wrap '' "With -w FILE the packets are kept. In Wireshark, type as a display filter:"
    fi
    printf '    %s\n' "$1"
    page "Wireshark's display filter for this lab: \`$1\`" '' "Predictions: $right of $guessed right." ''
}

# One way out for all: servers end, the capture is kept, programs are told.
ends() { # STATUS
    local status=$1 server i
    for server in ${servers[@]+"${servers[@]}"}; do
        kill "${server#*=}" 2>/dev/null
    done
    if [ -n "${LAB_CAPTURE:-}" ] && [ "$captures" -gt 0 ]; then
        # Sections of pcapng may stand one after the other in a file: a lab that goes on adds its own.
        for ((i = 1; i <= captures; i++)); do cat "$scratch/$i.pcapng" || break; done 2>/dev/null >> "$LAB_CAPTURE"
        if [ "$i" -le "$captures" ]; then
            echo "loopcraft: can't write all packets to $LAB_CAPTURE: is the disk full?" >&2
            status=4
        fi
    fi
    [ -z "${LAB_JSON+set}" ] || printf '{"type":"lab","number":%d,"name":%s,"passed":%s,"steps":%d}\n' "$number" "$(json "$name")" "$([ "$status" = 0 ] && echo true || echo false)" "$step_count" >&"$events"
    rm -rf "$scratch"
    exit "$status"
}

json() { # TEXT
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# What a lab claims does not hold here: it says so and ends, with a person or without.
fails() { # WHY
    printf 'loopcraft: lab %d, step %d (%s): %s\n' "$number" "$step" "$step_name" "$1" >&2
    page "**Failed in step $step:** $1" ''
    step_told false
    exit 1
}

# --- telling ----------------------------------------------------------------------------

step_told() { # PASSED
    [ -z "${LAB_JSON+set}" ] || [ "$step" = 0 ] ||
        printf '{"type":"step","lab":%d,"number":%d,"means":%s,"passed":%s}\n' "$number" "$step" "$(json "$step_name")" "$1" >&"$events"
}

step_end() {
    [ "$step" != 0 ] && [ -z "$skipping" ] || return 0
    step_told true
    [ -z "$interactive" ] || student_keep
}

# A part of the lab that is done at one go. Those done before are passed over.
step() { # NAME
    step_end
    if [ "$step" != 0 ] && [ -z "$skipping" ]; then
        space
        pause 'next step'
    fi
    step=$((step + 1)) step_name=$1 skipping='' last_line=''
    [ -z "$interactive" ] || screen_width # the window may have another size by now
    if [ "$step" -le "$done_steps" ]; then
        skipping=1
        return
    fi
    printf '\n%s\n\n' "${bold}$step/$step_count  $1$plain"
    page "## $step. $1" ''
}

say() { # PARAGRAPH...
    [ -z "$skipping" ] || return 0
    local paragraph
    space
    for paragraph; do
        wrap '' "$paragraph"
        printf '\n'
        page "$paragraph" ''
    done
}

# A question without a right answer, for the page to hand in.
ask() { # QUESTION
    [ -z "$skipping" ] && [ -n "$interactive" ] || return 0
    space
    wrap '' "$1"
    typed '> '
    page "**Question:** $1" '' "**Answer:** ${typed:-(none)}" ''
    printf '\n'
}

# --- numbers, servers, firewalls: also when a step is passed over ------------------------------

# A number of the student's own, from LOW to HIGH; others for other names: x=$(pick x 1 9).
pick() { # NAME LOW HIGH
    local sum
    sum=$(cksum <<< "$seed $folder $1")
    echo $(($2 + ${sum%% *} % ($3 - $2 + 1)))
}

# Starts a server, which runs until `stop NAME` or the end, and waits until it has its port.
serve() { # NAME PORT COMMAND...
    local name=$1 port=$2 end=$((SECONDS + 10))
    shift 2
    "$@" > "$scratch/$name.log" 2>&1 < /dev/null &
    servers+=("$name=$!")
    until listens "$port"; do
        if ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $end ]; then
            fails "the server \"$name\" ($*) does not listen on port $port: $(tail -n 1 "$scratch/$name.log")"
        fi
        sleep 0.02
    done
}

# Is there a socket that waits at this port, 8080 or udp/53? Asked of the kernel: no packet is sent.
listens() { # PORT
    local protocol=tcp port=$1 state=0A
    [[ $1 != udp/* ]] || protocol=udp port=${1#udp/} state=07
    cat "/proc/net/$protocol" "/proc/net/${protocol}6" 2>/dev/null |
        awk -v port="$(printf ':%04X' "$port")" -v state=$state '$2 ~ port "$" && $4 == state { found = 1 } END { exit !found }'
}

# The process id of a server.
server() { # NAME
    local each
    for each in ${servers[@]+"${servers[@]}"}; do
        [ "${each%%=*}" != "$1" ] || echo "${each#*=}"
    done
}

stop() { # NAME
    local pid kept=() each
    pid=$(server "$1")
    [ -z "$pid" ] || { kill "$pid" && kill -CONT "$pid"; wait "$pid"; } 2>/dev/null
    for each in ${servers[@]+"${servers[@]}"}; do
        [ "${each%%=*}" = "$1" ] || kept+=("$each")
    done
    servers=(${kept[@]+"${kept[@]}"})
}

# The lab's own firewall: these rules at input of the sandbox's lo, and no others; `none`: no rules.
firewall() { # RULE...|none
    local rule rules=''
    [ "$1" != none ] || shift
    for rule; do
        rules+="    $rule"$'\n'
    done
    nft "table inet lab { chain input { type filter hook input priority -10; }; }; delete table inet lab" ||
        fails "the sandbox's firewall can't be changed (nft)"
    [ -n "$rules" ] || return 0
    nft -f - <<< "table inet lab { chain input { type filter hook input priority -10
$rules }; }" || fails "the firewall does not take the rules: $*"
}

# --- predict, run, expect -----------------------------------------------------------------------

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
exercise_hints=''

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
        wrap '  ' 'There are no more hints: say what you think.'
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
    guessed=$((guessed + 1))
    if guessed_right "$3" "$1" "$value"; then
        right=$((right + 1))
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
    wrap '' 'This packet shows it:'
    "$LOOPCRAFT" dump "$capture" --packet "$packet" | tail -n +2 # without the line that names the file
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
    [ "$status" = "${2:-0}" ] || fails "\`$1\` ended with $status, not with ${2:-0}: $(tail -n 1 "$output")"
    for ((i = 0; i < ${#questions[@]}; i += 6)); do
        score "${guesses[i]:-}" "${questions[@]:i:5}"
    done
    questions=()
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
        fails "$1: expected $(told "$2" "$4"), saw $(told "$2" "$value") ($2 of \"$3\")"
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

# --- exercises ----------------------------------------------------------------------------------

# Words for a check: a line that is run quietly, then what should be seen, one by one.
try() { # LINE
    recorded "$1" quiet || true
}

seen() { # WHAT FIELD FILTER VALUE
    local value
    value=$(truth "$2" "$3")
    if agrees "$2" "$4" "$value"; then
        printf '  %s %s: %s\n' "$good$yes$plain" "$1" "$(told "$2" "$value")"
    else
        printf '  %s %s: expected %s, saw %s\n' "$bad$no$plain" "$1" "$(told "$2" "$4")" "$(told "$2" "$value")"
        missed=$((missed + 1))
    fi
}

# Does this file pass? What was expected and seen goes to $scratch/checked.
passes() { # CHECK FILE
    missed=0
    "$1" "$2" > "$scratch/checked" 2>&1
    [ "$missed" = 0 ]
}

# A file of the exercise, with the student's own numbers where @NAME@ stands.
exercise_file() { # FROM TO
    local text name
    text=$(cat "$1") || fails "a file of the lab is missing: $1"
    while [[ $text =~ @([a-z_]+)@ ]]; do
        name=${BASH_REMATCH[1]}
        text=${text//@"$name"@/${!name}}
    done
    printf '%s\n' "$text" > "$2"
}

# The student changes FILE (it begins as exercise/FILE) until CHECK passes. solution/FILE does.
exercise() { # FILE CHECK TASK
    local clues=$exercise_hints
    exercise_hints=''
    if [ -n "${LAB_WATCH+set}" ]; then
        skipping=''
        exercise_home "$1"
        exercise_watched "$2" "$home/$folder/$1" "$3"
        skipping=1
        return
    fi
    [ -z "$skipping" ] || return 0
    space
    wrap '' "${bold}Exercise:$plain $3"
    page "**Exercise:** $3" ''
    if [ -n "$interactive" ]; then
        exercise_home "$1"
        exercise_asked "$2" "$home/$folder/$1" "$clues"
    else
        exercise_proved "$1" "$2"
    fi
    page_output "$scratch/checked"
}

exercise_home() { # FILE
    [ -e "$home/$folder/$1" ] || exercise_file "$here/exercise/$1" "$home/$folder/$1"
}

# Without a person: it fails as it is given out, and passes with its solution.
exercise_proved() { # FILE CHECK
    local file=$scratch/$1
    exercise_file "$here/exercise/$1" "$file"
    ! passes "$2" "$file" || fails "the exercise $1 passes before anybody has changed it"
    exercise_file "$here/solution/$1" "$file"
    passes "$2" "$file" || fails "the exercise $1 does not pass with its solution: $(grep -F "$no" "$scratch/checked" | head -n 1)"
    wrap '' "$good$yes$plain fails untouched, passes with its solution"
}

exercise_asked() { # CHECK FILE HINTS
    local given=0
    wrap '' "Your file: $2"
    while :; do
        printf '%s' "${dim}[Enter: check · e: edit · h: hint · s: shell · n: not now · q: quit]$plain "
        case $(key) in
        enter)
            printf '\n'
            if passes "$1" "$2"; then
                cat "$scratch/checked"
                wrap '' "$good$yes It passes.$plain"
                return
            fi
            cat "$scratch/checked" ;;
        e) printf '\n'; edit "$2" ;;
        h) printf '\n'; next_hint "$3" ;;
        s) printf '\n'; shell ;;
        n) printf '\n'; wrap '' "\`loopcraft lab $number --watch\` comes back to it."; return ;;
        q) printf '\n'; leave ;;
        *) printf '\r\e[K' ;;
        esac
    done
}

# The editor may be named with its options, as in EDITOR="code --wait".
edit() { # FILE
    local editor
    read -ra editor <<< "${VISUAL:-${EDITOR:-$(command -v nano || command -v vi || echo ed)}}"
    "${editor[@]}" "$1" || wrap '' "The editor (${editor[*]}) ended with $?: the variable EDITOR says which one it is."
}

# Checks now, and each time that the file is saved, until it passes.
exercise_watched() { # CHECK FILE TASK
    local saved='' now
    wrap '' "${bold}Exercise:$plain $3"
    wrap '' "Your file: $2 (Ctrl-C ends)"
    while :; do
        now=$(stat -c '%Y %s %i' "$2" 2>/dev/null)
        if [ "$now" != "$saved" ] && [ -n "$now" ]; then
            saved=$now
            printf '\n%s\n' "$dim$(date +%T)$plain"
            if passes "$1" "$2"; then
                cat "$scratch/checked"
                wrap '' "$good$yes It passes.$plain"
                return
            fi
            cat "$scratch/checked"
        fi
        sleep 0.2
    done
}
