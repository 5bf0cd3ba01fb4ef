#!/bin/bash
# Boots systemd, as the first process of namespaces of its own, over this machine's files, and runs a script there. What it
# writes goes into memory and is gone at the end; the network is this machine's.
#   boot.sh FOLDER    FOLDER is seen inside as /run/rig; its script is FOLDER/script, what that says goes to FOLDER/log
#   boot.sh --probe   ends with 0 where this can be done
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

if [[ ${1:-} != --inside ]]; then
    exec unshare --mount --pid --fork --kill-child --uts --ipc --cgroup "$BASH" "$0" --inside "$@"
fi

mount --make-rprivate /
folder=$2
if [[ $folder == --probe ]]; then
    folder=$(mktemp -d)
    trap 'umount --recursive --lazy "$work" || true; rmdir "$work" "$folder"' EXIT
fi
# In the folder, which whoever made it takes away: a place of its own would be left over.
work=$folder/work
mkdir "$work"
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{upper,work,root}
root=$work/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
if [[ $2 == --probe ]]; then
    [[ -x $root/lib/systemd/systemd && -w $root/sys/fs/cgroup/cgroup.procs ]]
    exit
fi

# The kernel's settings and devices stay the machine's.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
touch "$folder/console" "$root/dev/console"
mount --bind "$folder/console" "$root/dev/console"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir "$root/run/rig"
mount --bind "$folder" "$root/run/rig"

cat >"$root/etc/systemd/system/rig.service" <<'EOF'
[Unit]
Description=What is to be tried
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/bash /run/rig/script
StandardOutput=append:/run/rig/log
StandardError=append:/run/rig/log
EOF
cd "$root"
mkdir .old
pivot_root . .old
umount --lazy /.old
# As the manager of a container leaves it to its systemd: what a unit is given must be seen by its processes.
mount --make-rshared /
exec env -i container=rig PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --log-target=console systemd.unit=rig.service </dev/null >/run/rig/systemd.log 2>&1
