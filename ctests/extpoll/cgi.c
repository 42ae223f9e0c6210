/*
 * Scripts served only through lws_service_fd from the program's own poll
 * array: their pipes are in it like any other descriptor, and gone from it
 * afterwards.
 * ctest: only=ours waits
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own.h"

static struct lws_context *cx;
static int pipes;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	if (own_callback(reason, in))
		return 0;
	pump_events += reason != LWS_CALLBACK_GET_THREAD_ID;
	if (reason == LWS_CALLBACK_CHILD_CLOSING) {
		CHECK(own_find(lws_get_socket_fd(in)) < 0);
		pipes++;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount cat = {
	.mountpoint = "/cat", .mountpoint_len = 4, .origin = "cat.sh",
	.origin_protocol = LWSMPRO_CGI, .cgi_timeout = 60,
}, stops = {
	.mount_next = &cat, .mountpoint = "/stops", .mountpoint_len = 6,
	.origin = "stops.sh", .origin_protocol = LWSMPRO_CGI,
	.cgi_timeout = 1,
};

static void
script(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	CHECK(f && fputs(text, f) >= 0 && !fclose(f) && !chmod(name, 0755));
}

#define SIZE 300000

int
main(void)
{
	static struct peer p;
	static char body[SIZE];
	struct lws_context_creation_info i;
	size_t sent = 0, all = 0;
	int idle;

	script("cat.sh", "#!/bin/sh\nprintf 'A: b\\n\\n'; exec cat\n");
	script("stops.sh", "#!/bin/sh\nexec sleep 600\n");
	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &stops;
	cx = lws_create_context(&i);
	CHECK(cx);
	own_pump(cx);
	idle = own_count;

	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "POST /cat HTTP/1.1\r\nConnection: close\r\n"
		     "Content-Length: 300000\r\n\r\n");
	while (!p.eof) {
		ssize_t n = send(p.fd, body + sent, SIZE - sent,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		sent += n > 0 ? (size_t)n : 0;
		own_turn(cx, 20);
		all += peer_read(&p);
	}
	CHECK(sent == SIZE && all > SIZE && pipes == 3);
	CHECK(peer_has(&p, "200 OK"));
	peer_close(&p);
	own_pump(cx);
	CHECK(own_count == idle);

	/* time is kept without any descriptor being ready */
	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "GET /stops HTTP/1.1\r\nConnection: close\r\n\r\n");
	while (!p.eof) {
		own_turn(cx, 5000);
		peer_read(&p);
	}
	CHECK(peer_has(&p, "504 "));
	CHECK(pipes == 6);
	peer_close(&p);
	own_pump(cx);
	CHECK(own_count == idle);
	lws_context_destroy(cx);
	CHECK(!own_count && own_adds == own_dels);
	return 0;
}
