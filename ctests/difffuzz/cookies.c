/*
 * lws_http_cookie_get: a request with a random Cookie header, and names looked up in rooms of any size while it is there.
 * A case is a connection and LOOKUPS calls.
 *
 * Left out, as the reference goes wrong there (docs/quirks-http.md): names that come first where no name can stand, the
 * empty one, and names with less text behind them than they are long: a short last value of a long name is not found.
 */
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <sys/socket.h>
#define BATCH 500
#include "diff.h"

const char *const symbols[] = { "lws_create_context", "lws_create_vhost", "lws_get_vhost_listen_port", "lws_service",
	"lws_set_log_level", "lws_http_cookie_get", NULL };
#define CALL(i, type) ((type)s->sym[i])
#define LOOKUPS 16

static struct lws_context *contexts[2];
static struct sockaddr_in addresses[2];
static const struct side *here;
static struct notes *sink;
static uint64_t lookup_rng;
static int asked, opened, closed;

static const char *const names[] = { "a", "b", "aa", "ab", "a b", "", "=", ";", "a=", "session", "A", "__Host-x", "-", "\"a\"" };

static char text[2048];

/* Where the name comes first there is a cookie's beginning, with more text behind it than its name has. */
static int is_fair(const char *name)
{
	char with[32];
	const char *at;

	snprintf(with, sizeof with, "%s=", name);
	at = strstr(text, with);
	if (at && strlen(at) < 2 * strlen(with))
		return 0;
	while (at && at > text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return *name && !strchr(name, ';') && (!at || at == text || at[-1] == ';');
}

static void look_up(const struct side *s, struct lws *wsi)
{
	for (int n = 0; n < LOOKUPS; n++) {
		char room[80];
		size_t len = below(&lookup_rng, sizeof room + 1), given = len;
		const char *name = names[below(&lookup_rng, sizeof names / sizeof *names)];
		int r;

		if (!is_fair(name))
			continue;
		memset(room, '#', sizeof room);
		r = CALL(5, int (*)(struct lws *, const char *, char *, size_t *))(wsi, name, room, &len);
		note(sink, "\n  %s room %zu: %d", name, given, r);
		if (!r) {
			note(sink, " len %zu ", len);
			note_bytes(sink, room, sizeof room);
		}
	}
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user, (void)in, (void)len;
	if (reason == LWS_CALLBACK_HTTP) {
		asked = 1;
		look_up(here, wsi);
		return -1;
	}
	opened += reason == LWS_CALLBACK_WSI_CREATE;
	closed += reason == LWS_CALLBACK_WSI_DESTROY;
	return 0;
}

static void listen_on(const struct side *s)
{
	static const struct lws_protocols protocols[] = { { .name = "http", .callback = callback }, { 0 } };
	struct lws_context_creation_info info = { .protocols = protocols, .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct lws_vhost *vhost;

	CALL(4, void (*)(int, void *))(0, NULL);
	contexts[s - f] = CALL(0, struct lws_context *(*)(const struct lws_context_creation_info *))(&info);
	vhost = CALL(1, struct lws_vhost *(*)(struct lws_context *, const struct lws_context_creation_info *))(contexts[s - f], &info);
	at.sin_port = htons((uint16_t)CALL(2, int (*)(struct lws_vhost *))(vhost));
	addresses[s - f] = at;
}

static size_t cookie(uint64_t *rng, char *to)
{
	static const char alphabet[] = "ab=; \"ab=; ,-A\t%session";
	size_t len = 0;

	for (uint32_t n = below(rng, 6); n; n--) {
		if (below(rng, 3))
			len += (size_t)sprintf(to + len, "%s=", names[below(rng, sizeof names / sizeof *names)]);
		for (uint32_t k = below(rng, below(rng, 5) ? 8 : 60); k; k--)
			to[len++] = alphabet[below(rng, sizeof alphabet - 1)];
		if (below(rng, 4))
			len += (size_t)sprintf(to + len, below(rng, 4) ? "; " : ";");
	}
	return len;
}

static void run_case(const struct side *s, uint64_t *rng, struct notes *n)
{
	static char head[4096];
	size_t len = (size_t)sprintf(head, "GET / HTTP/1.1\r\nHost: x\r\n");
	struct linger gone = { 1, 0 };
	int fd, before = closed;

	if (!contexts[s - f])
		listen_on(s);
	text[cookie(rng, text)] = '\0';
	while (*text && strchr(" \t", text[strlen(text) - 1]))
		text[strlen(text) - 1] = '\0';
	if (below(rng, 16))
		len += (size_t)sprintf(head + len, "Cookie: %s\r\n", text);
	len += (size_t)sprintf(head + len, "\r\n");
	note_bytes(n, head, len);
	here = s;
	sink = n;
	lookup_rng = rnd(rng);
	asked = 0;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &gone, sizeof gone); /* no port waits */
	if (connect(fd, (struct sockaddr *)&addresses[s - f], sizeof addresses[0]) || write(fd, head, len) != (ssize_t)len)
		_exit(3);
	while (closed == before)
		CALL(3, int (*)(struct lws_context *, int))(contexts[s - f], 0);
	note(n, " asked %d", asked);
	close(fd);
}
