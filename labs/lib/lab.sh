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
# shellcheck source=labs/lib/servers.sh
. "$lib/servers.sh"
# shellcheck source=labs/lib/predict.sh
. "$lib/predict.sh"
# shellcheck source=labs/lib/exercise.sh
. "$lib/exercise.sh"

scratch=$(mktemp -d) || exit 4
output=$scratch/output
interactive='' skipping='' last_line='' capture='' captures=0 shipped='' this_step=0 this_step_name=''
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
    lab_number=$1 lab_name=$4
    if [ -n "${LAB_JSON+set}" ]; then
        exec {events}>&1 > /dev/null
    fi
    if [ -z "${LAB_AUTO+set}" ]; then
        [ -t 0 ] || { echo "loopcraft: lab $1 asks questions, and nobody is there to answer: add --auto, or run it at a terminal" >&2; exit 2; }
        interactive=1
    fi
    needs_usual
    screen_width
    screen_colours
    student_begin
    page_begin
    printf '%s\n' "${bold}Lab $1: $4$plain"
    wrap '' "$5 About $3 minutes, $step_count steps; seed $lab_seed."
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
        echo "loopcraft: lab $lab_number needs $1: install the package $2 (sudo apt install $2)" >&2
        exit 4
    }
}

# Programs that labs are written with: one that uses them needs them.
needs_usual() {
    uses() { grep -rqE --exclude=*.md --exclude=*.pcapng -e "$1" "$here"; }
    ! uses '(^|[ "(])nft |^firewall ' || needs nft nftables
    ! uses '(^|[ "(])ss -' || needs ss iproute2
    ! uses '(^|[ "(])sysctl ' || needs sysctl procps
    ! uses python3 || needs python3 python3
}

# Behind the last step: what was scored, and where to look on.
finish() { # FILTER
    step_end
    this_step=$step_count
    if [ -n "${LAB_WATCH+set}" ]; then
        [ "$exercises" -gt 0 ] || wrap '' "Lab $lab_number has no exercise."
        return
    fi
    [ -z "$interactive" ] || student_keep
    printf '\n%s\n' "${bold}Lab $lab_number is done.$plain"
    [ "$scored" = 0 ] || [ -z "$interactive" ] || wrap '' "$scored_right of $scored predictions were right."
    [ -z "${LAB_TRANSCRIPT:-}" ] || wrap '' "To hand in: $LAB_TRANSCRIPT"
    if [ -n "$shipped${LAB_CAPTURE:-}" ]; then
        wrap '' "The packets are in ${LAB_CAPTURE:-}${LAB_CAPTURE:+${shipped:+ and in }}$shipped. In Wireshark, type as a display filter:"
    else
        wrap '' "With -w FILE the packets are kept. In Wireshark, type as a display filter:"
    fi
    printf '    %s\n' "$1"
    page "Wireshark's display filter for this lab: \`$1\`" '' "Predictions: $scored_right of $scored right." ''
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
    [ -z "${LAB_JSON+set}" ] || printf '{"type":"lab","number":%d,"name":%s,"passed":%s,"steps":%d}\n' "$lab_number" "$(json "$lab_name")" "$([ "$status" = 0 ] && echo true || echo false)" "$step_count" >&"$events"
    rm -rf "$scratch"
    exit "$status"
}

json() { # TEXT
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# What a lab claims does not hold here: it says so and ends, with a person or without.
fails() { # WHY
    printf 'loopcraft: lab %d, step %d (%s): %s\n' "$lab_number" "$this_step" "$this_step_name" "$1" >&2
    page "**Failed in step $this_step:** $1" ''
    step_told false
    exit 1
}

# --- telling ----------------------------------------------------------------------------

step_told() { # PASSED
    [ -z "${LAB_JSON+set}" ] || [ "$this_step" = 0 ] ||
        printf '{"type":"step","lab":%d,"number":%d,"means":%s,"passed":%s}\n' "$lab_number" "$this_step" "$(json "$this_step_name")" "$1" >&"$events"
}

step_end() {
    [ "$this_step" != 0 ] && [ -z "$skipping" ] || return 0
    step_told true
    [ -z "$interactive" ] || student_keep
}

# A part of the lab that is done at one go. Those done before are passed over.
step() { # NAME
    step_end
    if [ "$this_step" != 0 ] && [ -z "$skipping" ]; then
        space
        pause 'next step'
    fi
    this_step=$((this_step + 1)) this_step_name=$1 skipping='' last_line=''
    [ -z "$interactive" ] || screen_width # the window may have another size by now
    if [ "$this_step" -le "$done_steps" ]; then
        skipping=1
        return
    fi
    printf '\n%s\n\n' "${bold}$this_step/$step_count  $1$plain"
    page "## $this_step. $1" ''
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
