# shellcheck shell=bash
# exercise.sh: a file that the student changes until its check passes. Sourced by lab.sh.

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

# Does this file pass? CHECK gets a copy, whose path has no spaces. What was expected and seen goes to
# $scratch/checked, with the file's name alone: the copy is none of the student's.
passes() { # CHECK FILE
    missed=0
    mkdir -p "$scratch/given"
    cp "$2" "$scratch/given/"
    "$1" "$scratch/given/${2##*/}" > "$scratch/check" 2>&1
    sed "s|$scratch/given/||g" "$scratch/check" > "$scratch/checked"
    [ "$missed" = 0 ]
}

# Shows what a check said; what is too long for the screen is broken between words.
show_checked() {
    local line seen
    while IFS= read -r line; do
        seen=${line//$'\e['*([0-9;])m/}
        if [ ${#seen} -gt "$COLUMNS" ]; then wrap '  ' "$line"; else printf '%s\n' "$line"; fi
    done < "$scratch/checked"
}

# A file of the exercise, with the student's own numbers where @NAME@ stands.
exercise_file() { # FROM TO
    local exercise_text exercise_word # the lab's variables must be seen
    exercise_text=$(cat "$1") || fails "a file of the lab is missing: $1"
    for exercise_word in $(grep -oE '@[a-z_]+@' "$1" | sort -u); do
        exercise_word=${exercise_word//@/}
        [ -z "${!exercise_word+set}" ] || exercise_text=${exercise_text//@"$exercise_word"@/${!exercise_word}}
    done
    printf '%s\n' "$exercise_text" > "$2"
}

# The student changes FILE (it begins as exercise/FILE) until CHECK passes. solution/FILE does.
exercise() { # FILE CHECK TASK
    local clues=$exercise_hints
    exercise_hints=''
    exercises=$((exercises + 1))
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
                show_checked
                wrap '' "$good$yes It passes.$plain"
                return
            fi
            show_checked ;;
        e) printf '\n'; edit "$2" ;;
        h) printf '\n'; next_hint "$3" ;;
        s) printf '\n'; shell ;;
        n) printf '\n'; wrap '' "\`loopcraft lab $lab_number --watch\` comes back to it."; return ;;
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
    printf '\n'
    wrap '' "${bold}Exercise:$plain $3"
    wrap '' "Your file: $2 (Ctrl-C ends)"
    while :; do
        now=$(stat -c '%Y %s %i' "$2" 2>/dev/null)
        if [ "$now" != "$saved" ] && [ -n "$now" ]; then
            saved=$now
            printf '\n%s\n' "$dim$(date +%T)$plain"
            if passes "$1" "$2"; then
                show_checked
                wrap '' "$good$yes It passes.$plain"
                return
            fi
            show_checked
        fi
        sleep 0.2
    done
}
