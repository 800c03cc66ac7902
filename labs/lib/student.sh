# shellcheck shell=bash
# student.sh: who does the lab: folder, numbers of one's own, progress, the page to hand in.
# Sourced by lab.sh.

# Exercises, progress and the seed, in a folder that the student sees. Without a person nothing of it
# is touched: all goes to the lab's scratch folder, which ends with it.
student_begin() {
    if [ -n "$interactive" ]; then
        home=${LOOPCRAFT_LABS:-${HOME:-/nonexistent}/loopcraft-labs}
        { mkdir -p "$home/$folder" && [ -w "$home/$folder" ]; } 2>/dev/null || {
            echo "can't write to $home: progress is not kept" >&2
            home=$scratch
        }
    else
        home=$scratch
    fi
    mkdir -p "$home/$folder"
    progress=$home/$folder/progress
    if [ -n "${LAB_RESET+set}" ]; then
        rm -rf "${home:?}/$folder"
        mkdir -p "$home/$folder"
    fi
    cd "$home/$folder" || exit 4 # what the lab's commands write (-w mine.pcapng) is the student's
    student_seed
    done_steps=0 scored_right=0 scored=0
    [ ! -r "$progress" ] || read -r done_steps scored_right scored < "$progress"
    [[ ${done_steps:-} =~ ^[0-9]+$ && ${scored_right:-} =~ ^[0-9]+$ && ${scored:-} =~ ^[0-9]+$ ]] ||
        done_steps=0 scored_right=0 scored=0
    [ "$done_steps" -lt "$step_count" ] || done_steps=0 scored_right=0 scored=0 # it was finished: anew
}

# Everybody's numbers are other ones, and stay the same until the next --reset.
student_seed() {
    lab_seed=${LAB_SEED:-}
    [ -n "$lab_seed" ] || [ ! -r "$home/$folder/seed" ] || read -r lab_seed < "$home/$folder/seed"
    [[ ${lab_seed:-} =~ ^[0-9]+$ ]] || lab_seed=$((RANDOM * 32768 + RANDOM + 1))
    echo "$lab_seed" > "$home/$folder/seed"
}

student_keep() {
    { echo "$this_step $scored_right $scored" > "$progress"; } 2>/dev/null || echo "can't write $progress: this step is not kept" >&2
}

# --- the page to hand in ------------------------------------------------------------

# A lab that goes on goes on in its page, too. What can't be written is said before anything is done.
page_begin() {
    local file
    for file in "${LAB_TRANSCRIPT:-}" "${LAB_CAPTURE:-}"; do
        [ -n "$file" ] || continue
        { [ "$done_steps" -gt 0 ] || : > "$file"; : >> "$file"; } 2>/dev/null || {
            echo "loopcraft: can't write $file: choose another place" >&2
            exit 4
        }
    done
    page "# Lab $lab_number: $lab_name" '' "${USER:-$(id -un)}, $(date +%F), seed $lab_seed" ''
}

page() { # LINE...
    [ -z "${LAB_TRANSCRIPT:-}" ] || { printf '%s\n' "$@" >> "$LAB_TRANSCRIPT"; } 2>/dev/null || page_lost
}

page_lost() {
    echo "loopcraft: can't write $LAB_TRANSCRIPT any more: is the disk full?" >&2
    exit 4
}

# Output as it was, without colours.
page_output() { # FILE
    [ -n "${LAB_TRANSCRIPT:-}" ] || return 0
    { echo '````'; without_colours "$1"; echo '````'; echo; } 2>/dev/null >> "$LAB_TRANSCRIPT" || page_lost
}
