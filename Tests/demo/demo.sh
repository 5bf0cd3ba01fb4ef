#!/bin/bash
# The whole way of one purchase order, on this machine alone: from an embedded warehouse through the journal to a board
# that looks like Monday.com. Prints the counts at each stage and fails when one is not what it must be.
#   KEEP=1     leave the board running, to look at it
#   PORT=n     where the board listens; without it at a free port
#   BIN=path   take the programs from there, and build nothing
set -euo pipefail
cd "$(dirname "$0")/../.."

customer="GREYSON CLOTHIERS"
po=4755
demo=$PWD/.demo
python=$PWD/.venv/bin/python
token=demo-token
sandbox=

stop() {
    if [[ -n $sandbox && ${KEEP:-} != 1 ]]; then
        kill "$sandbox" 2>/dev/null || true
        wait "$sandbox" 2>/dev/null || true
    fi
}
trap stop EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '\n%s\n' "$*"; }

# Shows a command and runs it; what it says goes to a file as well, for the last look.
step() {
    local log=$1 word line='$'
    shift
    for word in "${@##*/}"; do
        [[ $word == *" "* ]] && word="\"$word\""
        line+=" $word"
    done
    echo "$line"
    "$@" | tee "$demo/$log"
}

bin=${BIN:-}
if [[ -z $bin ]]; then
    say "Building"
    swift build
    bin=$(swift build --show-bin-path)
fi

# A board that an earlier demo left running.
if [[ -f $demo/sandbox.pid ]] && grep -qs monday-sandbox "/proc/$(cat "$demo/sandbox.pid")/cmdline"; then
    kill "$(cat "$demo/sandbox.pid")" 2>/dev/null || true
fi
rm -rf "$demo"
mkdir -p "$demo"

say "An embedded warehouse with demo orders, and a board"
"$python" Tests/demo-data/generate.py --sqlite "$demo/warehouse.db"
"$python" Tests/monday-sandbox/server.py --port "${PORT:-0}" --port-file "$demo/port" --token "$token" \
    --log "$demo/mutations.jsonl" >"$demo/sandbox.log" 2>&1 &
sandbox=$!
echo "$sandbox" >"$demo/sandbox.pid"
for _ in $(seq 100); do
    [[ -s $demo/port ]] && break
    kill -0 "$sandbox" 2>/dev/null || { cat "$demo/sandbox.log" >&2; exit 1; }
    sleep 0.1
done
board=http://127.0.0.1:$(cat "$demo/port")

(umask 077 && printf '%s\n' "$token" >"$demo/monday-token")
cat >"$demo/ordersync.yaml" <<EOF
# Made by make demo.
journal:
  path: journal.sqlite
source:
  connection: Driver=SQLite3;Database=$demo/warehouse.db;Timeout=130000;StepAPI=1
monday:
  endpoint: $board/v2
  token_file: monday-token
  board: 9200517329
  external_key_column: text_ordersync_key
field_map: ../systemd/fieldmap.yaml
http:
  listen: "off"
EOF
export ORDERSYNC_CONFIG=$demo/ordersync.yaml

say "Tables"
step migrate.txt "$bin/ordersyncd" migrate | sed -n '1p;$p'

say "First run"
step first.txt "$bin/ordersync-enqueue" --customer "$customer" --po "$po"
step drain.txt "$bin/ordersyncd" drain

say "Second run"
step second.txt "$bin/ordersync-enqueue" --customer "$customer" --po "$po"

say "What came of it"
"$python" Tests/demo/check.py --folder "$demo" --board "$board" --customer "$customer" --po "$po"
if [[ ${KEEP:-} == 1 ]]; then
    disown "$sandbox"
    echo "The board is left running at $board/ (stop it with: kill $sandbox)"
else
    echo "Look at the board with: make demo KEEP=1"
fi
