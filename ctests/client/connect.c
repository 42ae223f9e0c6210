/*
 * What comes before the first byte: connections that are refused, names that
 * are not found, addresses to connect from, and contexts that are destroyed
 * meanwhile. ctest:
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <netinet/in.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int destroyed, failed;

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	destroyed += reason == LWS_CALLBACK_WSI_DESTROY;
	failed += reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR;
	return 0;
}

#include "protocols.h"

static void
begin(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.timeout_secs = i.connect_timeout_secs = 1;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	destroyed = failed = 0;
}

static int
connect_to(const char *address, int port, const char *iface,
	   const char *method)
{
	static struct lws *pwsi;
	struct lws_client_connect_info i;
	struct lws *wsi;

	memset(&i, 0, sizeof(i));
	pwsi = NULL;
	i.context = cx;
	i.address = i.host = i.origin = address;
	i.port = port;
	i.path = "/";
	i.iface = iface;
	i.method = method;
	i.local_protocol_name = "c0";
	i.pwsi = &pwsi;
	wsi = lws_client_connect_via_info(&i);
	tr_line("-- connecting%s", wsi ? "" : " failed");
	return !!wsi;
}

static void
until_destroyed(void)
{
	time_t start = time(NULL);

	while (!destroyed && time(NULL) - start < 20)
		lws_service(cx, -1);
	CHECK(destroyed == 1);
	tr_line("-- failed %d", failed);
}

static void
refused(const char *method)
{
	struct origin gone;

	tr_line("== refused, %s", method ? method : "a websocket");
	begin();
	origin_open(&gone);
	origin_close(&gone);
	if (connect_to("127.0.0.1", gone.port, NULL, method))
		until_destroyed();
	lws_context_destroy(cx);
}

/* the server sees where the connection comes from */
static void
comes_from(const char *iface)
{
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	time_t start = time(NULL);

	tr_line("== from %s", iface);
	begin();
	CHECK(connect_to("127.0.0.1", server.port, iface, "RAW"));
	while (!origin_accept(&server) && time(NULL) - start < 20)
		lws_service(cx, -1);
	CHECK(server.fd >= 0);
	CHECK(!getpeername(server.fd, (struct sockaddr *)&from, &len));
	tr_line("-- it comes from %s", inet_ntoa(from.sin_addr));
	pump(&cx, 4);
	lws_context_destroy(cx);
	origin_drop(&server);
}

/* after so many passes, the last of them with an answer on its way */
static void
destroyed_after(int passes, const char *method)
{
	tr_line("== destroyed after %d passes, %s", passes, method);
	begin();
	CHECK(connect_to("127.0.0.1", server.port, NULL, method));
	while (passes--) {
		lws_service(cx, -1);
		origin_accept(&server);
	}
	lws_context_destroy(cx);
	tr_line("-- failed %d", failed);
	origin_drop(&server);
}

int
main(void)
{
	origin_open(&server);
	refused("GET");
	refused("RAW");
	refused(NULL);
	comes_from("127.0.0.2");
	comes_from("127.0.0.1");
	destroyed_after(0, "GET");
	destroyed_after(0, "RAW");
	origin_close(&server);
	tr_line("== end");
	return 0;
}
