/*
 * ctest: redirects with TLS: into it, over it, and out of it, which is
 * refused.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct lws_vhost *trusting, *doubting;
static int plain, secure, destroyed;

/* /http/x and /https/x lead to x there, /here/x to x on the same one */
static int
redirect(struct lws *wsi, const char *uri)
{
	unsigned char b[LWS_PRE + 512], *p = b + LWS_PRE;
	char to[128];
	int n;

	if (!strncmp(uri, "/http/", 6))
		n = lws_snprintf(to, sizeof(to), "http://localhost:%d%s", plain,
				 uri + 5);
	else if (!strncmp(uri, "/https/", 7))
		n = lws_snprintf(to, sizeof(to), "https://localhost:%d%s",
				 secure, uri + 6);
	else
		n = lws_snprintf(to, sizeof(to), "%s", uri + 5);
	if (lws_http_redirect(wsi, 302, (unsigned char *)to, n, &p,
			      b + sizeof(b)) < 0)
		return -1;
	return lws_http_transaction_completed(wsi);
}

static int
cb_server(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	const char *uri = in;

	if (reason != LWS_CALLBACK_HTTP)
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	tr_line("-- server sees %s, tls %d", uri, lws_is_ssl(wsi));
	if (!strncmp(uri, "/http", 5) || !strncmp(uri, "/here", 5))
		return redirect(wsi, uri);
	if (lws_return_http_status(wsi, 200, "ok"))
		return -1;
	return lws_http_transaction_completed(wsi);
}

static int
cb_client(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	static char buf[LWS_PRE + 1024];
	char *px = buf + LWS_PRE;
	int n = 1024;

	switch (reason) {
	case LWS_CALLBACK_GET_THREAD_ID:
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_VHOST_CERT_AGING:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		return 0;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		/* its room depends on the digits of the port */
		tr_callback("c", wsi, (int)reason, user, in, 0);
		return 0;
	default:
		break;
	}
	tr_callback("c", wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  status %u, is_ssl %d",
			lws_http_client_http_response(wsi), lws_is_ssl(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &px, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		return -1;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols serving[] = {
	{ "srv", cb_server, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
}, asking[] = {
	{ "cli", cb_client, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_vhost *
client_vhost(const char *name, const char *ca)
{
	struct lws_context_creation_info i;
	struct lws_vhost *made;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = asking;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i.client_ssl_ca_filepath = ca;
	made = lws_create_vhost(cx, &i);
	CHECK(made);
	return made;
}

static int
server_port(const char *name, int with_tls)
{
	struct lws_context_creation_info i;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.protocols = serving;
	/* behind a redirect the reference would take http/2 */
	i.alpn = "http/1.1";
	if (with_tls) {
		i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		i.ssl_cert_filepath = "certs/rsa.pem";
		i.ssl_private_key_filepath = "certs/rsa.key";
	}
	return lws_get_vhost_listen_port(lws_create_vhost(cx, &i));
}

static void
ask(struct lws_vhost *vh, const char *path, int flags)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.vhost = vh;
	i.address = "127.0.0.1";
	i.port = flags & LCCSCF_USE_SSL ? secure : plain;
	i.path = path;
	i.host = i.origin = "localhost";
	i.ssl_connection = flags;
	i.method = "GET";
	i.local_protocol_name = "cli";
	CHECK(lws_client_connect_via_info(&i));
}

static void
follow(const char *title, struct lws_vhost *vh, const char *path, int flags)
{
	time_t start = time(NULL);

	tr_line("# %s", title);
	destroyed = 0;
	ask(vh, path, flags);
	while (!destroyed && time(NULL) - start < 10)
		lws_service(cx, -1);
	CHECK(destroyed);
}

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	trusting = client_vhost("trusting", "certs/rsa.pem");
	doubting = client_vhost("doubting", NULL);
	plain = server_port("plain", 0);
	secure = server_port("secure", 1);
	for (int n = 0; n < 20; n++)
		lws_service(cx, -1);
	follow("into TLS", trusting, "/https/x", 0);
	follow("into TLS that is not trusted", doubting, "/https/x", 0);
	follow("into TLS, self-signed allowed", doubting, "/https/x",
	       LCCSCF_ALLOW_SELFSIGNED);
	follow("from TLS to TLS", trusting, "/https/x", LCCSCF_USE_SSL);
	follow("over the same, allowed for any name", trusting, "/here/x",
	       LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK);
	follow("out of TLS", trusting, "/http/x", LCCSCF_USE_SSL);

	lws_context_destroy(cx);
	tr_line("# end");
	return 0;
}
