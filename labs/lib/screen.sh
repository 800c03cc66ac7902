# shellcheck shell=bash
# screen.sh: what the student sees and presses. Sourced by lab.sh.

# The terminal's width, for us and for the commands that labs run: at most 100, to be read with ease.
# bash itself would set COLUMNS behind each command, to more than that.
shopt -u checkwinsize
screen_width() {
    local size
    size=$(stty size 2>/dev/null < /dev/tty)
    COLUMNS=${size#* }
    [[ ${COLUMNS:-} =~ ^[1-9][0-9]*$ ]] || COLUMNS=80
    [ "$COLUMNS" -le 100 ] || COLUMNS=100
    export COLUMNS
}

# Colours only where they are seen; commands behind our pipe are told so by CLICOLOR_FORCE.
screen_colours() {
    bold='' dim='' good='' bad='' plain=''
    if [ -z "${NO_COLOR:-}" ] && { [ -n "${CLICOLOR_FORCE:-}" ] || { [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; }; }; then
        bold=$'\e[1m' dim=$'\e[2m' good=$'\e[32m' bad=$'\e[31m' plain=$'\e[0m'
        export CLICOLOR_FORCE=1
    fi
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *.[Uu][Tt][Ff]8|*.[Uu][Tt][Ff]-8) yes='✓' no='✗' ;;
    *) yes='ok' no='NO' ;;
    esac
}

# Breaks a paragraph at spaces; what is one word stays one. INDENT stands before each line. Colours
# take no room.
shopt -s extglob
wrap() { # INDENT TEXT...
    local indent=$1 line='' width=0 word words seen
    shift
    read -rd '' -a words <<< "$*" || true # not by the shell, which would take a ? for a name of files
    for word in ${words[@]+"${words[@]}"}; do
        seen=${word//$'\e['*([0-9;])m/}
        if [ $width -gt 0 ] && [ $((${#indent} + width + ${#seen} + 1)) -gt "$COLUMNS" ]; then
            printf '%s%s\n' "$indent" "$line"
            line='' width=0
        fi
        line=${line:+$line }$word width=$((width + ${#seen} + 1))
    done
    [ $width = 0 ] || printf '%s%s\n' "$indent" "$line"
}

# One key, without Enter; an end of input is a quit.
key() {
    local pressed
    IFS= read -rsn1 pressed || { echo q; return; }
    [ "$pressed" != $'\4' ] || pressed=q # Ctrl-D
    printf '%s' "${pressed:-enter}"
}

# A line that the student types; $typed.
typed() { # PROMPT
    printf '%s' "$bold$1$plain"
    IFS= read -re typed || leave
    screen_width # readline has set COLUMNS to the whole terminal
    screen_width # readline has set COLUMNS to all of it
}

# Waits at a prompt until Enter; r and s do their work meanwhile, h gives a hint if there is one.
pause() { # WHAT ENTER DOES
    [ -n "$interactive" ] || return 0
    while :; do
        printf '%s' "${dim}[Enter: $1${last_line:+ · r: repeat} · s: shell · q: quit]$plain "
        case $(key) in
        enter) printf '\n'; return ;;
        r)     printf '\n'; [ -z "$last_line" ] || execute "$last_line" || true ;;
        s)     printf '\n'; shell ;;
        q)     printf '\n'; leave ;;
        *)     printf '\r\e[K' ;;
        esac
    done
}

# A shell in this very sandbox, to look around; `exit` comes back.
shell() {
    wrap '' "A shell in the lab's sandbox; exit comes back here."
    "$LOOPCRAFT" sandbox || true
}

# Stopping half-way is no failure: what was done is kept.
leave() {
    wrap '' "Stopped. \`loopcraft lab $lab_number\` goes on from here."
    exit 0
}
