/*
 * The server of the benchmark: one program for every libwebsockets.
 *
 * Written against the public API and compiled once with the reference's header, then run with LD_LIBRARY_PATH on the
 * reference and on ours, so that nothing but the library differs. It does what a careful program does: a ring of
 * messages per connection, one write per WRITEABLE callback, rx flow control before the ring is full.
 *
 *   echo_server -p PORT [-m ws|raw] [-d DIRECTORY] [-c CERTIFICATE -k KEY] [-z]
 *
 * -d: serves the files of a directory; -c and -k: over TLS, as PEM files; -z: offers permessage-deflate.
 *
 * ws protocols: "echo" sends back each piece as it arrived (a large message becomes fragments), "whole" gathers the
 * message and sends it with one lws_write, "broadcast" sends a message from anyone to everyone. With -m raw: TCP echo.
 * Prints "ready" when it listens. Not a test of correctness: load.c has one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RING 64		/* pieces waiting to be sent, per connection */
#define RING_LOW 4	/* so few free: stop receiving; the library then hands over nothing more */
#define NEWS 16		/* broadcast messages that a slow receiver may be behind */

struct piece {
	unsigned char *buf;	/* LWS_PRE bytes of room, then the payload; kept for the next piece */
	size_t cap, len;
	enum lws_write_protocol kind;
};

struct session {
	struct piece *ring;	/* allocated with the first message: an idle connection has none */
	unsigned int head, tail;
	unsigned char *gather;
	size_t gather_len;
	unsigned int seen;	/* broadcast: next message to send */
	char stopped;
};

static struct piece news[NEWS];
static unsigned int news_head;
static struct piece incoming;

static void *must(void *p)
{
	if (!p) {
		fprintf(stderr, "echo_server: out of memory\n");
		exit(1);
	}
	return p;
}

static void piece_append(struct piece *p, const void *in, size_t len)
{
	if (LWS_PRE + p->len + len > p->cap) {
		p->cap = (LWS_PRE + p->len + len) * 2;
		p->buf = must(realloc(p->buf, p->cap));
	}
	memcpy(p->buf + LWS_PRE + p->len, in, len);
	p->len += len;
}

static struct piece *ring_push(struct lws *wsi, struct session *s)
{
	unsigned int used = s->head - s->tail;
	struct piece *p;

	if (!s->ring)
		s->ring = must(calloc(RING, sizeof(*s->ring)));
	if (used == RING) {
		fprintf(stderr, "echo_server: received although stopped\n");
		exit(1);
	}
	if (used + 1 + RING_LOW > RING && !s->stopped) {
		s->stopped = 1;
		lws_rx_flow_control(wsi, 0);
	}
	p = &s->ring[s->head++ % RING];
	p->len = 0;
	return p;
}

static int ring_write(struct lws *wsi, struct session *s)
{
	struct piece *p;

	if (s->head == s->tail)
		return 0;
	p = &s->ring[s->tail++ % RING];
	if (lws_write(wsi, p->buf + LWS_PRE, p->len, p->kind) < (int)p->len)
		return -1;
	if (s->head != s->tail)
		lws_callback_on_writable(wsi);
	if (s->stopped && s->head - s->tail < RING / 2) {
		s->stopped = 0;
		lws_rx_flow_control(wsi, 1);
	}
	return 0;
}

static void session_free(struct session *s)
{
	unsigned int n;

	for (n = 0; s->ring && n < RING; n++)
		free(s->ring[n].buf);
	free(s->ring);
	s->ring = NULL;
}

static void echo_piece(struct lws *wsi, struct session *s, const void *in, size_t len)
{
	struct piece *p = ring_push(wsi, s);

	p->kind = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
				     lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
	piece_append(p, in, len);
	lws_callback_on_writable(wsi);
}

static int callback_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		echo_piece(wsi, user, in, len);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return ring_write(wsi, user);
	case LWS_CALLBACK_CLOSED:
		session_free(user);
		break;
	default:
		break;
	}
	return 0;
}

static int callback_whole(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *s = user;
	struct piece *p;

	if (reason != LWS_CALLBACK_RECEIVE)
		return callback_echo(wsi, reason, user, in, len);
	if (lws_is_first_fragment(wsi)) {
		p = ring_push(wsi, s);
		p->kind = lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;
	} else
		p = &s->ring[(s->head - 1) % RING];
	piece_append(p, in, len);
	if (lws_is_final_fragment(wsi))
		lws_callback_on_writable(wsi);
	return 0;
}

static int callback_broadcast(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *s = user;
	struct piece *p;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		s->seen = news_head;
		break;
	case LWS_CALLBACK_RECEIVE:
		piece_append(&incoming, in, len);
		if (!lws_is_final_fragment(wsi))
			break;
		p = &news[news_head++ % NEWS];
		p->len = 0;
		piece_append(p, incoming.buf + LWS_PRE, incoming.len);
		incoming.len = 0;
		lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (s->seen == news_head)
			break;
		p = &news[s->seen++ % NEWS];
		if (lws_write(wsi, p->buf + LWS_PRE, p->len, LWS_WRITE_BINARY) < (int)p->len)
			return -1;
		if (s->seen != news_head)
			lws_callback_on_writable(wsi);
		break;
	default:
		break;
	}
	return 0;
}

static int callback_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct piece *p;

	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
		p = ring_push(wsi, user);
		p->kind = LWS_WRITE_RAW;
		piece_append(p, in, len);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_RAW_WRITEABLE:
		return ring_write(wsi, user);
	case LWS_CALLBACK_RAW_CLOSE:
		session_free(user);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "echo", callback_echo, sizeof(struct session), 0, 0, NULL, 0 },
	{ "whole", callback_whole, sizeof(struct session), 0, 0, NULL, 0 },
	{ "broadcast", callback_broadcast, sizeof(struct session), 0, 0, NULL, 0 },
	{ "raw", callback_raw, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount mount;
static struct lws_extension extensions[2];

static void serve_files(struct lws_context_creation_info *info, const char *directory)
{
	mount.mountpoint = "/";
	mount.mountpoint_len = 1;
	mount.origin = directory;
	mount.origin_protocol = LWSMPRO_FILE;
	info->mounts = &mount;
	info->keepalive_timeout = 600; /* as nginx is told: idle connections stay */
}

/* Looked up, so that a library without it still runs the other cases. */
static void offer_deflate(struct lws_context_creation_info *info)
{
	void *found = dlsym(RTLD_DEFAULT, "lws_extension_callback_pm_deflate");

	if (!found) {
		fprintf(stderr, "echo_server: no permessage-deflate in this library\n");
		exit(1);
	}
	extensions[0].name = "permessage-deflate";
	memcpy(&extensions[0].callback, &found, sizeof(found));
	extensions[0].client_offer = "permessage-deflate";
	info->extensions = extensions;
}

int main(int argc, char **argv)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	int c;

	memset(&info, 0, sizeof(info));
	info.protocols = protocols;
	while ((c = getopt(argc, argv, "p:m:d:c:k:z")) != -1)
		switch (c) {
		case 'p':
			info.port = atoi(optarg);
			break;
		case 'm':
			if (!strcmp(optarg, "raw")) {
				info.options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
				info.listen_accept_role = "raw-skt";
				info.listen_accept_protocol = "raw";
			}
			break;
		case 'd':
			serve_files(&info, optarg);
			break;
		case 'c':
			info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
			info.ssl_cert_filepath = optarg;
			break;
		case 'k':
			info.ssl_private_key_filepath = optarg;
			break;
		case 'z':
			offer_deflate(&info);
			break;
		default:
			return 2;
		}
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	printf("ready\n");
	fflush(stdout);
	while (lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	return 0;
}
