/*
 * The program's own part in TLS: certificates that it loads itself, the SSL it
 * is shown, and certificates that change while the server runs.
 */
#include "tls_peer.h"

static int loads_own = 1, port;
static char said[512];

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	(void)in;
	(void)len;
	if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS &&
	    loads_own)
		return SSL_CTX_use_certificate_chain_file(user, "certs/ec.pem") != 1 ||
		       SSL_CTX_use_PrivateKey_file(user, "certs/ec.key",
						   SSL_FILETYPE_PEM) != 1;
	if (reason == LWS_CALLBACK_HTTP) {
		SSL *ssl = lws_get_ssl(wsi);
		unsigned char buf[LWS_PRE + 256], *p = buf + LWS_PRE, *s = p;

		snprintf(said, sizeof(said), "ssl=%d version=%s fd=%s server=%d finished=%d",
			 lws_is_ssl(wsi), SSL_get_version(ssl),
			 SSL_get_fd(ssl) == lws_get_socket_fd(wsi) ? "same" : "other",
			 SSL_is_server(ssl), SSL_is_init_finished(ssl));
		if (lws_add_http_common_headers(wsi, 200, "text/plain", 0, &p,
						buf + sizeof(buf)) ||
		    lws_finalize_write_http_header(wsi, s, &p, buf + sizeof(buf)))
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	return 0;
}

static struct lws_protocols protos[] = {
	{ "http", cb, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
visit(SSL_CTX *ctx, const char *what)
{
	struct tls_peer p;
	char got[512];

	said[0] = '\0';
	if (!tls_open(&p, ctx, port)) {
		printf("%s: no handshake\n", what);
	} else {
		printf("%s: %s, answer %.15s\n", what, shown_name(&p),
		       tls_get(&p, "/", got, sizeof(got)) > 0 ? got : "none");
		printf("  %s\n", said);
	}
	tls_end(&p);
}

static int
copy(const char *from, const char *to)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "cp certs/%s %s", from, to);
	return system(cmd);
}

static int
updated(const char *cert, const char *key)
{
	return !!lws_tls_cert_updated(cx, cert, key, NULL, 0, NULL, 0);
}

int
main(void)
{
	struct lws_context_creation_info i;
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());

	memset(&i, 0, sizeof(i));
	i.protocols = protos;
	i.gid = i.uid = -1;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
	lws_set_log_level(0, NULL);
	cx = lws_create_context(&i);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(cx, "default"));
	turns(4);
	visit(client, "own context");
	lws_context_destroy(cx);

	loads_own = 0;
	if (copy("rsa.pem", "now.pem") || copy("rsa.key", "now.key"))
		return 2;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i.ssl_cert_filepath = "now.pem";
	i.ssl_private_key_filepath = "now.key";
	cx = lws_create_context(&i);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(cx, "default"));
	turns(4);
	visit(client, "before");
	if (copy("other.pem", "now.pem") || copy("other.key", "now.key"))
		return 2;
	visit(client, "files have changed");
	printf("other files: %d\n", updated("none.pem", "none.key"));
	visit(client, "after other files");
	printf("these files: %d\n", updated("now.pem", "now.key"));
	visit(client, "after the update");
	lws_context_destroy(cx);
	SSL_CTX_free(client);
	return 0;
}
