/*
 * An http proxy: every way to name it, what it is asked, http and websockets
 * through it, and each way in which it leads to nothing. ctest:
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
static struct origin proxy;	/* and the server behind it */
static int destroyed, failed, asked;

static int
read_some(struct lws *wsi)
{
	char buf[LWS_PRE + 1024], *p = buf + LWS_PRE;
	int len = 1024;

	return lws_http_client_read(wsi, &p, &len);
}

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	failed += reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR;
	destroyed += reason == LWS_CALLBACK_WSI_DESTROY;
	if (reason == LWS_CALLBACK_RECEIVE_CLIENT_HTTP)
		return read_some(wsi);
	return 0;
}

#include "protocols.h"

enum how { INFO, INFO_PORT, CALL, VARIABLE };

static void
begin(enum how how, const char *text)
{
	struct lws_context_creation_info i;
	char address[100];

	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.timeout_secs = 1;
	lws_snprintf(address, sizeof(address), text, proxy.port);
	unsetenv("http_proxy");
	if (how == VARIABLE)
		setenv("http_proxy", address, 1);
	if (how == INFO || how == INFO_PORT)
		i.http_proxy_address = address;
	if (how == INFO_PORT)
		i.http_proxy_port = (unsigned int)proxy.port;
	cx = lws_create_context(&i);
	CHECK(cx);
	memset(&i, 0xff, sizeof(i));
	if (how == CALL)
		tr_line("  lws_set_proxy=%d", lws_set_proxy(
			lws_get_vhost_by_name(cx, "default"), address));
	memset(address, 'x', sizeof(address));
	pump(&cx, 4);
}

static void
connect_to(const char *address, const char *method)
{
	static struct lws *pwsi;
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	destroyed = failed = asked = 0;
	i.context = cx;
	i.address = address;
	i.port = 81;
	i.path = "/x";
	i.host = "host.example";
	i.origin = "origin.example";
	i.method = method;
	i.local_protocol_name = "c0";
	i.pwsi = &pwsi;
	CHECK(lws_client_connect_via_info(&i) && pwsi);
	tr_line("-- connecting");
}

/* the proxy gives `says`, then the server behind it `answer` */
static void
run(const char *says, const char *answer)
{
	time_t start = time(NULL);

	while (!destroyed && time(NULL) - start < 20) {
		lws_service(cx, -1);
		if (!origin_accept(&proxy))
			continue;
		origin_read(&proxy);
		if (!says || !origin_has(&proxy, "\r\n\r\n"))
			continue;
		if (asked++) {
			char *key = strstr(proxy.got, "Sec-WebSocket-Key: ");

			if (key)
				memset(key + 19, 'K', 24);
			tr_line("-- server got %s", proxy.got);
			origin_send(&proxy, answer, strlen(answer));
			origin_drop(&proxy);
			says = NULL;
			continue;
		}
		tr_line("-- proxy got %s", proxy.got);
		proxy.len = 0;
		origin_send(&proxy, says, strlen(says));
		if (!answer) {
			origin_drop(&proxy);
			says = NULL;
		}
	}
	CHECK(destroyed == 1 && failed <= 1);
	origin_drop(&proxy);
}

static void
end(void)
{
	lws_context_destroy(cx);
	unsetenv("http_proxy");
}

#define OK "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n"
#define HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static void
opened(const char *title, enum how how, const char *text, const char *address)
{
	tr_line("== %s", title);
	begin(how, text);
	connect_to(address, "GET");
	run(OK, HI);
	end();
}

static void
refused(const char *title, const char *says)
{
	tr_line("== %s", title);
	begin(INFO, "127.0.0.1:%d");
	connect_to("host.example", "GET");
	run(says, NULL);
	end();
}

static void
texts(void)
{
	static const char *const all[] = {
		"host:80", "http://host:80", "user:pass@host:80", "user@host:80",
		"http://u:p@host:1234/", "[::1]:80", "", "host", "http://host",
		"user:pass@host",
	};

	tr_line("== texts");
	for (size_t n = 0; n < LWS_ARRAY_SIZE(all); n++) {
		begin(CALL, all[n]);
		end();
	}
	begin(CALL, "host:80");
	tr_line("  NULL %d", lws_set_proxy(lws_get_vhost_by_name(cx, "default"),
					   NULL));
	end();
}

int
main(void)
{
	struct origin gone;
	char text[32];

	origin_open(&proxy);
	opened("info", INFO, "127.0.0.1:%d", "10.1.2.3");
	opened("info with a password", INFO, "user:pass@127.0.0.1:%d",
	       "10.1.2.3");
	opened("info with a port apart", INFO_PORT, "127.0.0.1", "10.1.2.3");
	opened("a call", CALL, "u:p@127.0.0.1:%d", "10.1.2.3");
	opened("the environment", VARIABLE, "127.0.0.1:%d", "10.1.2.3");
	opened("the environment, a url", VARIABLE, "http://u:p@127.0.0.1:%d/",
	       "10.1.2.3");
	opened("a name goes as it is", INFO, "127.0.0.1:%d", "no.name.invalid");

	tr_line("== a websocket");
	begin(INFO, "127.0.0.1:%d");
	connect_to("host.example", NULL);
	run(OK, "HTTP/1.1 404 No\r\n\r\n");
	end();

	refused("a password is asked for", "HTTP/1.1 407 Auth\r\n\r\n");
	refused("it cannot", "HTTP/1.1 502 Bad Gateway\r\n\r\n");
	refused("junk", "SSH-2.0-x\r\n\r\n");
	refused("it hangs up", "");

	tr_line("== it says nothing");
	begin(INFO, "127.0.0.1:%d");
	connect_to("host.example", "GET");
	run(NULL, NULL);
	end();

	tr_line("== nobody is there");
	origin_open(&gone);
	origin_close(&gone);
	lws_snprintf(text, sizeof(text), "127.0.0.1:%d", gone.port);
	begin(INFO, text);
	connect_to("host.example", "GET");
	run(NULL, NULL);
	end();

	tr_line("== destroyed while the proxy is asked");
	begin(INFO, "127.0.0.1:%d");
	connect_to("host.example", "GET");
	for (int n = 0; n < 200 && !origin_has(&proxy, "\r\n\r\n"); n++) {
		lws_service(cx, -1);
		origin_accept(&proxy);
		origin_read(&proxy);
	}
	end();
	CHECK(failed == 1);
	origin_drop(&proxy);

	texts();
	origin_close(&proxy);
	tr_line("== end");
	return 0;
}
