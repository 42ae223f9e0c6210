#!/bin/sh
# Header lines, an empty line, and then whatever the answer is.
echo "Content-Type: text/plain"
echo
echo "Hello. You asked for '$PATH_INFO' with '$QUERY_STRING', by $REQUEST_METHOD."
[ -z "$CONTENT_LENGTH" ] || { echo "You have sent:"; cat; }
echo "this goes to the server's log" >&2
