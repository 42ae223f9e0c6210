#!/bin/sh
# Builds every test here once and runs it on the installed reference and on ours; the outputs must be equal.
# Usage: compare.sh DIR_WITH_OUR_LIBRARY [test ...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
ours=$(cd "$1" && pwd)
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir "$out/lib"
ln -s "$ours/libwebsockets.so" "$out/lib/libwebsockets.so.17"
[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.c | sed 's|^\./||; s|\.c$||')
failed=0
for t in "$@"; do
	${CC:-cc} -O1 -g -Wall -Wextra -o "$out/$t" "$here/$t.c" -lwebsockets
	"$out/$t" >"$out/reference" 2>"$out/reference.err" || echo "$t: exit $? on the reference"
	LD_LIBRARY_PATH="$out/lib" "$out/$t" >"$out/ours" 2>"$out/ours.err" || echo "$t: exit $? on ours"
	if cmp -s "$out/reference" "$out/ours"; then
		echo "$t: equal, $(wc -l <"$out/ours") lines"
	else
		echo "$t: DIFFERENT"
		diff "$out/reference" "$out/ours" | head -${LINES_SHOWN:-20} || true
		failed=1
	fi
done
exit $failed
