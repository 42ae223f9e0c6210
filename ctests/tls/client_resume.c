/*
 * ctest: clients resume sessions: of TLS 1.3 and 1.2, where the
 * same is asked of the same server, and never past a certificate that would
 * not be accepted now.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <openssl/x509_vfy.h>
#include <time.h>

#include "tls_origin.h"

#define DISABLE_TLS_SESSION_CACHE (1ll << 39)

static struct lws_context *cx;
static int destroyed, verifications, refuses, accepts;

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	static char buf[LWS_PRE + 1024];
	char *px = buf + LWS_PRE, *at;
	int n = 1024;

	(void)in;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		verifications++;
		if (accepts)
			X509_STORE_CTX_set_error(user, X509_V_OK);
		return refuses;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		/* where it was is not always the same */
		at = strstr(in, "127.0.0.1:");
		tr_line("  refused: %.*s%s", at ? (int)(at - (char *)in) :
			(int)len, (char *)in, at ? strstr(at, ": ") + 2 : "");
		return 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  answer %u, %s", lws_http_client_http_response(wsi),
			verifications ? "verified" : "NOT VERIFIED");
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &px, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "cli", cb, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_vhost *
vhost(const char *name, const char *ca, uint64_t options)
{
	struct lws_context_creation_info i;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | options;
	i.client_ssl_ca_filepath = ca;
	return lws_create_vhost(cx, &i);
}

static void
ask(const char *title, struct lws_vhost *vh, const char *host, int flags,
    const char *alpn)
{
	struct lws_client_connect_info i;
	time_t start = time(NULL);

	tr_line("* %s", title);
	memset(&i, 0, sizeof(i));
	destroyed = verifications = 0;
	i.context = cx;
	i.vhost = vh;
	i.address = "127.0.0.1";
	i.port = origin.port;
	i.path = "/";
	i.host = host;
	i.alpn = alpn;
	i.ssl_connection = LCCSCF_USE_SSL | flags;
	i.method = "GET";
	CHECK(lws_client_connect_via_info(&i));
	while (!destroyed && time(NULL) - start < 20) {
		origin_turn();
		lws_service(cx, -1);
	}
	CHECK(destroyed);
	origin_turn();
	if (origin.fd >= 0)
		origin_turn();
}

static void
rounds(const char *version)
{
	struct lws_vhost *a = vhost("a", "certs/rsa.pem", 0),
			 *b = vhost("b", "certs/rsa.pem", 0),
			 *none = vhost("none", "certs/rsa.pem",
				       DISABLE_TLS_SESSION_CACHE),
			 *doubts = vhost("doubts", NULL, 0);

	tr_line("* * %s", version);
	ask("first", a, "localhost", 0, NULL);
	for (int n = 0; n < 6; n++)
		ask("again", a, "localhost", 0, NULL);
	ask("another name", a, "localhost.", LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK,
	    NULL);
	ask("another protocol", a, "localhost", 0, "http/1.1");
	ask("another vhost", b, "localhost", 0, NULL);
	ask("a vhost that does not", none, "localhost", 0, NULL);
	ask("again", none, "localhost", 0, NULL);
	refuses = 1;
	ask("refused by the program now", a, "localhost", 0, NULL);
	refuses = 0;
	ask("not any more", a, "localhost", 0, NULL);
	accepts = 1;
	ask("accepted by the program", doubts, "localhost", 0, NULL);
	accepts = 0;
	ask("not any more", doubts, "localhost", 0, NULL);
	lws_vhost_destroy(a);
	lws_vhost_destroy(b);
	lws_vhost_destroy(none);
	lws_vhost_destroy(doubts);
	for (int n = 0; n < 5; n++)
		lws_service(cx, -1);
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
	origin_start("certs/rsa.pem", "certs/rsa.key");
	SSL_CTX_set_num_tickets(origin.ctx, 2);
	SSL_CTX_set_session_cache_mode(origin.ctx, SSL_SESS_CACHE_SERVER);
	rounds("TLS 1.3");
	SSL_CTX_set_max_proto_version(origin.ctx, TLS1_2_VERSION);
	rounds("TLS 1.2");
	SSL_CTX_set_options(origin.ctx, SSL_OP_NO_TICKET);
	rounds("TLS 1.2 without tickets");
	lws_context_destroy(cx);
	SSL_CTX_free(origin.ctx);
	close(origin.listener);
	tr_line("* end");
	return 0;
}
