# shellcheck shell=bash
# Made by `npm run generate` from src/core/command-line/option-table.ts; do not edit.

# Puts into COMPREPLY what compgen answers.
_start_server_offer() {
    local word
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$@")
}

_start_server_takes_value() {
    case $1 in
        --port | --path | --path-mode | --path-owner | --backlog | --take-over | --take-over-signal | --interval | --dir | --envdir | --signal-on-hup | --signal-on-term | --kill-old-delay | --auto-restart-interval | --ready | --start-timeout | --stop-timeout | --max-failures | --max-pause | --hibernate | --log-file | --pid-file | --status-file | --control | --listen-fds | --timeout) return 0 ;;
        *) return 1 ;;
    esac
}

# Offers what begins with $2 as the value of the option $1.
_start_server_value() {
    case $1 in
        --path | --take-over | --log-file | --pid-file | --status-file | --control) compopt -o default ;;
        --take-over-signal | --signal-on-hup | --signal-on-term) _start_server_offer -W 'TERM QUIT INT HUP USR1 USR2 WINCH KILL ABRT ALRM BUS CHLD CONT FPE ILL PIPE PROF SEGV STOP SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ' -- "$2" ;;
        --dir | --envdir) compopt -o dirnames ;;
        --ready) _start_server_offer -W 'interval notify fd' -- "$2" ;;
        --listen-fds) _start_server_offer -W 'named all' -- "$2" ;;
    esac
}

# Offers the options that begin with $1.
_start_server_option() {
    _start_server_offer -W '--port= --path= --path-mode= --path-owner= --backlog= --take-over= --take-over-signal= --interval= --dir= --envdir= --signal-on-hup= --signal-on-term= --kill-old-delay= --enable-auto-restart --auto-restart-interval= --ready= --start-timeout= --stop-timeout= --process-group --kill-orphans --max-failures= --max-pause= --hibernate= --log-file= --log-time --pid-file= --status-file= --control= --daemonize --systemd --listen-fds= --restart --stop --force --reconfigure --cancel --check --show-status --follow --json --prometheus --upgrade --timeout= --quiet --help --version' -- "$1"
    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace
}

# Leaves it to the program's own completion; $1 is its place in COMP_WORDS, $2 what is typed.
_start_server_program() {
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$1"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif ((COMP_CWORD > $1)); then
        compopt -o bashdefault -o default
    else
        [[ $2 != */* ]] || compopt -o filenames
        _start_server_offer -c -- "$2"
    fi
}

# The words up to the cursor as they were typed, and where they begin in COMP_WORDS, in which bash has cut them at = and :.
_start_server_words() {
    local line=${COMP_LINE:0:COMP_POINT} rest word at
    words=() places=()
    for ((at = 0; at <= COMP_CWORD; at++)); do
        rest=${line#"${line%%[![:space:]]*}"}
        word=${COMP_WORDS[at]}
        ((at < COMP_CWORD)) || word=$rest
        if ((at > 0)) && [[ $rest == "$line" ]]; then
            words[${#words[@]} - 1]+=$word
        else
            places+=("$at")
            words+=("$word")
        fi
        line=${rest#"$word"}
    done
}

_start_server() {
    local words places at last word
    COMPREPLY=()
    _start_server_words
    last=$((${#words[@]} - 1))
    for ((at = 1; at < last; at++)); do
        word=${words[at]}
        if [[ $word == -- ]]; then
            _start_server_program "${places[at + 1]}" "${words[last]}"
            return
        elif [[ $word != -* ]]; then
            _start_server_program "${places[at]}" "${words[last]}"
            return
        elif _start_server_takes_value "$word"; then
            ((++at < last)) && continue
            _start_server_value "$word" "${words[last]}"
            return
        fi
    done
    word=${words[last]}
    case $word in
        --*=*) _start_server_value "${word%%=*}" "${word#*=}" ;;
        '' | -*) _start_server_option "$word" ;;
        *) _start_server_program "${places[last]}" "$word" ;;
    esac
}

complete -F _start_server start_server
