/*
 * The server that run.py attacks: what an ordinary program offers, in few
 * lines. Counts what it does in a file that run.py maps.
 *
 *     server WWW COUNTS [nofile=N] [validity=SECONDS] [threads=N] [headers=N]
 *            [seconds=N] [origin=PORT]
 *
 * "/"      files of WWW                 "/auth/"  the same behind ../passwords
 * "/post"  answers "N bytes" to a body  "/form"   the same of a form's values
 * "/cgi/"  scripts of ../scripts        "/proxy/" from the origin on that port
 * ws: echo, sink, push
 *
 * All of it over TLS on a second port, with ../cert.pem and ../key.pem; a third
 * port echoes raw bytes. Prints the three ports.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define QUEUE_MAX (64 * 1024)

/* run.py knows the order */
enum {
	TURNS,		/* lws_service returned */
	CREATED,	/* WSI_CREATE */
	DESTROYED,	/* WSI_DESTROY */
	OPENED,		/* ESTABLISHED */
	CLOSED,		/* CLOSED */
	BOUND,		/* *_BIND_PROTOCOL */
	DROPPED,	/* *_DROP_PROTOCOL */
	RECEIVED,	/* bytes of all kinds */
	PONGS,
	COUNTS = 16
};

static uint64_t *counts;
static struct lws_context *context;
static int stopping;

static void count(int what, uint64_t by)
{
	__atomic_fetch_add(&counts[what], by, __ATOMIC_RELAXED);
}

/* Every protocol's callback begins here. */
static void note(struct lws *wsi, enum lws_callback_reasons reason, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE: count(CREATED, 1); break;
	case LWS_CALLBACK_WSI_DESTROY:
		/* quirk: a script's pipe is told when it goes, not when it comes */
		if (!lws_get_parent(wsi))
			count(DESTROYED, 1);
		break;
	case LWS_CALLBACK_ESTABLISHED: count(OPENED, 1); break;
	case LWS_CALLBACK_CLOSED: count(CLOSED, 1); break;
	case LWS_CALLBACK_HTTP_BIND_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL:
	case LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL: count(BOUND, 1); break;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
	case LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL: count(DROPPED, 1); break;
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_RAW_RX: count(RECEIVED, len); break;
	case LWS_CALLBACK_RECEIVE_PONG: count(PONGS, 1); break;
	default: break;
	}
}

struct part {
	struct part *next;
	size_t len;
	enum lws_write_protocol kind;
	unsigned char bytes[]; /* LWS_PRE, then len */
};

/* What waits for the peer of a connection. */
struct queue {
	struct part *first, **last;
	size_t len;
	uint64_t body;
	struct lws_spa *form;
};

static int keep(struct queue *q, const void *in, size_t len,
		enum lws_write_protocol kind)
{
	struct part *p = malloc(sizeof(*p) + LWS_PRE + len);

	if (!p)
		return -1;
	p->next = NULL;
	p->len = len;
	p->kind = kind;
	memcpy(p->bytes + LWS_PRE, in, len);
	if (!q->first)
		q->last = &q->first;
	*q->last = p;
	q->last = &p->next;
	q->len += len + sizeof(*p);

	return 0;
}

static int drop_first(struct queue *q)
{
	struct part *p = q->first;

	q->first = p->next;
	q->len -= p->len + sizeof(*p);
	free(p);

	return 0;
}

static void drop_all(struct queue *q)
{
	while (q->first)
		drop_first(q);
}

/* Echoes at the peer's pace: a peer that does not read is not read from. */
static int echo(struct lws *wsi, struct queue *q, const void *in, size_t len,
		enum lws_write_protocol kind)
{
	if (keep(q, in, len, kind))
		return -1;
	if (q->len > QUEUE_MAX)
		lws_rx_flow_control(wsi, 0);
	lws_callback_on_writable(wsi);

	return 0;
}

static int send_next(struct lws *wsi, struct queue *q)
{
	struct part *p = q->first;

	if (!p)
		return 0;
	if (lws_write(wsi, p->bytes + LWS_PRE, p->len, p->kind) < (int)p->len)
		return -1;
	drop_first(q);
	if (q->first)
		lws_callback_on_writable(wsi);
	else
		lws_rx_flow_control(wsi, 1);

	return 0;
}

static enum lws_write_protocol fragment_kind(struct lws *wsi)
{
	int kind = !lws_is_first_fragment(wsi) ? LWS_WRITE_CONTINUATION :
		   lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT;

	if (!lws_is_final_fragment(wsi))
		kind |= LWS_WRITE_NO_FIN;

	return (enum lws_write_protocol)kind;
}

static int callback_echo(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	struct queue *q = user;

	note(wsi, reason, len);
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		return echo(wsi, q, in, len, fragment_kind(wsi));
	case LWS_CALLBACK_RAW_RX:
		return echo(wsi, q, in, len, LWS_WRITE_RAW);
	case LWS_CALLBACK_SERVER_WRITEABLE:
	case LWS_CALLBACK_RAW_WRITEABLE:
		return send_next(wsi, q);
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
	case LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL:
		drop_all(q);
		break;
	default:
		break;
	}

	return 0;
}

static int callback_sink(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	(void)user;
	(void)in;
	note(wsi, reason, len);

	return 0;
}

/* Says as much as the peer takes. */
static int callback_push(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	static unsigned char buf[LWS_PRE + 16384];

	(void)user;
	(void)in;
	note(wsi, reason, len);
	if (reason == LWS_CALLBACK_ESTABLISHED)
		lws_callback_on_writable(wsi);
	if (reason == LWS_CALLBACK_SERVER_WRITEABLE) {
		if (lws_write(wsi, buf + LWS_PRE, 16384, LWS_WRITE_BINARY) < 0)
			return -1;
		lws_callback_on_writable(wsi);
	}

	return 0;
}

static int answer(struct lws *wsi, struct queue *q)
{
	unsigned char buf[LWS_PRE + 512], *start = buf + LWS_PRE, *p = start;
	unsigned char *end = buf + sizeof(buf) - 1;
	char body[64];
	int n = snprintf(body, sizeof(body), "%llu bytes\n",
			 (unsigned long long)q->body);

	q->body = 0;
	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain",
					(lws_filepos_t)n, &p, end) ||
	    lws_finalize_write_http_header(wsi, start, &p, end))
		return -1;
	if (keep(q, body, (size_t)n, LWS_WRITE_HTTP_FINAL))
		return -1;
	lws_callback_on_writable(wsi);

	return 0;
}

static int callback_post(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	struct queue *q = user;

	note(wsi, reason, len);
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		q->body = 0;
		return lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) ?
		       answer(wsi, q) : 0;
	case LWS_CALLBACK_HTTP_BODY:
		q->body += len;
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return answer(wsi, q);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (!q->first)
			return 0;
		if (send_next(wsi, q))
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		if (q)
			drop_all(q);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const char *const fields[] = { "name", "text", "file" };

static int on_file(void *user, const char *name, const char *filename,
		   char *buf, int len, enum lws_spa_fileupload_states state)
{
	struct queue *q = user;

	(void)name;
	(void)filename;
	(void)buf;
	(void)state;
	q->body += (uint64_t)len;

	return 0;
}

static void end_form(struct queue *q)
{
	if (q->form)
		lws_spa_destroy(q->form);
	q->form = NULL;
}

static int callback_form(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	struct queue *q = user;
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP_BODY:
		count(RECEIVED, len);
		if (!q->form)
			q->form = lws_spa_create(wsi, fields, 3, 1024, on_file,
						 q);
		return !q->form || lws_spa_process(q->form, in, (int)len) ?
		       -1 : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (q->form && lws_spa_finalize(q->form))
			return -1;
		for (n = 0; q->form && n < 3; n++)
			if (lws_spa_get_string(q->form, n))
				q->body += (uint64_t)lws_spa_get_length(
							q->form, n);
		end_form(q);
		return answer(wsi, q);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		if (q)
			end_form(q);
		break;
	default:
		break;
	}

	return callback_post(wsi, reason, user, in, len);
}

static int callback_http(struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	note(wsi, reason, len);
	if (reason == LWS_CALLBACK_HTTP_CONFIRM_UPGRADE ||
	    reason == LWS_CALLBACK_HTTP)
		/* text from the peer: every byte of it is there */
		count(RECEIVED, 0 * strlen((const char *)in));

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

#define ECHO { .name = "echo", .callback = callback_echo, \
	       .per_session_data_size = sizeof(struct queue), \
	       .rx_buffer_size = 4096 }

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = callback_http },
	ECHO,
	{ .name = "sink", .callback = callback_sink },
	{ .name = "push", .callback = callback_push },
	{ .name = "post", .callback = callback_post,
	  .per_session_data_size = sizeof(struct queue) },
	{ .name = "form", .callback = callback_form,
	  .per_session_data_size = sizeof(struct queue) },
	{ 0 }
}, raw_protocols[] = { ECHO, { 0 } };

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate,
	  "permessage-deflate; client_no_context_takeover; "
	  "client_max_window_bits" },
	{ NULL, NULL, NULL }
};

static struct lws_http_mount auth_mount = {
	.mountpoint = "/auth", .mountpoint_len = 5,
	.origin_protocol = LWSMPRO_FILE, .def = "index.html",
}, form_mount = {
	.mount_next = &auth_mount,
	.mountpoint = "/form", .mountpoint_len = 5, .origin = "form",
	.protocol = "form", .origin_protocol = LWSMPRO_CALLBACK,
}, post_mount = {
	.mount_next = &form_mount,
	.mountpoint = "/post", .mountpoint_len = 5, .origin = "post",
	.protocol = "post", .origin_protocol = LWSMPRO_CALLBACK,
}, cgi_mount = {
	.mount_next = &post_mount,
	.mountpoint = "/cgi", .mountpoint_len = 4,
	.origin_protocol = LWSMPRO_CGI, .cgi_timeout = 3,
}, proxy_mount = {
	.mount_next = &cgi_mount,
	.mountpoint = "/proxy", .mountpoint_len = 6,
	.origin_protocol = LWSMPRO_HTTP,
}, files_mount = {
	.mount_next = &proxy_mount,
	.mountpoint = "/", .mountpoint_len = 1,
	.origin_protocol = LWSMPRO_FILE, .def = "index.html",
};

static void on_signal(int sig)
{
	(void)sig;
	stopping = 1;
	lws_cancel_service(context);
}

static int map_counts(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, COUNTS * sizeof(*counts)))
		return -1;
	counts = mmap(NULL, COUNTS * sizeof(*counts), PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	close(fd);

	return counts == MAP_FAILED ? -1 : 0;
}

static void *serve(void *tsi)
{
	while (!stopping && lws_service_tsi(context, 0, (int)(intptr_t)tsi) >= 0)
		count(TURNS, 1);

	return NULL;
}

static int option(int argc, char **argv, const char *name, int otherwise)
{
	size_t len = strlen(name);

	while (argc-- > 3)
		if (!strncmp(argv[argc], name, len) && argv[argc][len] == '=')
			return atoi(argv[argc] + len + 1);

	return otherwise;
}

int main(int argc, char **argv)
{
	struct lws_context_creation_info info;
	int n, validity, nofile, threads;
	char cert[300], key[300];
	struct lws_vhost *web, *tls, *raw;
	lws_retry_bo_t policy;
	char passwords[300], scripts[300], origin[40];
	pthread_t more[8];

	if (argc < 3 || map_counts(argv[2]))
		return 2;
	validity = option(argc, argv, "validity", 0);
	nofile = option(argc, argv, "nofile", 0);
	threads = option(argc, argv, "threads", 1);
	if (nofile) {
		struct rlimit limit;

		if (getrlimit(RLIMIT_NOFILE, &limit))
			return 2;
		limit.rlim_cur = (rlim_t)nofile;
		if (setrlimit(RLIMIT_NOFILE, &limit))
			return 2;
	}
	snprintf(cert, sizeof(cert), "%s/../cert.pem", argv[1]);
	snprintf(key, sizeof(key), "%s/../key.pem", argv[1]);
	snprintf(passwords, sizeof(passwords), "%s/../passwords", argv[1]);
	snprintf(scripts, sizeof(scripts), "%s/../scripts", argv[1]);
	snprintf(origin, sizeof(origin), "127.0.0.1:%d/",
		 option(argc, argv, "origin", 9));
	cgi_mount.origin = scripts;
	proxy_mount.origin = origin;
	files_mount.origin = auth_mount.origin = argv[1];
	auth_mount.basic_auth_login_file = passwords;

	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	memset(&info, 0, sizeof(info));
	memset(&policy, 0, sizeof(policy));
	policy.secs_since_valid_ping = (uint16_t)validity;
	policy.secs_since_valid_hangup = (uint16_t)(validity * 2);
	if (validity)
		info.retry_and_idle_policy = &policy;
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
		       LWS_SERVER_OPTION_VALIDATE_UTF8 |
		       LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.count_threads = (unsigned int)threads;
	info.max_http_header_pool = (unsigned short)option(argc, argv, "headers", 0);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	info.port = 0;
	info.iface = "127.0.0.1";
	info.vhost_name = "web";
	info.protocols = protocols;
	info.mounts = &files_mount;
	info.extensions = extensions;
	n = option(argc, argv, "seconds", 3);
	info.timeout_secs = info.timeout_secs_ah_idle = (unsigned int)n;
	info.keepalive_timeout = n;
	web = lws_create_vhost(context, &info);
	info.vhost_name = "tls";
	info.ssl_cert_filepath = cert;
	info.ssl_private_key_filepath = key;
	tls = lws_create_vhost(context, &info);
	info.ssl_cert_filepath = info.ssl_private_key_filepath = NULL;
	info.vhost_name = "raw";
	info.protocols = raw_protocols;
	info.mounts = NULL;
	info.extensions = NULL;
	info.options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
	info.listen_accept_role = "raw-skt";
	info.listen_accept_protocol = "echo";
	raw = lws_create_vhost(context, &info);
	if (!web || !tls || !raw)
		return 1;
	signal(SIGTERM, on_signal);
	signal(SIGPIPE, SIG_DFL); /* the library sends so that it does not come */
	printf("%d %d %d\n", lws_get_vhost_listen_port(web),
	       lws_get_vhost_listen_port(tls),
	       lws_get_vhost_listen_port(raw));
	fflush(stdout);

	for (n = 1; n < threads && n < 8; n++)
		if (pthread_create(&more[n], NULL, serve, (void *)(intptr_t)n))
			return 1;
	serve(NULL);
	for (n = 1; n < threads && n < 8; n++)
		pthread_join(more[n], NULL);
	lws_context_destroy(context);

	return 0;
}
