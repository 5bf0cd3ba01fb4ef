#!/bin/bash
# Runs the Swift tests that the arguments select, and says at the end, where one looks, what failed: it stands thousands
# of lines above otherwise.
#   swift-test.sh [arguments of `swift test`]
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Two tests at once: they start programs and servers of their own, and all at once these would starve each other of the
# processors until their time-outs pass.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=2
# A run that hangs must fail.
timeout --kill-after=10 45m swift test --disable-xctest "$@" 2>&1 | tee "$log"
code=$?

if ((code != 0)); then
  # An issue is told in its line and in those below it that begin with an arrow; a crash by an error of `swift test`.
  printf '\nWhat failed:\n'
  sed 's/\x1b\[[0-9;]*m//g' "$log" |
    awk '/^✘ .* recorded an issue/ || /^error: / || /Fatal error: / { told = 1; print; next }
      /^↳/ && told { print; next }
      { told = 0 }' |
    cut -c1-400 | iconv -c -f utf-8 -t utf-8
  if ((code == 124 || code == 137)); then echo 'error: the run was not over in 45 minutes'; fi
fi
exit "$code"
