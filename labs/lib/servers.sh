# shellcheck shell=bash
# servers.sh: numbers, servers and firewalls. They work in steps that are passed over, too: what comes
# later needs them. Sourced by lab.sh.

# A number of the student's own, from LOW to HIGH; others for other names: x=$(pick x 1 9).
pick() { # NAME LOW HIGH
    local sum
    sum=$(cksum <<< "$lab_seed $folder $1")
    echo $(($2 + ${sum%% *} % ($3 - $2 + 1)))
}

# Starts a server, which runs until `stop NAME` or the end, and waits until it has its port. One of
# that name that still runs is stopped first.
serve() { # NAME PORT COMMAND...
    local name=$1 port=$2 end=$((SECONDS + 10))
    shift 2
    stop "$name"
    ! listens "$port" || fails "somebody else listens on port $port already: the server \"$name\" can't"
    "$@" > "$scratch/$name.log" 2>&1 < /dev/null &
    servers+=("$name=$!")
    until listens "$port"; do
        if ! kill -0 $! 2>/dev/null || [ $SECONDS -ge $end ]; then
            fails "the server \"$name\" ($1) does not listen on port $port: $(tail -n 1 "$scratch/$name.log")"
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
