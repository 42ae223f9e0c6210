/*
 * Http serves files with the program's file operations: a list set with
 * lws_set_fops, one that the program wrote into, and an entry of info.fops
 * whose signature is in the path. Prints what the program is asked for, and
 * what the client gets.
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

static struct lws_context *cx;
static struct lws_plat_file_ops ops, entry;
static struct peer a;
static const char *want_path;

static lws_fop_fd_t
mem_open(const struct lws_plat_file_ops *fops, const char *name,
	 const char *vpath, lws_fop_flags_t *flags)
{
	lws_fop_fd_t f;
	int gz = strstr(name, "gz") && (*flags &
			LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP);

	printf("open %s, %s, %x\n", name, vpath ? vpath : "-",
	       (unsigned)*flags);
	if (strstr(name, "nope"))
		return NULL;
	f = calloc(1, sizeof(*f));
	CHECK(f);
	f->fd = -1;
	f->fops = vpath ? &entry : &ops;
	f->len = strstr(name, "empty") ? 0 : strstr(name, "huge") ? 40000000 :
		 strstr(name, "big") ? 60000 : 5000;
	if (!strstr(name, "real"))
		*flags |= LWS_FOP_FLAG_VIRTUAL;
	if (gz)
		*flags |= LWS_FOP_FLAG_COMPR_IS_GZIP;
	if (strstr(name, "mod")) {
		*flags |= LWS_FOP_FLAG_MOD_TIME_VALID;
		f->mod_time = 0x5e0d5da5;
	}
	f->flags = *flags;
	f->filesystem_priv = strstr(name, "fail") ? f : NULL;
	(void)fops;
	return f;
}

static int
mem_close(lws_fop_fd_t *f)
{
	printf("close\n");
	free(*f);
	*f = NULL;
	return 0;
}

static lws_fileofs_t
mem_seek(lws_fop_fd_t f, lws_fileofs_t by)
{
	printf("seek\n");
	f->pos += (lws_filepos_t)by;
	return (lws_fileofs_t)f->pos;
}

static int
mem_read(lws_fop_fd_t f, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	lws_filepos_t n = f->len - f->pos;

	pump_events++;
	if (n > len)
		n = len;
	if (n > 700)
		n = 700;
	if (f->filesystem_priv && f->pos)
		return -1;
	for (lws_filepos_t i = 0; i < n; i++)
		buf[i] = (uint8_t)('a' + (f->pos + i) % 26);
	f->pos += n;
	*amount = n;
	return 0;
}

static int
mem_write(lws_fop_fd_t f, lws_filepos_t *amount, uint8_t *buf,
	  lws_filepos_t len)
{
	(void)f; (void)amount; (void)buf; (void)len;
	return -1;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_HTTP) {
		printf("HTTP %s\n", (char *)in);
		if (!strncmp(in, "/own", 4)) {
			int n = lws_serve_http_file(wsi, (char *)in + 4,
						    "text/x", NULL, 0);

			printf("serve %d\n", n);
			if (n < 0 || (n && lws_http_transaction_completed(wsi)))
				return -1;
			return 0;
		}
	}
	if (reason == LWS_CALLBACK_HTTP_FILE_COMPLETION)
		printf("HTTP_FILE_COMPLETION\n");
	if (reason == LWS_CALLBACK_CLOSED_HTTP)
		printf("CLOSED_HTTP\n");
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/m", .mountpoint_len = 2, .origin = "/there",
	.def = "index.html", .origin_protocol = LWSMPRO_FILE
};

static int
is_answered(void)
{
	char *body = strstr(a.buf, "\r\n\r\n"), *len;

	if (a.eof)
		return 1;
	if (!body || strstr(want_path, "huge"))
		return body && a.len > 20000;
	len = strstr(a.buf, "content-length: ");
	return len && (a.buf[0] != 'H' || strstr(want_path, "HEAD") ||
	       a.len >= (size_t)(body + 4 - a.buf) + (size_t)atol(len + 16));
}

static void
ask(const char *request, const char *lines)
{
	char text[512], *body;

	printf("-- %s %s", request, *lines ? lines : "\n");
	peer_reset(&a);
	want_path = request;
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: x\r\n%s\r\n",
		 request, lines);
	peer_say(&a, text);
	for (int n = 0; n < 20000 && !is_answered(); n++) {
		pump(&cx, 1);
		peer_read(&a);
	}
	pump(&cx, 3);
	peer_read(&a);
	body = strstr(a.buf, "\r\n\r\n");
	CHECK(body);
	if (strstr(request, "huge") || strstr(request, "fail"))
		printf("%.*s\n", (int)(body - a.buf), a.buf);
	else
		printf("%.*s\n%zu %.3s\n", (int)(body - a.buf), a.buf,
		       a.len - (size_t)(body + 4 - a.buf), body + 4);
	peer_close(&a);
	pump(&cx, 3);
}

static void
start(const struct lws_plat_file_ops *more)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	i.fops = more;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
}

static const struct lws_plat_file_ops mem = {
	.LWS_FOP_OPEN = mem_open, .LWS_FOP_CLOSE = mem_close,
	.LWS_FOP_SEEK_CUR = mem_seek, .LWS_FOP_READ = mem_read,
	.LWS_FOP_WRITE = mem_write
};

static void
a_list_of_its_own(void)
{
	static const char *const paths[] = {
		"/m/a.txt", "/m/mod.txt", "/m/nope.txt", "/m/", "/m/empty.txt",
		"/m/big.txt", "/m/fail.txt", "/m/a.unknown", "/own/a",
		"/own/mod", "/own/nope", "/own/big", "/m/huge.txt",
		"/own/huge", "/m/x.mem/a.txt"
	};

	const struct lws_plat_file_ops *real;

	start(NULL);
	ops = mem;
	real = lws_get_fops(cx);
	lws_set_fops(cx, &ops);
	for (size_t n = 0; n < sizeof(paths) / sizeof(paths[0]); n++) {
		char text[100];

		snprintf(text, sizeof(text), "GET %s", paths[n]);
		ask(text, "");
	}
	ask("HEAD /m/a.txt", "");
	ask("HEAD /own/a", "");
	ask("GET /m/gz.txt", "");
	ask("GET /m/gz.txt", "Accept-Encoding: gzip\r\n");
	ask("GET /own/gz", "Accept-Encoding: deflate, gzip\r\n");
	ask("GET /m/mod.txt", "If-None-Match: 000013885E0D5DA5\r\n");
	lws_set_fops(cx, real);
	ask("GET /m/a.txt", "");
	lws_context_destroy(cx);
}

int
main(void)
{
	a_list_of_its_own();

	printf("== written into\n");
	start(NULL);
	ops = mem;
	lws_get_fops(cx)->LWS_FOP_OPEN = mem_open;
	ask("GET /m/a.txt", "");
	ask("GET /own/a", "");
	lws_context_destroy(cx);

	printf("== an entry of info.fops\n");
	entry = mem;
	entry.fi[0].sig = ".mem/";
	entry.fi[0].len = 5;
	start(&entry);
	ask("GET /m/x.mem/a.txt", "");
	ask("GET /m/x.mem/nope.txt", "");
	ask("GET /own/x.mem/dir/a", "");
	ask("GET /m/a.txt", "");
	lws_context_destroy(cx);
	return 0;
}
