/* lws_get_random, lws_hex_random, lws_canonical_hostname, and the value of an
 * Authorization header */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
names(unsigned int options)
{
	struct lws_context_creation_info i;
	struct lws_context *cx;
	const char *name;
	char host[256];

	memset(&i, 0, sizeof(i));
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.gid = i.uid = -1;
	i.options = options;
	lws_set_log_level(0, NULL);
	cx = lws_create_context(&i);
	gethostname(host, sizeof(host));
	name = lws_canonical_hostname(cx);
	printf("name %s\n", strcmp(name, host) ? name : "as gethostname says");
	for (size_t n = 0; n < 12; n++) {
		char b[16];

		memset(b, '#', sizeof(b));
		printf("hex %zu: %d", n, lws_hex_random(cx, b, n));
		printf(" %zu digits, %s\n",
		       n ? strspn(b, "0123456789abcdef") : 0,
		       b[n] == '#' ? "in its room" : "beyond its room");
	}
	printf("random %zu %zu\n", lws_get_random(cx, host, 0),
	       lws_get_random(cx, host, sizeof(host)));
	lws_context_destroy(cx);
}

int
main(void)
{
	static const size_t room[] = { 0, 1, 6, 18, 19, 20, 64 };
	char b[256], long_user[120];

	names(0);
	names(LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME);
	for (size_t n = 0; n < sizeof(room) / sizeof(room[0]); n++) {
		int r = lws_http_basic_auth_gen("user", "pass", b, room[n]);

		printf("auth in %zu: %d %s\n", room[n], r, r ? "-" : b);
	}
	printf("%d ", lws_http_basic_auth_gen("", "", b, sizeof(b)));
	puts(b);
	memset(long_user, 'u', sizeof(long_user));
	long_user[119] = '\0';
	printf("%d ", lws_http_basic_auth_gen(long_user, "12345", b, sizeof(b)));
	puts(b);
	return 0;
}
