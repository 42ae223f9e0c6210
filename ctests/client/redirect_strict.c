/*
 * Redirects that the reference gets wrong: relative ones, those that lead
 * nowhere, and credentials that are another server's. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include "origin.h"
#include "redirector.h"

static const struct led all[] = {
	{ "relative", "GET", 0, 0, { LOCATION("302", "x"), FINAL } },
	{ "up", "GET", 0, 0, { LOCATION("302", "../../x"), FINAL } },
	{ "a query", "GET", 0, 0, { LOCATION("302", "?a=b"), FINAL } },
	{ "a fragment", "GET", 0, 0, { LOCATION("302", "/x#f"), FINAL } },
	{ "without scheme", "GET", 0, 0, {
	  LOCATION("302", "//127.0.0.1:PORT/x"), FINAL } },
	{ "without path", "GET", 0, 0, {
	  LOCATION("302", "http://127.0.0.1:PORT?a=b"), FINAL } },
	{ "with a user", "GET", 0, 0, {
	  LOCATION("302", "http://a:b@127.0.0.1:PORT/x"), FINAL } },
	{ "with a blank", "GET", 0, 0, { LOCATION("302", "/a b"), FINAL } },
	{ "to nobody", "GET", 0, 0, { LOCATION("302", "http://") } },
	{ "to nobody with TLS", "GET", 0, 0, { LOCATION("302", "https:///x") } },
	{ "to no port", "GET", 0, 0, {
	  LOCATION("302", "http://127.0.0.1:99999/") } },
	{ "to port 0", "GET", 0, 0, { LOCATION("302", "http://127.0.0.1:0/") } },
	{ "to ftp", "GET", 0, 0, { LOCATION("302", "ftp://127.0.0.1/x") } },
	{ "to a script", "GET", 0, 0, { LOCATION("302", "javascript:1") } },
	{ "to an unclosed address", "GET", 0, 0, {
	  LOCATION("302", "http://[::1/x") } },
	{ "ws to nobody", NULL, 0, 0, { LOCATION("302", "ws://") } },
};

/* localhost is another server than 127.0.0.1 */
static const struct led credentials[] = {
	{ "credentials stay with their server", "GET", 0, 0, {
	  LOCATION("302", "/x"), LOCATION("302", "http://127.0.0.1:PORT/y"),
	  FINAL } },
	{ "credentials are not for others", "GET", 0, 0, {
	  LOCATION("302", "http://localhost:PORT/x"),
	  LOCATION("302", "/y"),
	  LOCATION("302", "http://127.0.0.1:PORT/z"), FINAL } },
};

int
main(void)
{
	setup();
	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++)
		follow(&all[n]);
	with_credentials = 1;
	for (size_t n = 0; n < LWS_ARRAY_SIZE(credentials); n++)
		follow(&credentials[n]);
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("# end");
	return 0;
}
