# Made by `npm run generate` from src/core/command-line/option-table.ts; do not edit.

# Prints the words of the program before the cursor: those after -- or from the first that is no option.
# Fails while the options go on.
function __start_server_program
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        switch $word
            case --
                string join \n -- $words
                return 0
            case --port --path --path-mode --path-owner --backlog --take-over --take-over-signal --interval --dir --envdir --signal-on-hup --signal-on-term --kill-old-delay --auto-restart-interval --ready --start-timeout --stop-timeout --max-failures --max-pause --hibernate --log-file --pid-file --status-file --control --listen-fds --timeout
                set -e words[1]
            case '-*'
            case '*'
                string join \n -- $word $words
                return 0
        end
    end
    return 1
end

function __start_server_complete_program
    set -l words (__start_server_program)
    if test $status -ne 0; and string match -q -- '-*' (commandline -ct)
        return
    end
    set -l line (string join ' ' -- (string escape -- $words) (commandline -ct))
    complete --do-complete="$line"
end

# What is typed of a value is all of the word, or what follows = in it.
function __start_server_directories
    __fish_complete_directories (commandline -ct | string replace -r -- '^--[^=]*=' '')
end

complete -c start_server -f -a '(__start_server_complete_program)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l port -x -d 'listen on a TCP port: PORT (all IPv4 addresses), HOST:PORT or [IPV6]:PORT; u before the number makes it UDP, =N after it gives the program the socket as descriptor N; may be repeated'
complete -c start_server -n 'not __start_server_program >/dev/null' -l path -r -F -d 'listen on a unix socket at PATH, open to every user; =N after it gives the program the socket as descriptor N; may be repeated'
complete -c start_server -n 'not __start_server_program >/dev/null' -l path-mode -x -d 'the permissions of each --path in octal, such as 0660, in force before anybody can connect (default: 0777)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l path-owner -x -d 'who owns each --path, USER, USER:GROUP or :GROUP, by names or numbers, before anybody can connect (default: this user)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l backlog -x -d 'how many connections may wait to be accepted (default: SOMAXCONN of the system)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l take-over -r -F -d 'take these sockets over from a process that serves on them, given by its id or its pid file, and end it when the first worker has started well'
complete -c start_server -n 'not __start_server_program >/dev/null' -l take-over-signal -x -k -a 'TERM QUIT INT HUP USR1 USR2 WINCH KILL ABRT ALRM BUS CHLD CONT FPE ILL PIPE PROF SEGV STOP SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ' -d 'the signal that tells that process to end (default: TERM)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l interval -x -d 'a new worker that lives this long has started well; one that dies sooner is replaced, once an interval (default: 1)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l dir -x -a '(__start_server_directories)' -d 'run the program in this directory'
complete -c start_server -n 'not __start_server_program >/dev/null' -l envdir -x -a '(__start_server_directories)' -d 'take variables from the files in this directory (name and first line), anew for every worker (variable: ENVDIR)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l signal-on-hup -x -k -a 'TERM QUIT INT HUP USR1 USR2 WINCH KILL ABRT ALRM BUS CHLD CONT FPE ILL PIPE PROF SEGV STOP SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ' -d 'the signal that tells old workers to end after a restart; see --signal-on-term, too (default: TERM)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l signal-on-term -x -k -a 'TERM QUIT INT HUP USR1 USR2 WINCH KILL ABRT ALRM BUS CHLD CONT FPE ILL PIPE PROF SEGV STOP SYS TRAP TSTP TTIN TTOU URG VTALRM XCPU XFSZ' -d 'the signal that tells all workers to end when start_server gets TERM (default: TERM)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l kill-old-delay -x -d 'how long old workers go on after the new one has started well (default: 0, with auto restart 5; variable: KILL_OLD_DELAY)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l enable-auto-restart -d 'restart by itself whenever the worker is as old as --auto-restart-interval says (variable: ENABLE_AUTO_RESTART)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l auto-restart-interval -x -d 'the age at which auto restart replaces a worker (default: 360; variable: AUTO_RESTART_INTERVAL)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l ready -x -k -a 'interval notify fd' -d 'when a new worker has started well: once it has lived for the interval; at READY=1 to NOTIFY_SOCKET (notify); or at a line on the descriptor in SERVER_STARTER_READY_FD (fd) (default: interval)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l start-timeout -x -d 'a worker that does not say that it is ready within this time is ended, and has failed to start (default: none)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l stop-timeout -x -d 'a worker that has not ended this long after it was told to is killed (default: none)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l process-group -d 'give each worker a process group of its own: KILL reaches all its processes, and those that it leaves behind when it ends'
complete -c start_server -n 'not __start_server_program >/dev/null' -l kill-orphans -d 'have the system kill the workers when start_server itself is killed (Linux); otherwise they serve on'
complete -c start_server -n 'not __start_server_program >/dev/null' -l max-failures -x -d 'give up a restart after N failed starts in a row; if no worker is left that serves, end (default: none)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l max-pause -x -d 'let the pause between failed starts double each time, up to this; otherwise it is the interval (default: none)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l hibernate -x -d 'sleep after so many seconds with nothing to do: almost no memory is used then, and whatever happens wakes start_server (Linux) (default: never)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l log-file -r -F -d 'append all output to FILE; "| COMMAND" sends it to the standard input of a command'
complete -c start_server -n 'not __start_server_program >/dev/null' -l log-time -d 'begin each line of start_server in the log with local time and offset; the output of workers is theirs'
complete -c start_server -n 'not __start_server_program >/dev/null' -l pid-file -r -F -d 'write the process id of start_server to FILE and keep it locked'
complete -c start_server -n 'not __start_server_program >/dev/null' -l status-file -r -F -d 'keep generation and process id of every worker in FILE'
complete -c start_server -n 'not __start_server_program >/dev/null' -l control -r -F -d 'take commands from this user and root on a unix socket at PATH; a command that is given the same PATH uses it'
complete -c start_server -n 'not __start_server_program >/dev/null' -l daemonize -d 'run in the background; needs --log-file'
complete -c start_server -n 'not __start_server_program >/dev/null' -l systemd -d 'tell systemd what happens, give it signs of life, take its sockets, and have it keep ours; without effect where systemd has not started this'
complete -c start_server -n 'not __start_server_program >/dev/null' -l listen-fds -x -k -a 'named all' -d 'give workers sockets as systemd does, too, by LISTEN_FDS: those of --port and --path (named), or beside them those of systemd that no option names (all) (default: none)'
complete -c start_server -n 'not __start_server_program >/dev/null' -l restart -d 'restart the running start_server and wait for its new worker; needs --control, or --pid-file and --status-file'
complete -c start_server -n 'not __start_server_program >/dev/null' -l stop -d 'stop the running start_server and wait for its end; needs --control or --pid-file'
complete -c start_server -n 'not __start_server_program >/dev/null' -l force -d 'have --stop kill the workers that are left when --timeout is over, or at once without it'
complete -c start_server -n 'not __start_server_program >/dev/null' -l reconfigure -d 'have the running start_server take this whole command line for its own, keep the sockets that both have, and wait for its new worker; needs --control'
complete -c start_server -n 'not __start_server_program >/dev/null' -l cancel -d 'give up the restart that is under way, or another command line that is tried: the new worker has to end, the old one serves on; needs --control'
complete -c start_server -n 'not __start_server_program >/dev/null' -l check -d 'start nothing, and tell all that would be in the way of it, with the exit code that it would have; with --reconfigure, print what would change, too'
complete -c start_server -n 'not __start_server_program >/dev/null' -l show-status -d 'print generation, process id, state and age of the workers, the sockets, and the last failure'
complete -c start_server -n 'not __start_server_program >/dev/null' -l follow -d 'print what happens to workers as it happens, with the time, until the running start_server ends; needs --control'
complete -c start_server -n 'not __start_server_program >/dev/null' -l json -d 'have --show-status and --follow print a line of JSON, for programs'
complete -c start_server -n 'not __start_server_program >/dev/null' -l prometheus -d 'have --show-status print counters and state in Prometheus\' text format'
complete -c start_server -n 'not __start_server_program >/dev/null' -l upgrade -d 'have the running start_server become the one that is installed now, with its sockets and workers, and wait for it; needs --control'
complete -c start_server -n 'not __start_server_program >/dev/null' -l timeout -x -d 'the longest time for which --restart, --stop, --reconfigure, --cancel, --show-status and --upgrade wait'
complete -c start_server -n 'not __start_server_program >/dev/null' -l quiet -d 'do not show at a terminal what --restart, --stop, --reconfigure, --cancel and --upgrade wait for'
complete -c start_server -n 'not __start_server_program >/dev/null' -l help -d 'print a summary of options, signals and exit codes'
complete -c start_server -n 'not __start_server_program >/dev/null' -l version -d 'print the version'
