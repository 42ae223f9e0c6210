/*
 * The program's file operations, called while http serves a file, close the
 * connection, run a nested service, or answer a range.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../harness/peer.h"

static struct lws_context *cx;
static struct lws_plat_file_ops ops;
static struct lws *current;
static struct peer a;
static int opened, closed, seeks;

static void
deed(const char *when, const char *name)
{
	if (!strstr(name, when) || !current)
		return;
	if (strstr(name, "nest")) {
		lws_callback_on_writable(current);
		lws_service(cx, -1);
	}
	if (strstr(name, "kill")) {
		lws_set_timeout(current, 1, LWS_TO_KILL_SYNC);
		current = NULL;
	}
}

struct mem {
	struct lws_fop_fd f;
	char name[100];
};

static lws_fop_fd_t
mem_open(const struct lws_plat_file_ops *fops, const char *name,
	 const char *vpath, lws_fop_flags_t *flags)
{
	struct mem *m = calloc(1, sizeof(*m));

	(void)vpath;
	CHECK(m);
	opened++;
	strncpy(m->name, name, sizeof(m->name) - 1);
	m->f.fops = fops;
	m->f.len = 100000;
	m->f.flags = *flags |= LWS_FOP_FLAG_VIRTUAL;
	deed("open", name);
	return &m->f;
}

static int
mem_close(lws_fop_fd_t *f)
{
	struct mem *m = (struct mem *)*f;

	closed++;
	deed("close", m->name);
	free(m);
	*f = NULL;
	return 0;
}

static lws_fileofs_t
mem_seek(lws_fop_fd_t f, lws_fileofs_t by)
{
	seeks++;
	f->pos += (lws_filepos_t)by;
	deed("seek", ((struct mem *)f)->name);
	return (lws_fileofs_t)f->pos;
}

static int
mem_read(lws_fop_fd_t f, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	lws_filepos_t n = f->len - f->pos;

	pump_events++;
	if (n > len)
		n = len;
	if (strstr(((struct mem *)f)->name, "much")) {
		*amount = len + 1;
		return 0;
	}
	for (lws_filepos_t i = 0; i < n; i++)
		buf[i] = (uint8_t)('a' + (f->pos + i) % 26);
	f->pos += n;
	*amount = n;
	if (f->pos > 50000)
		deed("read", ((struct mem *)f)->name);
	return 0;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_FILTER_HTTP_CONNECTION)
		current = wsi;
	if (reason == LWS_CALLBACK_CLOSED_HTTP)
		current = NULL;
	if (reason == LWS_CALLBACK_HTTP && !strncmp(in, "/own", 4))
		return lws_serve_http_file(wsi, in, "text/x", NULL, 0) < 0;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_http_mount mount = {
	.mountpoint = "/m", .mountpoint_len = 2, .origin = "/there",
	.def = "index.html", .origin_protocol = LWSMPRO_FILE
};

static void
ask(const char *path, const char *lines)
{
	char text[512];
	int before = opened - closed;

	peer_reset(&a);
	CHECK(peer_open(&a, default_port(cx)) >= 0);
	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n",
		 path, lines);
	peer_say(&a, text);
	for (int n = 0; n < 20; n++) {
		pump(&cx, 3);
		peer_read(&a);
	}
	peer_close(&a);
	pump(&cx, 3);
	CHECK(opened - closed == before);
}

int
main(void)
{
	static const char *const deeds[] = { "open", "read", "seek", "close" };
	struct lws_context_creation_info i;

	ops.LWS_FOP_OPEN = mem_open;
	ops.LWS_FOP_CLOSE = mem_close;
	ops.LWS_FOP_SEEK_CUR = mem_seek;
	ops.LWS_FOP_READ = mem_read;
	quiet_info(&i, 60);
	i.protocols = protocols;
	i.mounts = &mount;
	cx = lws_create_context(&i);
	CHECK(cx);
	lws_set_fops(cx, &ops);
	pump(&cx, 3);
	for (size_t n = 0; n < 4; n++) {
		for (int own = 0; own < 2; own++) {
			for (int kill = 0; kill < 2; kill++) {
				char path[100];

				snprintf(path, sizeof(path), "/%s/%s-%s.txt",
					 own ? "own" : "m", deeds[n],
					 kill ? "kill" : "nest");
				ask(path, "");
				CHECK(kill || a.len > 100000);
				ask(path, "Range: bytes=60000-60009\r\n");
				CHECK(kill || peer_has(&a, "uvwxyzabcd") ||
				      peer_has(&a, "206"));
			}
		}
	}
	CHECK(seeks > 0);
	seeks = 0;
	ask("/m/a.txt", "Range: bytes=50-52,10-12\r\n");
	CHECK(seeks == 2 && peer_has(&a, "yza\r\n") && peer_has(&a, "klm\r\n"));
	ask("/m/much.txt", "");
	CHECK(a.eof);
	lws_context_destroy(cx);
	CHECK(opened == closed);
	return 0;
}
