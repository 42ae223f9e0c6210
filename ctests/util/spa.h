/* Forms for lws_spa: a server on loopback whose connections have a Content-Type, and a run that prints everything. */
#ifndef SPA_H
#define SPA_H
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "show.h"

static struct lws_context *context;
static struct lws *latest;
static int port;

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user, (void)in, (void)len;
	if (reason == LWS_CALLBACK_HTTP)
		latest = wsi;
	return 0;
}

static void begin(void)
{
	static const struct lws_protocols protocols[] = { { .name = "http", .callback = on_http }, { 0 } };
	struct lws_context_creation_info info = { .protocols = protocols, .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS };

	lws_set_log_level(0, NULL);
	context = lws_create_context(&info);
	port = lws_get_vhost_listen_port(lws_create_vhost(context, &info));
}

/* A connection whose request waits for its body. */
static struct lws *posted(const char *type)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), n;
	char head[600];

	n = snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: x\r\n%s%s%sContent-Length: 9\r\n\r\n", type ? "Content-Type: " : "",
		     type ? type : "", type ? "\r\n" : "");
	if (connect(fd, (struct sockaddr *)&at, sizeof at) || write(fd, head, (size_t)n) != n)
		exit(2);
	for (latest = NULL; !latest;)
		lws_service(context, 0);
	return latest;
}

static const char *const fields[] = { "a", "text", "upload" };
static int fail_at = -1, calls;
static struct lws_spa *current;

static inline int upload(void *data, const char *name, const char *filename, char *buf, int len, enum lws_spa_fileupload_states state)
{
	static const char *const states[] = { "CONTENT", "FINAL_CONTENT", "OPEN", "CLOSE" };

	printf(" [%s %s ", (const char *)data, states[state]);
	show_str(name);
	putchar(' ');
	show_str(filename);
	printf(" %d ", len);
	if (buf)
		show_bytes(buf, (size_t)len);
	printf("]");
	/* what is complete can be read already */
	if (state == LWS_UFS_OPEN)
		printf("(a %d)", lws_spa_get_length(current, 0));
	return calls++ == fail_at ? -1 : 0;
}

static void show_values(struct lws_spa *spa, int count)
{
	for (int i = 0; i < count; i++) {
		int len = lws_spa_get_length(spa, i);

		printf(" %d ", len);
		if (len)
			show_bytes(lws_spa_get_string(spa, i), (size_t)len + (lws_spa_get_string(spa, i)[len] == '\0'));
		else
			show_str(lws_spa_get_string(spa, i));
	}
}

/* With `piece` bytes a call; 0: all. */
static inline void form(struct lws *wsi, const char *body, size_t len, size_t piece, int storage, lws_spa_fileupload_cb cb)
{
	int r = 0;

	show_bytes(body, len);
	printf(" by %zu into %d%s:\n  ", piece, storage, cb ? ", files" : "");
	calls = 0;
	current = lws_spa_create(wsi, fields, LWS_ARRAY_SIZE(fields), storage, cb, "data");
	for (size_t at = 0; at < len && !r; at += piece) {
		size_t n = !piece || len - at < piece ? len - at : piece;
		char *copy = malloc(n);

		memcpy(copy, body + at, n);
		r = lws_spa_process(current, copy, (int)n);
		free(copy);
		if (!piece)
			break;
	}
	printf(" process %d;", r);
	printf(" finalize %d;", lws_spa_finalize(current));
	show_values(current, LWS_ARRAY_SIZE(fields) + 1);
	printf("; destroy %d\n", lws_spa_destroy(current));
}

static inline void all_pieces(struct lws *wsi, const char *body, lws_spa_fileupload_cb cb)
{
	for (size_t piece = 0; piece < 8; piece += piece == 1 ? 2 : 1 + piece * 2)
		form(wsi, body, strlen(body), piece, 400, cb);
}
#define TYPE "multipart/form-data; boundary=BB"
#define FIELD(rest) "--BB\r\nContent-Disposition: form-data; " rest "\r\n\r\n"
#define LAST "\r\n--BB--\r\n"
#endif
