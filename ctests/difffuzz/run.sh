#!/bin/sh
# Runs the differential fuzzers: run.sh OUR_LIBRARY.so SECONDS [name ...]; exit 1 when any found a difference.
set -u
here=$(cd "$(dirname "$0")" && pwd)
ours=$(realpath "$1")
seconds=$2
shift 2
reference=${REFERENCE:-/usr/lib/x86_64-linux-gnu/libwebsockets.so.17}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.c | sed 's|^\./||; s|\.c$||')
bad=0
for t in "$@"; do
	${CC:-cc} -O2 -g -Wall -Wextra -o "$out/$t" "$here/$t.c" -ldl || exit 2
	printf '%s: ' "$t"
	"$out/$t" "$reference" "$ours" "$seconds" ${SEED:-} || bad=1
done
exit $bad
