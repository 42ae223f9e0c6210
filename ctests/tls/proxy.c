/*
 * ctest: only=ours -- proxy mounts with LWSMPRO_HTTPS: an origin whose
 * certificate is trusted, and one whose is not; on either side of TLS.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <string.h>
#include <poll.h>

#include "peer.h"

static struct lws_context *cx;

static int
cb_origin(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP) {
		if (lws_return_http_status(wsi, 200, lws_is_ssl(wsi) ?
					   "over TLS" : "plain"))
			return -1;
		return lws_http_transaction_completed(wsi);
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols origin[] = {
	{ "origin", cb_origin, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
}, proxy[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
vhost(const char *name, const char *ca, const struct lws_http_mount *mount)
{
	struct lws_context_creation_info i;
	struct lws_vhost *made;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.protocols = mount ? proxy : origin;
	i.mounts = mount;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if (!mount) {
		i.ssl_cert_filepath = "certs/rsa.pem";
		i.ssl_private_key_filepath = "certs/rsa.key";
	}
	i.client_ssl_ca_filepath = ca;
	made = lws_create_vhost(cx, &i);
	CHECK(made);
	return lws_get_vhost_listen_port(made);
}

static struct peer p;

static void
get(int port, const char *expected)
{
	CHECK(!peer_open(&p, port));
	for (int round = 0; round < 2; round++) {
		peer_reset(&p);
		peer_say(&p, "GET /p/x HTTP/1.1\r\nHost: me\r\n\r\n");
		for (int n = 0; n < 5000 && !peer_has(&p, "</html>"); n++) {
			lws_service(cx, -1);
			peer_read(&p);
			poll(NULL, 0, 1);
		}
		printf("%.12s\n", p.buf);
		CHECK(peer_has(&p, expected));
	}
	peer_close(&p);
}

int
main(void)
{
	static struct lws_http_mount mount;
	struct lws_context_creation_info i;
	static char where[64];
	int trusting, doubting;

	quiet_info(&i, 60);
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	sprintf(where, "localhost:%d/", vhost("origin", NULL, NULL));
	mount.mountpoint = "/p";
	mount.mountpoint_len = 2;
	mount.origin = where;
	mount.origin_protocol = LWSMPRO_HTTPS;
	trusting = vhost("trusting", "certs/rsa.pem", &mount);
	doubting = vhost("doubting", NULL, &mount);
	pump(&cx, 4);
	get(trusting, "over TLS");
	get(doubting, "HTTP/1.1 502 ");
	lws_context_destroy(cx);
	return 0;
}
