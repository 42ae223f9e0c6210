/*
 * ctest: clients with TLS: certificates that are trusted, allowed or refused,
 * what the server gets to see, http and ws.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct lws_vhost *trusting, *doubting;
static int port, destroyed, overrule;

/* the server says what it sees; its callbacks are not shown */
static int
cb_server(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	char b[256];
	unsigned char ws[LWS_PRE + 64];
	SSL *ssl;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		ssl = lws_get_ssl(wsi);
		lws_snprintf(b, sizeof(b), "path %s sni %s", (char *)in,
			     ssl && SSL_get_servername(ssl, 0) ?
			     SSL_get_servername(ssl, 0) : "none");
		tr_line("-- server sees %s", b);
		if (lws_return_http_status(wsi, 200, b))
			return -1;
		return lws_http_transaction_completed(wsi);
	case LWS_CALLBACK_RECEIVE:
		memcpy(ws + LWS_PRE, in, len < 64 ? len : 64);
		lws_write(wsi, ws + LWS_PRE, len, LWS_WRITE_TEXT);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static int
cb_client(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	  void *in, size_t len)
{
	static char buf[LWS_PRE + 1024];
	unsigned char b[LWS_PRE + 16];
	char *px = buf + LWS_PRE;
	int n = 1024;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_VHOST_CERT_AGING:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		return 0;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		tr_line("verification, preverify_ok %zu, error %d, ssl %s", len,
			X509_STORE_CTX_get_error(user), in == lws_get_ssl(wsi) ?
			"same" : "other");
		if (overrule == 1)
			X509_STORE_CTX_set_error(user, X509_V_OK);
		return overrule == 2;
	default:
		break;
	}
	tr_callback("c", wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  is_ssl %d", lws_is_ssl(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &px, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		return -1;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memcpy(b + LWS_PRE, "hello", 5);
		lws_write(wsi, b + LWS_PRE, 5, LWS_WRITE_TEXT);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
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
vhost(const char *name, const char *ca)
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

static void
ask(const char *title, struct lws_vhost *vh, const char *host, int flags,
    const char *method)
{
	struct lws_client_connect_info i;
	time_t start = time(NULL);

	tr_line("== %s", title);
	memset(&i, 0, sizeof(i));
	destroyed = 0;
	i.context = cx;
	i.vhost = vh;
	i.address = "127.0.0.1";
	i.port = port;
	i.path = "/x";
	i.host = i.origin = host;
	i.ssl_connection = LCCSCF_USE_SSL | flags;
	i.method = method;
	i.protocol = method ? NULL : "srv";
	i.local_protocol_name = "cli";
	CHECK(lws_client_connect_via_info(&i));
	while (!destroyed && time(NULL) - start < 20)
		lws_service(cx, -1);
	CHECK(destroyed);
}

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	/* first, since the reference asks the first vhost's protocols[0] */
	trusting = vhost("trusting", "certs/rsa.pem");
	doubting = vhost("doubting", NULL);
	memset(&i, 0, sizeof(i));
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i.vhost_name = "server";
	i.protocols = serving;
	i.ssl_cert_filepath = "certs/rsa.pem";
	i.ssl_private_key_filepath = "certs/rsa.key";
	port = lws_get_vhost_listen_port(lws_create_vhost(cx, &i));
	for (int n = 0; n < 20; n++)
		lws_service(cx, -1);
	ask("trusted", trusting, "localhost", 0, "GET");
	ask("trusted, with a port in Host", trusting, "localhost:444", 0,
	    "GET");
	ask("another name", trusting, "other.example", 0, "GET");
	ask("another name, allowed", trusting, "other.example",
	    LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK, "GET");
	ask("not trusted", doubting, "localhost", 0, "GET");
	ask("self-signed allowed", doubting, "localhost",
	    LCCSCF_ALLOW_SELFSIGNED, "GET");
	overrule = 1;
	ask("overruled", doubting, "localhost", 0, "GET");
	overrule = 2;
	ask("refused by the program", trusting, "localhost", 0, "GET");
	overrule = 0;
	ask("websocket", trusting, "localhost", 0, NULL);
	lws_context_destroy(cx);
	tr_line("== end");
	return 0;
}
