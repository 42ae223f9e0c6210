/*
 * info.log_filepath: a line for each request, whatever becomes of it; a log
 * that is moved away is begun anew; a path that cannot be written is no
 * reason to fail.
 * ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	unsigned char b[LWS_PRE + 512], *start = b + LWS_PRE, *p = start;

	pump_events++;
	if (reason == LWS_CALLBACK_HTTP && !strcmp(in, "/own")) {
		if (lws_add_http_common_headers(wsi, 202, "text/plain", 5, &p,
						b + sizeof(b)) ||
		    lws_finalize_write_http_header(wsi, start, &p,
						   b + sizeof(b)))
			return 1;
		lws_callback_on_writable(wsi);
		return 0;
	}
	if (reason == LWS_CALLBACK_HTTP && !strcmp(in, "/raw")) {
		static const char raw[] = "HTTP/1.1 203 x\r\n"
					  "content-length: 0\r\n\r\n";

		memcpy(start, raw, sizeof(raw));
		lws_write(wsi, start, sizeof(raw) - 1, LWS_WRITE_HTTP_HEADERS);
		return lws_http_transaction_completed(wsi);
	}
	if (reason == LWS_CALLBACK_HTTP && !strcmp(in, "/never"))
		return 0;
	if (reason == LWS_CALLBACK_HTTP_WRITEABLE) {
		memcpy(start, "hello", 5);
		lws_write(wsi, start, 5, LWS_WRITE_HTTP_FINAL);
		return lws_http_transaction_completed(wsi);
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/f", .mountpoint_len = 2, .origin = "www",
	.origin_protocol = LWSMPRO_FILE
};

static char *
content(const char *path)
{
	static char text[65536];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return text;
}

/* the next line must end like this behind its time */
static char *
line(char *at, const char *end)
{
	char *stop = strchr(at, '\n'), *time = strchr(at, ']');

	CHECK(stop);
	*stop = '\0';
	CHECK(!strncmp(at, "127.0.0.1 - - [", 15));
	CHECK(time);
	if (strcmp(time + 2, end))
		fprintf(stderr, "%s\n%s\n", time + 2, end);
	CHECK(!strcmp(time + 2, end));
	return stop + 1;
}

static void
start(const char *path)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	i.log_filepath = path;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
}

int
main(void)
{
	static struct peer a;
	char *at;

	start("no/such/folder/log");
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	peer_say(&a, "GET /f/a.css HTTP/1.1\r\nHost: x\r\n\r\n");
	pump(&cx, 3);
	peer_read(&a);
	CHECK(peer_has(&a, "200 OK"));
	peer_close(&a);
	lws_context_destroy(cx);

	start("log");
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	peer_say(&a, "GET /f/a.css?x=1&y HTTP/1.1\r\nHost: x\r\n"
		     "User-Agent: me \"quoted\"\r\nReferer: http://r/\r\n\r\n"
		     "HEAD /f/a.css HTTP/1.1\r\nHost: x\r\n\r\n"
		     "GET /own HTTP/1.1\r\nHost: x\r\n\r\n"
		     "GET /raw HTTP/1.1\r\nHost: x\r\n\r\n"
		     "GET /f/big.txt HTTP/1.1\r\nHost: x\r\n\r\n"
		     "POST /gone HTTP/1.1\r\nHost: x\r\n"
		     "Content-Length: 3\r\n\r\nabc");
	for (int n = 0; n < 5; n++) {
		pump(&cx, 3);
		peer_read(&a);
	}
	peer_close(&a);
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	peer_say(&a, "GET /never HTTP/1.0\r\n\r\n");
	pump(&cx, 3);
	peer_close(&a);
	pump(&cx, 3);
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	peer_upgrade(&a, "p0");
	pump(&cx, 3);
	peer_close(&a);
	pump(&cx, 3);

	at = content("log");
	at = line(at, "\"GET /f/a.css?x=1&y HTTP/1.1\" 200 6 \"http://r/\" "
		      "\"me \\x22quoted\\x22\"");
	at = line(at, "\"HEAD /f/a.css HTTP/1.1\" 200 0 \"-\" \"-\"");
	at = line(at, "\"GET /own HTTP/1.1\" 202 5 \"-\" \"-\"");
	at = line(at, "\"GET /raw HTTP/1.1\" 203 0 \"-\" \"-\"");
	at = line(at, "\"GET /f/big.txt HTTP/1.1\" 200 300000 \"-\" \"-\"");
	at = line(at, "\"POST /gone HTTP/1.1\" 404 173 \"-\" \"-\"");
	at = line(at, "\"GET /never HTTP/1.0\" 0 0 \"-\" \"-\"");
	CHECK(strstr(at, " HTTP/1.1\" 101 0 "));

	CHECK(!rename("log", "log.1"));
	/* the path is looked at once a second */
	usleep(1100000);
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	peer_say(&a, "GET /f/a.css HTTP/1.1\r\nHost: x\r\n\r\n");
	pump(&cx, 3);
	peer_close(&a);
	line(content("log"), "\"GET /f/a.css HTTP/1.1\" 200 6 \"-\" \"-\"");
	lws_context_destroy(cx);
	return 0;
}
