/*
 * Files of several megabytes: to a client that takes them as they come, over
 * one connection again and again, to one that stops reading in the middle
 * while others are served. Each byte tells its file and its
 * place, so that nothing of one answer can be in another unseen.
 */
#include <errno.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "peer.h"

#define LEN (5 * 1024 * 1024 + 77)
#define PIECE (256 * 1024)

static struct lws_context *cx;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/f", .mountpoint_len = 2, .origin = "large.dir",
	.origin_protocol = LWSMPRO_FILE
};

static unsigned char
byte_at(int file, size_t n)
{
	return (unsigned char)(n * 31 + n / 4096 + (size_t)file * 101);
}

static void
make(int file)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "large.dir/%d.txt", file);
	f = fopen(path, "w");
	CHECK(f);
	for (size_t n = 0; n < LEN; n++)
		putc(byte_at(file, n), f);
	CHECK(!fclose(f));
}

/* a client, and how much of its answer it has seen */
struct reader {
	struct peer p;
	int file;
	size_t at, end;
	char head[1024];
	size_t head_len;
};

static void
ask(struct reader *r, int file)
{
	char text[128];

	r->file = file;
	r->at = r->head_len = 0;
	r->end = LEN;
	snprintf(text, sizeof(text),
		 "GET /f/%d.txt HTTP/1.1\r\nHost: x\r\n\r\n", file);
	peer_say(&r->p, text);
}

/* the head ends within these bytes, or not: how many of them are of it */
static size_t
through_head(struct reader *r, const char *bytes, size_t len)
{
	for (size_t n = 0; n < len; n++) {
		CHECK(r->head_len < sizeof(r->head) - 1);
		r->head[r->head_len++] = bytes[n];
		r->head[r->head_len] = '\0';
		if (r->head_len > 4 &&
		    !strcmp(r->head + r->head_len - 4, "\r\n\r\n")) {
			CHECK(!strncmp(r->head, "HTTP/1.1 200 ", 13));
			return n + 1;
		}
	}
	return len;
}

/* reads once what is there, up to most bytes; each must be the right one */
static void
take(struct reader *r, size_t most)
{
	static char buf[PIECE];
	ssize_t got = recv(r->p.fd, buf, most > PIECE ? PIECE : most,
			   MSG_DONTWAIT);
	size_t n = 0;

	if (got < 0) {
		CHECK(errno == EAGAIN);
		return;
	}
	CHECK(got > 0);
	if (r->head_len < 4 ||
	    strcmp(r->head + r->head_len - 4, "\r\n\r\n"))
		n = through_head(r, buf, (size_t)got);
	for (; n < (size_t)got; n++, r->at++) {
		CHECK(r->at < r->end);
		CHECK((unsigned char)buf[n] == byte_at(r->file, r->at));
	}
}

static void
take_all(struct reader *r)
{
	for (int n = 0; r->at < r->end && n < 100000; n++) {
		pump(&cx, 1);
		take(r, PIECE);
	}
	CHECK(r->at == r->end);
}

int
main(void)
{
	struct lws_context_creation_info i;
	static struct reader quick, slow, third;

	CHECK(!system("mkdir large.dir"));
	make(0);
	make(1);
	make(2);
	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	CHECK(peer_open(&quick.p, default_port(cx)) >= 0);
	CHECK(peer_open(&slow.p, default_port(cx)) >= 0);
	CHECK(peer_open(&third.p, default_port(cx)) >= 0);

	for (int n = 0; n < 6; n++) {
		ask(&quick, n % 3);
		take_all(&quick);
	}
	/* this one stops reading once it has seen the beginning */
	ask(&slow, 1);
	while (slow.at < 100000) {
		pump(&cx, 1);
		take(&slow, 4096);
	}
	for (int n = 0; n < 4; n++) {
		ask(&quick, n % 2 ? 2 : 0);
		ask(&third, 2);
		take_all(&quick);
		take_all(&third);
	}
	take_all(&slow);
	ask(&slow, 0);
	take_all(&slow);

	/* and one that leaves in the middle leaves nothing to the others */
	ask(&third, 1);
	while (third.at < 100000) {
		pump(&cx, 1);
		take(&third, 4096);
	}
	peer_rst(&third.p);
	ask(&quick, 2);
	take_all(&quick);

	peer_close(&quick.p);
	peer_close(&slow.p);
	lws_context_destroy(cx);
	return 0;
}
