/*
 * The program's file operations call back into the library: every deed in
 * every operation, for files of a mount, interpreted ones, and ones that the
 * program serves; whole and in parts. Each time: every file that was opened
 * is closed once and not while one of its operations runs, connections are
 * destroyed once, and nothing is told behind that.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../harness/peer.h"

#define LIVE 8

enum op { OPEN, READ, LATER_READ, SEEK, CLOSE, OPS };
static const char *const op_names[] = { "open", "read", "later read", "seek",
					"close" };
static const char *const paths[] = { "/m/a.txt", "/i/a.txt", "/own/a.txt" };

static struct lws_context *cx;
static struct lws_vhost *web;
static struct lws_plat_file_ops ops, other_ops;
static struct lws *current;
static struct peer a, b;
static int opened, closed, seeks, reads, hits, inner;
static const struct lws *live[LIVE];
static enum op at_op;

struct deed {
	const char *name;
	void (*run)(void);
	int fails;		/* the operation fails, too */
	int ends;		/* there is no whole answer */
};
static const struct deed *deed;

static void
wrong(const char *what)
{
	printf("! %s in %s: %s\n", deed->name, op_names[at_op], what);
	fflush(stdout);
	_exit(1);
}

static void
do_nothing(void)
{
}

static void
ask_writable(void)
{
	lws_callback_on_writable(current);
	lws_callback_on_writable_all_protocol(cx, lws_get_protocol(current));
}

static void
kill_sync(void)
{
	lws_set_timeout(current, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

static void
kill_async(void)
{
	lws_set_timeout(current, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void
kill_and_go_on(void)
{
	struct lws *wsi = current;
	unsigned char room[LWS_PRE + 8] = { 0 };

	kill_sync();
	lws_write(wsi, room + LWS_PRE, 8, LWS_WRITE_HTTP);
	lws_callback_on_writable(wsi);
	if (!lws_http_transaction_completed(wsi))
		wrong("completed a dead one");
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

static void
write_some(void)
{
	unsigned char room[LWS_PRE + 8];

	memcpy(room + LWS_PRE, "written.", 8);
	lws_write(current, room + LWS_PRE, 8, LWS_WRITE_HTTP);
}

static void
nest(void)
{
	lws_callback_on_writable(current);
	for (int n = 0; n < 6 && cx; n++)
		lws_service(cx, -1);
}

static void
kill_and_nest(void)
{
	kill_sync();
	for (int n = 0; n < 6 && cx; n++)
		lws_service(cx, -1);
}

static void
complete(void)
{
	if (lws_http_transaction_completed(current))
		kill_sync();
}

static void
serve_another(void)
{
	if (!inner++)
		lws_serve_http_file(current, "/own/inner.txt", "text/x", NULL,
				    0);
}

static void
status_page(void)
{
	lws_return_http_status(current, 404, "nothing");
}

static void
destroy_vhost(void)
{
	if (web)
		lws_vhost_destroy(web);
	web = NULL;
}

static void
destroy_context(void)
{
	if (cx)
		lws_context_destroy(cx);
}

static void
change_ops(void)
{
	lws_set_fops(cx, &other_ops);
}

static const struct deed deeds[] = {
	{ "nothing", do_nothing, 0, 0 },
	{ "nothing, fail", do_nothing, 1, 1 },
	{ "ask for writable", ask_writable, 0, 0 },
	{ "kill sync", kill_sync, 0, 1 },
	{ "kill sync, fail", kill_sync, 1, 1 },
	{ "kill sync, go on", kill_and_go_on, 0, 1 },
	{ "kill sync, nest", kill_and_nest, 0, 1 },
	{ "kill async", kill_async, 0, 1 },
	{ "write", write_some, 0, 1 },
	{ "nest", nest, 0, 0 },
	{ "nest, fail", nest, 1, 1 },
	{ "complete", complete, 0, 1 },
	{ "serve another", serve_another, 0, 1 },
	{ "status", status_page, 0, 1 },
	{ "status, fail", status_page, 1, 1 },
	{ "change operations", change_ops, 0, 0 },
	{ "destroy vhost", destroy_vhost, 0, 1 },
	{ "destroy vhost, fail", destroy_vhost, 1, 1 },
	{ "destroy context", destroy_context, 0, 1 },
	{ "destroy context, fail", destroy_context, 1, 1 },
};

struct mem {
	struct lws_fop_fd f;
	int depth;
};

/* 1: the operation is to fail */
static int
act(enum op op, struct mem *m)
{
	if (op != at_op || hits || !current)
		return 0;
	hits++;
	m->depth++;
	deed->run();
	m->depth--;
	return deed->fails;
}

static lws_fop_fd_t
mem_open(const struct lws_plat_file_ops *fops, const char *name,
	 const char *vpath, lws_fop_flags_t *flags)
{
	struct mem *m = calloc(1, sizeof(*m));

	(void)vpath;
	(void)name;
	CHECK(m);
	m->f.fops = fops;
	m->f.len = 100000;
	m->f.flags = *flags |= LWS_FOP_FLAG_VIRTUAL;
	if (act(OPEN, m)) {
		free(m);
		return NULL;
	}
	opened++;
	return &m->f;
}

static int
mem_close(lws_fop_fd_t *f)
{
	struct mem *m = (struct mem *)*f;

	if (m->depth)
		wrong("closed inside of an operation");
	closed++;
	act(CLOSE, m);
	free(m);
	*f = NULL;
	return 0;
}

static lws_fileofs_t
mem_seek(lws_fop_fd_t f, lws_fileofs_t by)
{
	seeks++;
	if (act(SEEK, (struct mem *)f))
		return -1;
	f->pos += (lws_filepos_t)by;
	return (lws_fileofs_t)f->pos;
}

static int
mem_read(lws_fop_fd_t f, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	lws_filepos_t n;

	pump_events++;
	if (act(reads++ ? LATER_READ : READ, (struct mem *)f))
		return -1;
	n = f->len - f->pos;
	if (n > len)
		n = len;
	for (lws_filepos_t i = 0; i < n; i++)
		buf[i] = (uint8_t)('a' + (f->pos + i) % 26);
	f->pos += n;
	*amount = n;
	return 0;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events += reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED;
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE:
		for (size_t n = 0; n < LIVE; n++)
			if (!live[n]) {
				live[n] = wsi;
				return 0;
			}
		wrong("too many connections");
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		for (size_t n = 0; n < LIVE; n++)
			if (live[n] == wsi)
				live[n] = NULL;
		if (wsi == current)
			current = NULL;
		return 0;
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
		if (!current)
			current = wsi;
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return 0;
	case LWS_CALLBACK_HTTP:
		if (!strncmp(in, "/own", 4))
			return lws_serve_http_file(wsi, in, "text/x", NULL,
						   0) < 0 ? -1 : 0;
		break;
	default:
		break;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 16, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_protocol_vhost_options html = {
	NULL, NULL, ".txt", "p0"
};
static const struct lws_http_mount interpreted = {
	.mountpoint = "/i", .mountpoint_len = 2, .origin = "/there",
	.def = "a.txt", .origin_protocol = LWSMPRO_FILE, .interpret = &html
};
static const struct lws_http_mount files = {
	.mount_next = &interpreted, .mountpoint = "/m", .mountpoint_len = 2,
	.origin = "/there", .def = "a.txt", .origin_protocol = LWSMPRO_FILE
};

static void
work(void)
{
	for (int quiet = 0; quiet < 4; quiet++) {
		unsigned long was = pump_events;

		if (cx)
			pump(&cx, 3);
		if (peer_read(&a) + peer_read(&b) || was != pump_events)
			quiet = -1;
	}
}

static void
cell(const struct deed *d, enum op op, const char *path, int part)
{
	struct lws_context_creation_info i;
	char text[256];
	int port;

	deed = d;
	at_op = op;
	opened = closed = seeks = reads = hits = 0;
	inner = 0;
	current = NULL;
	memset(&i, 0, sizeof(i));
	i.gid = i.uid = -1;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	lws_set_fops(cx, &ops);
	i.protocols = protocols;
	i.mounts = &files;
	i.vhost_name = "web";
	web = lws_create_vhost(cx, &i);
	CHECK(web);
	port = lws_get_vhost_listen_port(web);
	pump(&cx, 3);
	peer_reset(&a);
	peer_reset(&b);
	CHECK(peer_open(&a, port) >= 0);
	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n",
		 path, part ? "Range: bytes=60000-99999,10-40000\r\n" : "");
	peer_say(&a, text);
	work();
	if (web && hits && !deed->ends && a.len < 69990)
		wrong("no answer");
	/* somebody else */
	current = NULL;
	if (web && peer_open(&b, port) >= 0) {
		peer_say(&b, "GET /own/b.txt HTTP/1.1\r\nHost: x\r\n\r\n");
		work();
		if (cx && b.len < 100000)
			wrong("the next gets no answer");
	}
	if (cx)
		lws_context_destroy(cx);
	if (cx)
		wrong("context pointer still set");
	peer_close(&a);
	peer_close(&b);
	if (opened != closed)
		wrong("files left open");
	for (size_t n = 0; n < LIVE; n++)
		if (live[n])
			wrong("a connection is left over");
	if (!hits)
		return;
	printf("%s in %s of %s%s: answer %d, closed %d\n", d->name,
	       op_names[op], path, part ? ", parts" : "", a.len > 0, a.eof);
	fflush(stdout);
}

int
main(void)
{
	alarm(300);
	lws_set_log_level(0, NULL);
	ops.LWS_FOP_OPEN = mem_open;
	ops.LWS_FOP_CLOSE = mem_close;
	ops.LWS_FOP_SEEK_CUR = mem_seek;
	ops.LWS_FOP_READ = mem_read;
	other_ops = ops;
	for (size_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++)
		for (int op = 0; op < OPS; op++)
			for (size_t p = 0; p < 3; p++)
				for (int part = 0; part < 2; part++)
					cell(&deeds[d], (enum op)op, paths[p],
					     part);
	return 0;
}
