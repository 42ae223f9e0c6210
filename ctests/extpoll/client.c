/*
 * Requests that share a connection, and one that is redirected, driven only
 * from the program's own poll array: nobody waits for what nothing reports.
 * ctest: only=ours
 */
#include <time.h>

#include "own.h"

static struct lws_context *cx;
static int port, completed, destroyed, failed, redirected;

static int
serve(struct lws *wsi, const char *uri)
{
	unsigned char b[LWS_PRE + 256], *p = b + LWS_PRE;

	if (strcmp(uri, "/go"))
		return lws_return_http_status(wsi, 200, "ok") ? -1 :
			lws_http_transaction_completed(wsi);
	if (lws_http_redirect(wsi, 302, (const unsigned char *)"/x", 2, &p,
			      b + sizeof(b)) < 0)
		return -1;
	return lws_http_transaction_completed(wsi);
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	static char buf[LWS_PRE + 1024];
	char *p = buf + LWS_PRE;
	int n = 1024;

	if (own_callback(reason, in))
		return 0;
	pump_events += reason != LWS_CALLBACK_GET_THREAD_ID;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return serve(wsi, in);
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		redirected++;
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		completed++;
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		failed++;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		return 0;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
ask(const char *path, int flags)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.address = "127.0.0.1";
	i.port = port;
	i.path = path;
	i.host = i.origin = "localhost";
	i.method = "GET";
	i.ssl_connection = flags;
	CHECK(lws_client_connect_via_info(&i));
}

static void
until(int wanted)
{
	time_t start = time(NULL);

	/* long waits: each must be ended by what happens */
	while (completed < wanted && time(NULL) - start < 10)
		own_turn(cx, 20000);
	CHECK(completed == wanted && !failed);
}

int
main(void)
{
	struct lws_context_creation_info i;
	int adds;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	own_pump(cx);
	adds = own_adds;
	for (int n = 0; n < 3; n++)
		ask("/x", LCCSCF_PIPELINE);
	until(3);
	/* both ends of one connection, which was announced anew twice */
	CHECK(own_adds - adds == 4);
	ask("/x", LCCSCF_PIPELINE);
	until(4);
	CHECK(own_adds - adds == 5);
	ask("/go", 0);
	until(5);
	CHECK(redirected == 1);
	lws_context_destroy(cx);
	CHECK(!cx);
	CHECK(own_adds == own_dels && !own_count && !own_locked);
	puts("asked");
	return 0;
}
