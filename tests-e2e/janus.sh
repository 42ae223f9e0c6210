#!/bin/bash
# Janus (Debian's package, built for the reference) on the library under test:
# its websocket transport must answer. Temporary configuration, loopback only.
#
#   tests-e2e/janus.sh              on the system's library
#   LWS_PREFIX=DIR tests-e2e/janus.sh   on the one installed below DIR
#
# Needs the janus package and a python3 with the websockets module (PYTHON).
set -euo pipefail
cd "$(dirname "$0")"

python=${PYTHON:-python3}
modules=/usr/lib/x86_64-linux-gnu/janus
[ -d "$modules" ] || modules=$(dirname "$(dpkg -L janus | grep -m1 '/transports/libjanus_websockets.so')")/..
work=$(mktemp -d "${TMPDIR:-/tmp}/lws-janus-XXXXXX")
janus_pid=

finish() {
    status=$?
    if [ -n "$janus_pid" ] && kill -0 "$janus_pid" 2>/dev/null; then
        kill -KILL "$janus_pid" 2>/dev/null || true
        wait "$janus_pid" 2>/dev/null || true
    fi
    [ "$status" = 0 ] || tail -n 30 "$work/janus.log" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT

fail() {
    echo "janus: $*" >&2
    exit 1
}

library_path=
if [ -n "${LWS_PREFIX:-}" ]; then
    library=$(find "$LWS_PREFIX/lib" -name libwebsockets.so.17 | head -1)
    [ -n "$library" ] || fail "no libwebsockets.so.17 below $LWS_PREFIX/lib"
    library_path=$(cd "$(dirname "$library")" && pwd -P)
fi

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

mkdir "$work/plugins" "$work/transports" "$work/events" "$work/loggers" "$work/conf"
ln -s "$modules/transports/libjanus_websockets.so" "$work/transports/"
cat > "$work/conf/janus.jcfg" <<CONF
general: {
    configs_folder = "$work/conf"
    plugins_folder = "$work/plugins"
    transports_folder = "$work/transports"
    events_folder = "$work/events"
    loggers_folder = "$work/loggers"
    debug_level = 4
    server_name = "drop-in check"
}
CONF
cat > "$work/conf/janus.transport.websockets.jcfg" <<CONF
general: {
    json = "compact"
    ws = true
    ws_port = $port
    ws_ip = "127.0.0.1"
    wss = false
    pingpong_trigger = 1
    pingpong_timeout = 5
}
admin: {
    admin_ws = false
    admin_wss = false
}
CONF

LD_LIBRARY_PATH=$library_path janus --interface=127.0.0.1 --disable-colors \
    --config="$work/conf/janus.jcfg" --configs-folder="$work/conf" > "$work/janus.log" 2>&1 < /dev/null &
janus_pid=$!

timeout 60 "$python" janus_client.py "$port" "$janus_pid" || fail "the transport did not answer as it should"

used=$(awk '/libwebsockets\.so/ { print $6 }' "/proc/$janus_pid/maps" | sort -u)
echo "janus used: $used"
if [ -n "$library_path" ]; then
    [ "$(dirname "$used")" = "$library_path" ] || fail "it did not load the library in $library_path"
fi

kill -TERM "$janus_pid"
for _ in $(seq 100); do
    kill -0 "$janus_pid" 2>/dev/null || break
    sleep 0.1
done
kill -0 "$janus_pid" 2>/dev/null && fail "it did not end within 10 s of SIGTERM"
status=0
wait "$janus_pid" || status=$?
[ "$status" = 0 ] || fail "it ended with status $status"
echo "janus: ok"
