/*
 * Which policy a connection goes by: its own, its vhost's, or the built-in
 * one; when it is pinged and given up. ctest: waits
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct origin server;
static int destroyed, established, pongs, writeables;
static const uint32_t slow[] = { 5000, 50000 }, quick[] = { 700, 70000 };
static const lws_retry_bo_t vhost_policy = { slow, 2, 3, 100, 200, 1 },
	own_policy = { quick, 2, 2, 1, 2, 1 };
static lws_sorted_usec_list_t sul;

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	/* this one comes with the ping, before or after it is here */
	if (reason == LWS_CALLBACK_CLIENT_WRITEABLE) {
		writeables++;
		return 0;
	}
	tr_callback(name, wsi, (int)reason, user, in, len);
	established |= reason == LWS_CALLBACK_CLIENT_ESTABLISHED;
	destroyed |= reason == LWS_CALLBACK_WSI_DESTROY;
	pongs += reason == LWS_CALLBACK_CLIENT_RECEIVE_PONG;
	return 0;
}

#include "protocols.h"

static void
begin(const lws_retry_bo_t *policy)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.retry_and_idle_policy = policy;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
}

static struct lws *
connect_to(const lws_retry_bo_t *policy, const char *method)
{
	struct lws_client_connect_info i;
	struct lws *wsi;

	memset(&i, 0, sizeof(i));
	destroyed = established = pongs = writeables = 0;
	i.context = cx;
	i.address = i.host = "127.0.0.1";
	i.port = server.port;
	i.path = "/";
	i.method = method;
	i.local_protocol_name = "c0";
	i.retry_and_idle_policy = policy;
	wsi = lws_client_connect_via_info(&i);
	CHECK(wsi);
	return wsi;
}

static void
never(lws_sorted_usec_list_t *s)
{
	(void)s;
	CHECK(0);
}

/* what is below a delay that has some jitter on top */
static int
base_of(long long ms)
{
	static const int all[] = { 700, 1000, 3000, 5000, 9000, 17000, 50000,
				   70000 };

	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++)
		if (ms >= all[n] - 50 && ms <= all[n] * 12 / 10)
			return all[n];
	return -1;
}

/* the delays that a connection's policy gives, and when it gives up */
static void
delays(struct lws *wsi, int times)
{
	uint16_t tries = 0;

	while (times--) {
		int n = lws_retry_sul_schedule_retry_wsi(wsi, &sul, never,
							 &tries);
		long long us = n ? 0 : (long long)sul.us - lws_now_usecs();

		tr_line("  scheduled %d, tries %d, after %d ms", n, tries,
			n ? 0 : base_of(us / 1000));
		lws_sul_cancel(&sul);
	}
}

static void
policies(const char *title, const lws_retry_bo_t *vhost,
	 const lws_retry_bo_t *own)
{
	struct lws *wsi;

	tr_line("== %s", title);
	begin(vhost);
	wsi = connect_to(own, "RAW");
	delays(wsi, own ? 4 : 6);
	lws_context_destroy(cx);
	while (origin_accept(&server))
		origin_drop(&server);
}

static void
turn(void)
{
	lws_service(cx, -1);
	origin_accept(&server);
	origin_read(&server);
}

/* a websocket whose server says nothing of its own accord */
static void
silent(const char *title, int answers)
{
	static const char pong[] = { (char)0x8a, 0 };
	char reply[200], hash[20], accept[40], text[80], *key = NULL;
	time_t start = time(NULL);
	size_t before;
	int ends = 0;

	tr_line("== %s", title);
	begin(&vhost_policy);
	connect_to(&own_policy, NULL);
	origin_drop(&server);
	while (!key && time(NULL) - start < 20) {
		turn();
		if (origin_has(&server, "\r\n\r\n"))
			key = strstr(server.got, "Sec-WebSocket-Key: ");
	}
	CHECK(key);
	lws_snprintf(text, sizeof(text), "%.24s"
		     "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 19);
	lws_SHA1((unsigned char *)text, strlen(text), (unsigned char *)hash);
	lws_b64_encode_string(hash, 20, accept, sizeof(accept));
	lws_snprintf(reply, sizeof(reply), "HTTP/1.1 101 x\r\nUpgrade: "
		     "websocket\r\nConnection: Upgrade\r\n"
		     "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
	origin_send(&server, reply, strlen(reply));
	while (!established && time(NULL) - start < 20)
		turn();
	before = server.len;
	while (!ends && time(NULL) - start < 20) {
		turn();
		if (server.len == before)
			continue;
		CHECK(((unsigned char)server.got[before] & 15) == 9);
		while (!writeables && time(NULL) - start < 20)
			turn();
		tr_line("-- server got a ping");
		before = server.len;
		ends = !answers;
		if (answers)
			origin_send(&server, pong, sizeof(pong));
		while (answers && !pongs && time(NULL) - start < 20)
			turn();
		ends |= answers;
	}
	while (!answers && !destroyed && time(NULL) - start < 20)
		turn();
	CHECK(answers || destroyed);
	lws_context_destroy(cx);
	origin_drop(&server);
}

int
main(void)
{
	origin_open(&server);
	policies("its vhost's", &vhost_policy, NULL);
	policies("its own", &vhost_policy, &own_policy);
	policies("its own only", NULL, &own_policy);
	policies("none", NULL, NULL);
	silent("pinged, and answers", 1);
	silent("pinged, and given up", 0);
	origin_close(&server);
	tr_line("== end");
	return 0;
}
