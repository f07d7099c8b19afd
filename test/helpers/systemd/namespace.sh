#!/bin/sh
# Process 1 of the namespaces of a user manager: gives it a /run, a /tmp, control groups and a journal of its own, the
# user app, and waits for its end.
#
# namespace.sh PACKAGE DIRECTORY: in there PACKAGE is /srv/superdaemon, and what is in DIRECTORY is in /srv, too, wherever
# they are outside, and whoever may go there.
set -eu

mount -t tmpfs -o mode=755 none /run
mkdir /run/package /run/directory
mount --bind "$1" /run/package
mount --bind "$2" /run/directory
mount -t tmpfs -o mode=755 none /srv
mkdir /srv/superdaemon
mount --move /run/package /srv/superdaemon
for name in app units; do
    mkdir "/srv/$name"
    mount --bind "/run/directory/$name" "/srv/$name"
done
umount /run/directory
mount -t tmpfs -o mode=1777 none /tmp
mount -t cgroup2 none /sys/fs/cgroup

sed '/^app:/d; $a app:x:960:960::/srv/app:/bin/sh' /etc/passwd >/run/passwd
sed '/^app:/d; $a app:x:960:' /etc/group >/run/group
mount --bind /run/passwd /etc/passwd
mount --bind /run/group /etc/group

mkdir -p /run/systemd/system /run/systemd/journald.conf.d /run/log/journal /run/home
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\nRateLimitBurst=0\n' >/run/systemd/journald.conf.d/test.conf
/lib/systemd/systemd-journald &
tries=0
until [ -S /run/systemd/journal/socket ] || [ "$tries" -ge 1000 ]; do
    sleep 0.01
    tries=$((tries + 1))
done

# With this directory RuntimeDirectory=NAME is /run/NAME, as under the manager of the system.
export XDG_RUNTIME_DIR=/run HOME=/run/home SYSTEMD_UNIT_PATH=/srv/units:/usr/lib/systemd/user SYSTEMD_LOG_TARGET=journal
/lib/systemd/systemd --user --unit=basic.target &
wait $!
