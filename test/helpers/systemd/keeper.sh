#!/bin/sh
# Keeps a user manager of systemd in namespaces and a control group of its own for as long as standard input is open, and
# leaves nothing of them behind. Standard input ends with the test process, whatever ends that.
#
# keeper.sh GROUP PACKAGE DIRECTORY: the control group in which it makes one, and what namespace.sh is told.
set -u
trap '' INT TERM HUP
group=$1/superdaemon-test-$$
mkdir "$group" || exit
shift

(
    echo 0 >"$group/cgroup.procs" || exit
    # Whatever ends the keeper ends unshare, which ends process 1 of the namespace, and that is the end of all in there.
    exec setpriv --pdeathsig KILL unshare --mount --cgroup --pid --fork --mount-proc --kill-child \
        sh "${0%/*}/namespace.sh" "$@"
) </dev/null &
manager=$!
echo "$manager"

cat >/dev/null
kill -KILL "$manager"
wait "$manager" 2>/dev/null
# They die after process 1 has died, and a group is busy until then.
tries=0
until find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || [ "$tries" -ge 1000 ]; do
    sleep 0.01
    tries=$((tries + 1))
done
