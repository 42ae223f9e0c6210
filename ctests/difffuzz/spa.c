/*
 * lws_spa: urlencoded and multipart forms, cut anywhere. The parsers of both sides hang on connections that were given a
 * Content-Type once. Left out, because the reference goes wrong there (docs/quirks-forms.md): names without '=', storages
 * that values nearly fill, unknown part headers, quotes inside of quotes, a carriage return in front of the
 * first boundary's line; the sizes of file chunks are not compared, nor files that
 * the data's end cuts off.
 */
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include "diff.h"

const char *const symbols[] = { "lws_create_context", "lws_create_vhost", "lws_get_vhost_listen_port", "lws_service",
	"lws_set_log_level", "lws_spa_create_via_info", "lws_spa_process", "lws_spa_finalize", "lws_spa_get_length",
	"lws_spa_get_string", "lws_spa_destroy", NULL };
#define CALL(i, type) ((type)s->sym[i])

static const char *const types[] = { "application/x-www-form-urlencoded", "multipart/form-data; boundary=BB",
	"multipart/form-data; boundary=\"----x-B-x\"", "multipart/form-data; charset=utf-8; boundary=B; x=y" };
static const char *const boundaries[] = { NULL, "BB", "----x-B-x", "B" };
#define TYPES (sizeof types / sizeof *types)

static struct lws *connections[2][TYPES], *latest;

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user, (void)in, (void)len;
	if (reason == LWS_CALLBACK_HTTP)
		latest = wsi;
	return 0;
}

static void connect_all(const struct side *s, struct lws **to)
{
	static const struct lws_protocols protocols[] = { { .name = "http", .callback = callback }, { 0 } };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct lws_context_creation_info info = { .protocols = protocols, .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS };
	struct lws_context *context;
	struct lws_vhost *vhost;

	CALL(4, void (*)(int, void *))(0, NULL);
	context = CALL(0, struct lws_context *(*)(const struct lws_context_creation_info *))(&info);
	vhost = CALL(1, struct lws_vhost *(*)(struct lws_context *, const struct lws_context_creation_info *))(context, &info);
	at.sin_port = htons((uint16_t)CALL(2, int (*)(struct lws_vhost *))(vhost));
	for (size_t i = 0; i < TYPES; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		char head[300];
		int n = snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 9\r\n\r\n", types[i]);

		if (connect(fd, (struct sockaddr *)&at, sizeof at) || write(fd, head, (size_t)n) != n)
			_exit(3);
		for (latest = NULL; !latest;)
			CALL(3, int (*)(struct lws_context *, int))(context, 0);
		to[i] = latest;
	}
}

static char body[2000];
static size_t length;

static void add(const char *text)
{
	size_t n = strlen(text);

	memcpy(body + length, text, n);
	length += n;
}

static const char *one_of(uint64_t *rng, const char *const *list, uint32_t n)
{
	return list[below(rng, n)];
}
#define PICK(...) one_of(rng, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void add_bytes(uint64_t *rng, const char *alphabet, size_t n)
{
	for (size_t max = below(rng, 8) ? below(rng, 12) : below(rng, 90); max; max--)
		body[length++] = below(rng, 24) ? alphabet[below(rng, (uint32_t)n)] : (char)rnd(rng);
}

static void urlencoded(uint64_t *rng)
{
	static const char plain[] = "ab1 .=;\r\n/\"";

	for (uint32_t n = below(rng, 5); n; n--) {
		add(PICK("a", "text", "upload", "zz", "", "A", "%61", "a%20", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"));
		add("=");
		for (uint32_t k = below(rng, 5); k; k--) {
			add(PICK("", "+", "%41", "%00", "%c3%A9", "%26", "x", "x=y"));
			for (uint32_t max = below(rng, 6); max; max--)
				body[length++] = plain[below(rng, sizeof plain - 1)];
		}
		if (!below(rng, 12))
			add(PICK("%", "%4", "%4g", "%g", "%%"));
		if (n > 1)
			add("&");
	}
	if (length && !below(rng, 6))
		add(PICK("&", "&a", "&a=", "&zz=1&a=2"));
}

static size_t marks[8], marked;

static void add_boundary(const char *boundary)
{
	marks[marked++] = length;
	add("--");
	add(boundary);
}

/* What follows a boundary by chance are unknown headers. */
static int by_chance(const char *boundary)
{
	size_t n = strlen(boundary), m = 0;

	for (size_t at = 0; at + 2 + n <= length; at++) {
		while (m < marked && marks[m] < at)
			m++;
		if (at && (at < 2 || memcmp(body + at - 2, "\r\n", 2)))
			continue;
		if (!memcmp(body + at, "--", 2) && !memcmp(body + at + 2, boundary, n) && (m == marked || marks[m] != at))
			return 1;
	}
	return 0;
}

static void multipart(uint64_t *rng, const char *boundary, int files_only)
{
	static const char content[] = "ab\r\n--BBx\r\n--B--\r\n\r\n----x-B\r-";

	if (!below(rng, 6))
		add(PICK("\r\n", "pre\r\n", "-\r\n-\r\n", "--\r\n"));
	for (uint32_t n = below(rng, 4); n; n--) {
		add_boundary(boundary);
		add(PICK("\r\n", "\r\n", " \r\n", "x\r\n"));
		add(PICK("", "", "", "Content-Type: text/plain\r\n", "Content-Length: 5\r\n"));
		if (below(rng, 12)) {
			add(PICK("Content-Disposition: form-data; ", "content-disposition: form-data; ", "CONTENT-DISPOSITION: x; "));
			add(PICK("name=\"a\"", "name=a", "name=\"text\"", "name=\"upload\"", "name=\"zz\"",
				 "name=\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"", "name=\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\"", "name=\"\""));
			if (files_only || below(rng, 2))
				add(PICK("; filename=\"f.txt\"", "; filename=f", "; filename=\"C:\\d\\f\"", "; filename=\"a b\"",
					 "; filename=\"\xc3\xa9%22\""));
			else if (!below(rng, 4))
				add("; filename=\"\"");
			add(PICK("", "", "; x=y", "; filename*=UTF-8''z"));
			add("\r\n");
			add(PICK("", "", "Content-Type: application/octet-stream\r\n", "Content-Length: 7\r\n"));
		}
		add("\r\n");
		add_bytes(rng, content, sizeof content - 1);
		add(PICK("\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "", "\r"));
	}
	add_boundary(boundary);
	add(PICK("--\r\n", "--", "-", "", "\r\n", "--\r\nafter\r\n"));
	if (!below(rng, 5))
		length -= below(rng, (uint32_t)length);
}

static struct notes *sink;
static char file[2000];
static size_t file_len, limit;
static int opened;

static int upload(void *data, const char *name, const char *filename, char *buf, int len, enum lws_spa_fileupload_states state)
{
	(void)data;
	if (state == LWS_UFS_CLOSE) {
		note(sink, " close");
		return 0;
	}
	if (len < 0 || (size_t)len >= limit)
		note(sink, " BAD LENGTH %d", len);
	else if (len && file_len + (size_t)len <= sizeof file) {
		memcpy(file + file_len, buf, (size_t)len);
		file_len += (size_t)len;
	}
	if (state == LWS_UFS_OPEN)
		opened++;
	if (state != LWS_UFS_FINAL_CONTENT)
		return 0;
	note(sink, " %d ", opened);
	note_bytes(sink, name, strlen(name));
	note_bytes(sink, filename, strlen(filename));
	note_bytes(sink, file, file_len);
	file_len = 0;
	opened = 0;
	return 0;
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static const char *const names[] = { "a", "text", "upload", "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" };
	struct lws **wsi = connections[s - f];
	lws_spa_create_info_t info = { .param_names = names, .opt_cb = below(rng, 4) ? upload : NULL };
	uint32_t type = below(rng, 2) ? 0 : 1 + below(rng, TYPES - 1), small = type && !below(rng, 3);
	struct lws_spa *spa;
	int r = 0;

	if (!wsi[0])
		connect_all(s, wsi);
	length = file_len = marked = 0;
	opened = 0;
	sink = n;
	if (type)
		multipart(rng, boundaries[type], (int)small);
	else
		urlencoded(rng);
	info.count_params = small ? 0 : 4;
	info.max_storage = small ? 48 + (int)below(rng, 40) : 2500;
	limit = (size_t)info.max_storage;
	n->skip = type && by_chance(boundaries[type]);
	note_bytes(n, body, length);
	spa = CALL(5, struct lws_spa *(*)(struct lws *, const lws_spa_create_info_t *))(wsi[type], &info);
	for (size_t at = 0; at < length && !r;) {
		size_t len = below(rng, 3) ? 1 + below(rng, 9) : length;
		char *copy;

		if (len > length - at)
			len = length - at;
		copy = malloc(len);
		memcpy(copy, body + at, len);
		r = CALL(6, int (*)(struct lws_spa *, const char *, int))(spa, copy, (int)len);
		free(copy);
		at += len;
	}
	note(n, " %d", r);
	if (below(rng, 8))
		CALL(7, int (*)(struct lws_spa *))(spa);
	for (int i = 0; i < 4; i++) {
		int len = CALL(8, int (*)(struct lws_spa *, int))(spa, i);
		const char *text = CALL(9, const char *(*)(struct lws_spa *, int))(spa, i);

		note(n, " %d", len);
		if (len)
			note_bytes(n, text, (size_t)len);
	}
	CALL(10, int (*)(struct lws_spa *))(spa);
}
