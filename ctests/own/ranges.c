/*
 * Range (RFC 9110, 14) of files: one part, several, none that exists, those
 * that are ignored; small files, which are read, and large ones, which are
 * not; files of a mount and of lws_serve_http_file. Behind each answer the
 * connection serves the next request.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

#define BIG 300000

static struct lws_context *cx;
static int completed;
static struct peer a;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_HTTP && !strncmp(in, "/own", 4))
		return lws_serve_http_file(wsi, "ranges.dir/small.txt", "a/b",
					   NULL, 0) < 0;
	if (reason == LWS_CALLBACK_HTTP_FILE_COMPLETION)
		completed++;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/f", .mountpoint_len = 2, .origin = "ranges.dir",
	.origin_protocol = LWSMPRO_FILE
};

static char
byte_at(size_t n)
{
	return (char)('a' + n % 26);
}

static void
make(const char *path, size_t len)
{
	FILE *f = fopen(path, "w");

	CHECK(f);
	for (size_t n = 0; n < len; n++)
		putc(byte_at(n), f);
	fclose(f);
}

/* asks with these header lines; the answer's body, and its length */
static const char *
ask(const char *method, const char *path, const char *lines, size_t *len)
{
	char text[4096], *body, *length;
	int before = completed;

	peer_reset(&a);
	snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: x\r\n%s\r\n",
		 method, path, lines);
	peer_say(&a, text);
	for (int n = 0; n < 8; n++) {
		pump(&cx, 3);
		peer_read(&a);
	}
	CHECK(!a.eof);
	body = strstr(a.buf, "\r\n\r\n");
	CHECK(body);
	body += 4;
	length = strstr(a.buf, "content-length: ");
	CHECK(length && length < body);
	*len = (size_t)atol(length + 16);
	if (strcmp(method, "HEAD"))
		CHECK(a.len == (size_t)(body - a.buf) + *len);
	CHECK(completed == before + !!strcmp(method, "HEAD"));
	return body;
}

static int
is_part(const char *body, size_t from, size_t len)
{
	for (size_t n = 0; n < len; n++)
		if (body[n] != byte_at(from + n))
			return 0;
	return 1;
}

static void
one(const char *path, const char *range, size_t from, size_t len, size_t of)
{
	char line[200];
	const char *body;
	size_t got;

	snprintf(line, sizeof(line), "Range: bytes=%s\r\n", range);
	body = ask("GET", path, line, &got);
	CHECK(peer_has(&a, "HTTP/1.1 206 "));
	CHECK(got == len && is_part(body, from, len > 60000 ? 60000 : len));
	snprintf(line, sizeof(line), "content-range: bytes %zu-%zu/%zu\r\n",
		 from, from + len - 1, of);
	CHECK(peer_has(&a, line));
}

static void
all(const char *method, const char *lines)
{
	size_t got;
	const char *body = ask(method, "/f/small.txt", lines, &got);

	CHECK(peer_has(&a, "200 OK") && got == 1000);
	CHECK(!peer_has(&a, "content-range"));
	CHECK(!strcmp(method, "HEAD") || is_part(body, 0, 1000));
}

static void
several(void)
{
	size_t got;
	const char *body = ask("GET", "/f/small.txt",
			       "Range: bytes=0-1, 5000-, 30-34,-1\r\n", &got);
	char boundary[64], text[1024];

	CHECK(peer_has(&a, "HTTP/1.1 206 "));
	CHECK(sscanf(strstr(a.buf, "boundary="), "boundary=%63[^\r]",
		     boundary) == 1);
	snprintf(text, sizeof(text),
		 "\r\n--%s\r\ncontent-type: text/plain\r\n"
		 "content-range: bytes 0-1/1000\r\n\r\nab"
		 "\r\n--%s\r\ncontent-type: text/plain\r\n"
		 "content-range: bytes 30-34/1000\r\n\r\nefghi"
		 "\r\n--%s\r\ncontent-type: text/plain\r\n"
		 "content-range: bytes 999-999/1000\r\n\r\nl"
		 "\r\n--%s--\r\n", boundary, boundary, boundary, boundary);
	CHECK(got == strlen(text) && !memcmp(body, text, got));

	ask("GET", "/f/big.txt", "Range: bytes=0-99999,200000-299999\r\n",
	    &got);
	CHECK(peer_has(&a, "HTTP/1.1 206 ") && got > 200000 && got < 200500);
}

static void
conditions(void)
{
	char tag[64], line[200];
	size_t got;

	ask("GET", "/f/small.txt", "", &got);
	CHECK(!peer_has(&a, "ranges"));
	CHECK(sscanf(strstr(a.buf, "etag: "), "etag: %63[^\r]", tag) == 1);
	snprintf(line, sizeof(line), "Range: bytes=1-2\r\nIf-Range: \"%s\"\r\n",
		 tag);
	ask("GET", "/f/small.txt", line, &got);
	CHECK(peer_has(&a, "HTTP/1.1 206 ") && got == 2);
	all("GET", "Range: bytes=1-2\r\nIf-Range: \"x\"\r\n");
	all("GET", "Range: bytes=1-2\r\n"
		   "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
}

static void
everything(void)
{
	char many[2048] = "Range: bytes=";
	size_t got;

	one("/f/small.txt", "0-9", 0, 10, 1000);
	one("/f/small.txt", "-10", 990, 10, 1000);
	one("/f/small.txt", "999-5000", 999, 1, 1000);
	one("/own", "10-", 10, 990, 1000);
	CHECK(!peer_has(&a, "etag"));
	one("/f/big.txt", "5-", 5, BIG - 5, BIG);
	one("/f/big.txt", "200000-200009", 200000, 10, BIG);
	several();
	ask("GET", "/f/small.txt", "Range: bytes=1000-\r\n", &got);
	CHECK(peer_has(&a, "416 Requested Range Not Satisfiable"));
	CHECK(peer_has(&a, "content-range: bytes */1000\r\n") && !got);
	ask("GET", "/f/empty.txt", "Range: bytes=0-\r\n", &got);
	CHECK(peer_has(&a, "HTTP/1.1 416 "));

	all("HEAD", "Range: bytes=0-9\r\n");
	all("GET", "Range: lines=0-9\r\n");
	all("GET", "Range: bytes=5-2\r\n");
	all("GET", "Range: bytes=0-9,9-10\r\n");
	all("GET", "Range: bytes=0-0\r\nRange: bytes=1-1\r\n");
	for (int n = 0; n < 65; n++)
		sprintf(many + strlen(many), "%d-%d,", 2 * n, 2 * n);
	strcat(many, "\r\n");
	all("GET", many);
	conditions();
}

int
main(void)
{
	struct lws_context_creation_info i;

	CHECK(!system("mkdir ranges.dir"));
	make("ranges.dir/small.txt", 1000);
	make("ranges.dir/big.txt", BIG);
	make("ranges.dir/empty.txt", 0);
	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	everything();
	peer_close(&a);
	lws_context_destroy(cx);
	return 0;
}
