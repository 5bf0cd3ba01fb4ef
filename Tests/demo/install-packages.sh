#!/bin/bash
# Installs the named Debian packages that are missing; needs root or sudo only when one is.
set -euo pipefail

missing=()
for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ $status == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

echo "installing ${missing[*]}"
root=()
((EUID == 0)) || root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get -qq update
"${root[@]}" apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
