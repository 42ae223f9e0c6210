#!/bin/sh
# Installs the library to a temporary prefix, moves that prefix, and builds programs against it as users do: C and C++,
# find_package in both spellings, pkg-config, shared and static. Each program runs and says which libwebsockets.so it
# has loaded. Needs cmake, gcc, g++, pkg-config, binutils.
#
#   ctests/install/check.sh [cargo profile: release]
#
# Prints one line per check and a count; exit status 1 if any failed.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
profile=${1:-release}
work=$(mktemp -d "${TMPDIR:-/tmp}/lws-install-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
moved=$work/moved/place
passed=0
failed=0

ok() { passed=$((passed + 1)); echo "ok    $1"; }
bad() { failed=$((failed + 1)); echo "FAIL  $1"; [ $# -lt 2 ] || sed 's/^/      /' "$2" | tail -20; }
finish() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ]; exit; }
step() { # step NAME COMMAND...: a command that has to succeed
	step_name=$1; shift
	if "$@" >"$work/log" 2>&1; then ok "$step_name"; else bad "$step_name" "$work/log"; return 1; fi
}
refused() { # refused NAME COMMAND...: a command that has to fail
	step_name=$1; shift
	if "$@" >"$work/log" 2>&1; then bad "$step_name (was accepted)"; else ok "$step_name"; fi
}
# loads NAME EXPECTED PROGRAM: it runs, answers the API version, and has loaded exactly that library
loads() {
	if ! "$3" >"$work/log" 2>&1; then bad "$1: runs" "$work/log"; return; fi
	if grep -q '^version 4\.1\.6' "$work/log" && grep -qx "loaded $2" "$work/log"; then ok "$1"; else bad "$1" "$work/log"; fi
}
own_header() { # own_header NAME DEPENDENCIES: compiled with the installed header, not one of /usr/include
	if grep -q "$moved/.*include/libwebsockets\.h" "$2" && ! grep -q ' /usr/include/libwebsockets' "$2"; then
		ok "$1"
	else
		bad "$1" "$2"
	fi
}

install_and_move() {
	step "configure" cmake -S "$root" -B "$work/build" -DLWS_CARGO_PROFILE="$profile" || finish
	step "build" cmake --build "$work/build" || finish
	step "install" cmake --install "$work/build" --prefix "$work/prefix" || finish
	mkdir -p "$(dirname "$moved")" && mv "$work/prefix" "$moved"
	lib=$moved/lib
	so=$lib/libwebsockets.so.17
	rm -rf "$work/build" # nothing may point back there
}

check_files() {
	for f in include/libwebsockets.h lib/libwebsockets.so.17 lib/libwebsockets.a lib/pkgconfig/libwebsockets.pc \
		lib/pkgconfig/libwebsockets_static.pc lib/cmake/libwebsockets/LwsCheckRequirements.cmake; do
		step "installed $f" test -f "$moved/$f"
	done
	step "libwebsockets.so is a link to .so.17" test "$(readlink "$lib/libwebsockets.so")" = libwebsockets.so.17
	readelf -d "$so" >"$work/dynamic"
	step "soname" grep -q 'SONAME.*\[libwebsockets\.so\.17\]' "$work/dynamic"
	refused "no installed text names the first prefix" grep -rIl -e "$work/prefix" -e "$work/build" "$moved"
	# The list for static links has to name every library the shared one asks for.
	for needed in $(sed -n 's/.*NEEDED.*\[lib\(.*\)\.so\..*\]/\1/p' "$work/dynamic"); do
		case $needed in c) continue ;; esac
		step "static link list has $needed" grep -q "^Libs:.* -l$needed\b" "$lib/pkgconfig/libwebsockets_static.pc"
	done
}

check_cmake() { # check_cmake SPELLING
	b=$work/consumer-$1
	step "find_package($1)" cmake -S "$here/consumer" -B "$b" -DCMAKE_PREFIX_PATH="$moved" -DSPELLING="$1" || return
	step "find_package($1): programs build" cmake --build "$b" || return
	for lang in c cpp; do
		loads "find_package($1): $lang, websockets_shared" "$so" "$b/${lang}_shared"
		loads "find_package($1): $lang, websockets" none "$b/${lang}_static"
		loads "find_package($1): $lang, variables" "$so" "$b/${lang}_variables"
	done
	find "$b" -name 'program.*.d' -exec cat {} + >"$work/deps"
	own_header "find_package($1): header of the package" "$work/deps"
}

check_cmake_versions() {
	for request in 2.0 4.1 4.1.6 "4.1.6;EXACT" "4.0...<5"; do
		step "version $request is served" cmake -S "$here/consumer" -B "$work/v" -DCMAKE_PREFIX_PATH="$moved" \
			-DSPELLING=libwebsockets -DREQUEST="$request"
		rm -rf "$work/v"
	done
	for request in 4.1.7 4.3 "4.1;EXACT" "2.0...<4.1.6"; do
		refused "version $request is refused" cmake -S "$here/consumer" -B "$work/v" -DCMAKE_PREFIX_PATH="$moved" \
			-DSPELLING=libwebsockets -DREQUEST="$request"
		rm -rf "$work/v"
	done
	refused "require_lws_config of an unknown feature is refused" cmake -S "$here/consumer" -B "$work/v" \
		-DCMAKE_PREFIX_PATH="$moved" -DSPELLING=libwebsockets -DWANT=LWS_WITH_NO_SUCH_FEATURE
}

check_pkg_config() {
	PKG_CONFIG_PATH=$lib/pkgconfig
	export PKG_CONFIG_PATH
	step "pkg-config version" test "$(pkg-config --modversion libwebsockets)" = 4.1.6
	step "pkg-config prefix has moved" test "$(cd "$(pkg-config --variable=prefix libwebsockets)" && pwd)" = "$moved"
	for lang in c cpp; do
		compiler=gcc
		[ $lang = c ] || compiler=g++
		src=$here/program.$lang
		# shellcheck disable=SC2046 # word splitting is how pkg-config is used
		step "pkg-config: $lang builds" $compiler -MMD -MF "$work/deps" "$src" -o "$work/p_$lang" \
			$(pkg-config --cflags --libs libwebsockets) "-Wl,-rpath,$lib" &&
			loads "pkg-config: $lang" "$so" "$work/p_$lang" && own_header "pkg-config: $lang, header" "$work/deps"
		# shellcheck disable=SC2046
		step "pkg-config libwebsockets_static: $lang builds" $compiler "$src" -o "$work/s_$lang" \
			$(pkg-config --cflags --libs libwebsockets_static) &&
			loads "pkg-config libwebsockets_static: $lang" none "$work/s_$lang"
		# shellcheck disable=SC2046
		step "pkg-config --static: $lang builds" $compiler "$src" -o "$work/t_$lang" \
			$(pkg-config --cflags libwebsockets) -Wl,-Bstatic -L"$lib" -lwebsockets -Wl,-Bdynamic \
			$(pkg-config --static --libs-only-l libwebsockets | sed 's/-lwebsockets//') &&
			loads "pkg-config --static: $lang" none "$work/t_$lang"
	done
}

install_and_move
check_files
check_cmake libwebsockets
check_cmake Libwebsockets
check_cmake_versions
check_pkg_config
finish
