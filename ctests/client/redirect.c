/*
 * Redirects as the reference follows them: which codes, which method behind
 * them, how many; and lws_client_reset. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include "origin.h"
#include "redirector.h"

/* in no header */
struct lws *
lws_client_reset(struct lws **pwsi, int ssl, const char *address, int port,
		 const char *path, const char *host, char weak);

static const struct led all[] = {
	{ "301", "GET", 0, 0, { LOCATION("301", "/x?y=z"), FINAL } },
	{ "302", "GET", 0, 0, { LOCATION("302", "/"), FINAL } },
	{ "303", "GET", 0, 0, { LOCATION("303", "/x"), FINAL } },
	{ "307", "GET", 0, 0, { LOCATION("307", "/x"), FINAL } },
	{ "308", "GET", 0, 0, { LOCATION("308", "/x"), FINAL } },
	{ "with a body", "GET", 0, 0, {
	  "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nhello",
	  FINAL } },
	{ "whole URL", "GET", 0, 0, {
	  LOCATION("302", "http://127.0.0.1:PORT/x?y=z"), FINAL } },
	{ "of ws", "GET", 0, 0, {
	  LOCATION("302", "ws://127.0.0.1:PORT/x"), FINAL } },
	{ "three", "GET", 0, 0, {
	  LOCATION("302", "/1"), LOCATION("302", "/2"), LOCATION("301", "/3"),
	  FINAL } },
	{ "four", "GET", 0, 0, {
	  LOCATION("302", "/1"), LOCATION("302", "/2"), LOCATION("301", "/3"),
	  LOCATION("302", "/4"), FINAL } },
	{ "without Location", "GET", 0, 0, {
	  "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" } },
	{ "300", "GET", 0, 0, { LOCATION("300", "/x") } },
	{ "305", "GET", 0, 0, { LOCATION("305", "/x") } },
	{ "not to be followed", "GET", LCCSCF_HTTP_NO_FOLLOW_REDIRECT, 0, {
	  LOCATION("302", "/x") } },
	{ "301", "POST", 0, 5, { LOCATION("301", "/x"), FINAL } },
	{ "302", "POST", 0, 5, { LOCATION("302", "/x"), FINAL } },
	{ "303", "POST", 0, 5, { LOCATION("303", "/x"), FINAL } },
	{ "303, 307", "POST", 0, 5, {
	  LOCATION("303", "/x"), LOCATION("307", "/y"), FINAL } },
	{ "307", "PUT", 0, 5, { LOCATION("307", "/x"), FINAL } },
	{ "303", "DELETE", 0, 0, { LOCATION("303", "/x"), FINAL } },
	{ "302", NULL, 0, 0, { LOCATION("302", "/x"), FINAL } },
};

static void
reset(void)
{
	static const char *const answers[] = { FINAL, NULL };
	struct lws *wsi, *same;

	tr_line("# lws_client_reset%s", local ? "" : ", no protocol named");
	wsi = connect_to("GET", 0);
	for (int n = 0; n < 4000 && !is_whole(); n++) {
		lws_service(cx, -1);
		origin_accept(&server);
		origin_read(&server);
	}
	CHECK(is_whole());
	same = wsi;
	same = lws_client_reset(&same, 0, "127.0.0.1", server.port, "again",
				"127.0.0.1", 0);
	tr_line("-- %s", same == wsi ? "the same" : same ? "another" : "NULL");
	origin_drop(&server);
	lead(answers);
}

int
main(void)
{
	setup();
	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++)
		follow(&all[n]);
	reject = "CLIENT_HTTP_REDIRECT";
	follow(&all[0]);
	reject = NULL;
	body_len = 0;
	reset();
	local = NULL;
	follow(&all[0]);	/* 301, GET */
	follow(&all[8]);	/* three */
	follow(&all[18]);	/* 307, PUT */
	follow(&all[20]);	/* ws */
	body_len = 0;
	reset();
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("# end");
	return 0;
}
