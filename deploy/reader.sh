#!/bin/sh
# Starts pcscd, makes a card on the first start, and keeps it in the virtual reader until the container stops.
set -eu
cd "$(dirname "$0")/.."
card=${EPURSE_CARD:-card}

/usr/sbin/pcscd --foreground &
pcscd=$!
trap './epurse card eject "$card"; kill "$pcscd"; exit 0' TERM INT

if ! ./epurse card show "$card" >/dev/null 2>&1; then ./epurse card new "$card"; fi
./epurse card insert "$card"
wait "$pcscd"
