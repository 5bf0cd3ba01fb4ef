# Installs ordersync as the README says, and looks at its units at work. Runs inside, as root; what it says is looked at by the
# test. INSTALL, BIN, PROJECT, ENDPOINT and TOKEN come in a head that the test puts before it.

say() { echo "== $*"; }
# Runs a command until it succeeds, for 60 seconds at most; what never comes ends the script.
await() {
    for _ in $(seq 300); do
        "$@" && return
        sleep 0.2
    done
    say "never came: $*"
    journalctl --no-pager --lines 50
    tail -50 /run/rig/systemd.log
    exit 1
}
status() { systemctl show ordersyncd --property StatusText --value; }
# No job is left, and the daemon has said so: what it said before it heard of them reads the same.
is_idle() { [[ $(ordersync-replay stats) == "nothing is left to do" && $(status) == "idle: 0 in work, 0 ready"* ]]; }
is_up() { [[ $(systemctl show ordersyncd --property ActiveState --value) == active && $(status) == idle* ]]; }
# What a unit wrote just before is there too.
ordersync_journal() { journalctl --sync && journalctl --no-pager --output cat --unit "$1"; }

cd "$PROJECT" || exit 1
mkdir /run/install
cp "$BIN"/ordersync{d,-enqueue,-replay} /run/install/
(umask 077 && echo "$TOKEN" >/run/install/my-token && echo unused >/run/install/my-password)
eval "$INSTALL"
# Programs that are not built for release have Swift's libraries where the toolchain is, which may be somebody's home.
ldd /usr/bin/ordersyncd | awk '$3 ~ /swift/ { print $3 }' | xargs --no-run-if-empty cp --target-directory /usr/local/lib
ldconfig

# What an operator edits.
sed -i "s#^  connection: .*#  connection: Driver=SQLite3;Database=/var/lib/ordersync/warehouse.sqlite;Timeout=130000;StepAPI=1#
    s#^  endpoint: .*#  endpoint: $ENDPOINT#
    s#^  external_key_column: .*#  external_key_column: text_ordersync_key#
    s#^  search_lag: .*#  search_lag: 1s#" /etc/ordersync/ordersync.yaml
ordersyncd migrate >/dev/null
"$PYTHON" Tests/demo-data/generate.py --sqlite /var/lib/ordersync/warehouse.sqlite
ordersyncd migrate | tail -1 | sed 's/^/== migrate: /'
ordersyncd check && say "check: fine"
systemctl enable --now ordersyncd
await is_up
say "start: fine"
say "owner of the warehouse: $(stat --format %U /var/lib/ordersync/warehouse.sqlite)"

echo 'ORDERSYNC_ARGUMENTS=--customer "GREYSON CLOTHIERS" --po 4755' >/etc/ordersync/enqueue/greyson.env
systemctl start ordersync-enqueue@greyson && say "enqueue: fine"
say "enqueue said: $(ordersync_journal ordersync-enqueue@greyson | grep 'jobs enqueued')"
await is_idle
say "after the run: $(status)"
# Root's hand in between takes nothing from the service.
say "by hand: $(ordersync-enqueue --customer 'GREYSON CLOTHIERS' --quiet; echo $?)"
say "owners: $(stat --format %U /var/lib/ordersync/journal.sqlite* | sort -u | xargs)"
await is_idle

say "killed: $(systemctl kill --signal KILL ordersyncd; echo $?)"
is_restarted() { [[ $(systemctl show ordersyncd --property NRestarts --value) == 1 ]] && is_up; }
await is_restarted
say "restarts: $(systemctl show ordersyncd --property NRestarts --value)"
say "drained: $(ordersync-replay stats)"
systemctl start ordersync-audit && say "audit: fine"
say "audit said: $(ordersync_journal ordersync-audit | grep compared | head -1)"
systemctl stop ordersyncd
say "result: $(systemctl show ordersyncd --property Result --value)"
ordersync_journal ordersyncd | sed 's/^/log: /'

# A mistake in the configuration is told once, and not tried again.
sed -i 's#^  board: .*#  board: nonsense#' /etc/ordersync/ordersync.yaml
systemctl start ordersyncd || say "mistake: refused"
say "then: $(systemctl show ordersyncd --property ActiveState --property ExecMainStatus --value | xargs)"
say "said: $(ordersync_journal ordersyncd | grep -c 'monday.board')"
