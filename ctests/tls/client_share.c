/*
 * ctest: only=ours
 * Requests with LCCSCF_PIPELINE share one connection with TLS, if they ask
 * the same of the server; what the program does to them in callbacks on the
 * way - closing, beginning anew, asking for more - costs none its answer or
 * its CLIENT_CONNECTION_ERROR.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "peer.h"

#define REQUESTS 6

/* in no header */
struct lws *
lws_client_reset(struct lws **pwsi, int ssl, const char *address, int port,
		 const char *path, const char *host, char weak);

static struct lws_context *cx;
static struct lws_vhost *client;
static int port[2], connections, started, flags_of_all;
static const char *deed;
static enum lws_callback_reasons when;

static struct request {
	struct lws *wsi;
	int completed, failed, destroyed, was_hit;
} all[REQUESTS + 4];

static int
cb_server(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
		connections++;
	if (reason != LWS_CALLBACK_HTTP)
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	if (lws_return_http_status(wsi, 200, "ok"))
		return -1;
	return lws_http_transaction_completed(wsi);
}

static void
ask(const char *host)
{
	struct lws_client_connect_info i;
	struct request *r = &all[started++];

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.vhost = client;
	i.address = "127.0.0.1";
	i.port = port[!!(flags_of_all & LCCSCF_USE_SSL)];
	i.path = "/x";
	i.host = i.origin = host;
	i.ssl_connection = flags_of_all | LCCSCF_PIPELINE;
	i.method = "GET";
	i.local_protocol_name = "cli";
	i.opaque_user_data = r;
	i.pwsi = &r->wsi;
	CHECK(lws_client_connect_via_info(&i));
}

/* what the program does once, in a callback of one of its requests */
static int
act(struct lws *wsi, struct request *r)
{
	struct request *next = r + 1;
	struct lws *other = next->wsi && !next->destroyed ? next->wsi : NULL;

	if (!deed)
		return 0;
	if (!strcmp(deed, "close")) {
		deed = NULL;
		r->was_hit = 1;
		return -1;
	}
	if (!strcmp(deed, "kill the next") && other) {
		deed = NULL;
		next->was_hit = 1;
		lws_set_timeout(other, 1, LWS_TO_KILL_SYNC);
	} else if (!strcmp(deed, "reset the next") && other) {
		deed = NULL;
		lws_client_reset(&other, flags_of_all & LCCSCF_USE_SSL,
				 "127.0.0.1", port[!!(flags_of_all &
						      LCCSCF_USE_SSL)],
				 "again", "localhost", 0);
	} else if (!strcmp(deed, "reset") && !r->destroyed) {
		deed = NULL;
		r->was_hit = 1;
		lws_client_reset(&wsi, flags_of_all & LCCSCF_USE_SSL,
				 "127.0.0.1", port[!!(flags_of_all &
						      LCCSCF_USE_SSL)],
				 "again", "localhost", 0);
	} else if (!strcmp(deed, "ask more")) {
		deed = NULL;
		ask("localhost");
		ask("localhost");
	}
	return 0;
}

static int
cb_client(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	static char buf[LWS_PRE + 1024];
	char *px = buf + LWS_PRE;
	struct request *r = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	int n = 1024;

	(void)user;
	(void)in;
	(void)len;
	if (!r)
		return 0;
	switch (reason) {
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		CHECK(!r->failed);
		r->completed++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		CHECK(!r->failed++);
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		CHECK(!r->destroyed++);
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		if (lws_http_client_read(wsi, &px, &n) < 0)
			return -1;
		break;
	default:
		break;
	}
	return reason == when ? act(wsi, r) : 0;
}

static const struct lws_protocols serving[] = {
	{ "srv", cb_server, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
}, asking[] = {
	{ "cli", cb_client, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
server_port(const char *name, int with_tls)
{
	struct lws_context_creation_info i;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.protocols = serving;
	if (with_tls) {
		i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		i.ssl_cert_filepath = "certs/rsa.pem";
		i.ssl_private_key_filepath = "certs/rsa.key";
	}
	return lws_get_vhost_listen_port(lws_create_vhost(cx, &i));
}

/* each has its answer or has failed */
static int
all_told(void)
{
	for (int n = 0; n < started; n++)
		if (!all[n].completed && !all[n].failed && !all[n].destroyed)
			return 0;
	return 1;
}

static void
run(const char *what, enum lws_callback_reasons in, int flags)
{
	time_t start = time(NULL);

	memset(all, 0, sizeof(all));
	started = connections = 0;
	flags_of_all = flags;
	deed = what;
	when = in;
	for (int n = 0; n < REQUESTS; n++)
		ask("localhost");
	while (!all_told() && time(NULL) - start < 10)
		lws_service(cx, -1);
	CHECK(all_told());
	for (int n = 0; n < started; n++)
		CHECK(all[n].completed || all[n].was_hit);
	printf("%s in %d: %d connections\n", what ? what : "nothing", (int)in,
	       connections);
	if (!what)
		CHECK(connections == 1);
	/* the one that is kept would serve the next case, too */
	for (int n = 0; n < started; n++)
		if (!all[n].destroyed)
			lws_set_timeout(all[n].wsi, 1, LWS_TO_KILL_SYNC);
	for (int n = 0; n < started; n++)
		CHECK(all[n].destroyed);
}

int
main(void)
{
	static const char *const deeds[] = {
		"close", "kill the next", "reset the next", "reset", "ask more",
	};
	static const enum lws_callback_reasons reasons[] = {
		LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER,
		LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH,
		LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP,
		LWS_CALLBACK_RECEIVE_CLIENT_HTTP,
		LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ,
		LWS_CALLBACK_COMPLETED_CLIENT_HTTP,
		LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL,
		LWS_CALLBACK_CLOSED_CLIENT_HTTP,
		LWS_CALLBACK_WSI_DESTROY,
	};
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	memset(&i, 0, sizeof(i));
	i.vhost_name = "client";
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = asking;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i.client_ssl_ca_filepath = "certs/rsa.pem";
	client = lws_create_vhost(cx, &i);
	CHECK(client);
	port[0] = server_port("plain", 0);
	port[1] = server_port("secure", 1);
	for (int n = 0; n < 20; n++)
		lws_service(cx, -1);
	for (int tls = 0; tls < 2; tls++) {
		int flags = tls ? LCCSCF_USE_SSL : 0;

		run(NULL, 0, flags);
		for (size_t d = 0; d < LWS_ARRAY_SIZE(deeds); d++)
			for (size_t r = 0; r < LWS_ARRAY_SIZE(reasons); r++)
				run(deeds[d], reasons[r], flags);
	}
	/* another name is another connection */
	started = connections = 0;
	memset(all, 0, sizeof(all));
	deed = NULL;
	ask("localhost");
	ask("other.example");
	while (!all_told())
		lws_service(cx, -1);
	CHECK(all[0].completed && all[1].failed && connections == 2);
	/* one that waits, one that is kept */
	ask("localhost");
	ask("localhost");
	lws_context_destroy(cx);
	for (int n = 0; n < started; n++)
		CHECK(all[n].destroyed == 1);
	return 0;
}
