/*
 * ctest: only=ours
 * What a program may do while OpenSSL calls back, what a failed change of the
 * certificate leaves, sessions that are limited, and handshakes that are given
 * up: afterwards the server serves, and every descriptor is back.
 */
#include "peer.h"
#include "tls_peer.h"


static int port, deed_at = -1, deed_reason = -1, seen;
enum { NONE, CLOSE, DESTROY, NEST, WRITE, REFUSE } deed;

static int
act(struct lws *wsi)
{
	static unsigned char buf[LWS_PRE + 8];

	switch (deed) {
	case CLOSE:
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
		return 0;
	case DESTROY:
		lws_context_destroy(cx);
		return 0;
	case NEST:
		lws_service(cx, -1);
		return 0;
	case WRITE:
		lws_write(wsi, buf + LWS_PRE, 8, LWS_WRITE_RAW);
		lws_callback_on_writable(wsi);
		return 0;
	case REFUSE:
		return 1;
	default:
		return 0;
	}
}

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	if ((int)reason == deed_reason && seen++ == deed_at)
		return act(wsi);
	if (reason == LWS_CALLBACK_HTTP) {
		unsigned char b[LWS_PRE + 256], *p = b + LWS_PRE, *s = p;

		if (lws_add_http_common_headers(wsi, 200, "text/plain", 0, &p,
						b + sizeof(b)) ||
		    lws_finalize_write_http_header(wsi, s, &p, b + sizeof(b)))
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	return 0;
}

static struct lws_protocols protos[] = {
	{ "http", cb, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_context_creation_info info;

static void
start(void)
{
	info.pcontext = &cx;
	cx = lws_create_context(&info);
	if (!cx)
		exit(3);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(cx, "default"));
	turns(4);
}

static const char *
visit(SSL_CTX *client)
{
	struct tls_peer p;
	char got[512];
	int ok = tls_open(&p, client, port) &&
		 tls_get(&p, "/", got, sizeof(got)) > 0;

	tls_end(&p);
	return ok ? "served" : "not served";
}

static void
deeds(SSL_CTX *client, int reason, const char *name)
{
	static const char *const names[] = { "none", "close", "destroy", "nest",
					     "write", "refuse" };

	for (int d = CLOSE; d <= REFUSE; d++)
		for (int at = 0; at < 24; at += d == DESTROY ? 5 : 3) {
			deed_reason = reason;
			deed = d;
			deed_at = at;
			seen = 0;
			visit(client);
			deed_reason = -1;
			if (d == DESTROY && !cx)
				start();
			if (strcmp(visit(client), "served"))
				printf("after %s in %s at %d: not served\n",
				       names[d], name, at);
		}
	printf("%s done\n", name);
}

static void
garbage(void)
{
	static const char *const hellos[] = {
		"", "G", "GET / HTTP/1.1\r\n\r\n", "\x16", "\x16\x03\x01",
		"\x16\x03\x01\xff\xff", "\x16\x03\x01\x00\x04\x01\xff\xff\xff",
		"\x80\x2e\x01\x03\x01", "\x15\x03\x01\x01", "\x17\x03\x03\x00",
	};

	for (int round = 0; round < 20; round++)
		for (size_t n = 0; n < sizeof(hellos) / sizeof(hellos[0]); n++) {
			int fd = tcp(port);

			if (send(fd, hellos[n], strlen(hellos[n]), 0) < 0)
				printf("not sent\n");
			turns(2);
			if (round & 1) {
				struct linger l = { 1, 0 };

				setsockopt(fd, SOL_SOCKET, SO_LINGER, &l,
					   sizeof(l));
			}
			close(fd);
			turns(1);
		}
	turns(8);
}

static void
limited(SSL_CTX *client)
{
	struct tls_peer a, b;
	char got[512];
	int fd;

	printf("first %d\n", tls_open(&a, client, port));
	fd = tcp(port);
	b.fd = fd;
	b.ssl = SSL_new(client);
	SSL_set_fd(b.ssl, fd);
	SSL_connect(b.ssl);
	turns(20);
	printf("second waits %d\n", SSL_connect(b.ssl) != 1);
	tls_end(&a);
	for (int n = 0; n < 100 && SSL_connect(b.ssl) != 1; n++)
		turns(1);
	printf("second served %d\n", tls_get(&b, "/", got, sizeof(got)) > 0);
	tls_end(&b);
}

int
main(void)
{
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());
	int before;

	lws_set_log_level(0, NULL);
	SSL_CTX_use_certificate_chain_file(client, "certs/client.pem");
	SSL_CTX_use_PrivateKey_file(client, "certs/client.key", SSL_FILETYPE_PEM);
	info.protocols = protos;
	info.gid = info.uid = -1;
	info.options = LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
	info.ssl_cert_filepath = "certs/rsa.pem";
	info.ssl_private_key_filepath = "certs/rsa.key";
	info.ssl_ca_filepath = "certs/ca.pem";
	info.ssl_info_event_mask = 0xffff;
	start();
	printf("%s\n", visit(client));
	before = open_descriptors();
	deeds(client, LWS_CALLBACK_SSL_INFO, "SSL_INFO");
	deeds(client, LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION,
	      "VERIFICATION");
	garbage();
	printf("%s, descriptors %s\n", visit(client),
	       open_descriptors() == before ? "are back" : "are lost");
	printf("missing file: %d\n",
	       system("mv certs/rsa.pem certs/away.pem") ||
	       lws_tls_cert_updated(cx, "certs/rsa.pem", "certs/rsa.key", NULL,
				    0, NULL, 0) != 1);
	printf("key of another: %d\n",
	       system("cp certs/other.pem certs/rsa.pem") ||
	       lws_tls_cert_updated(cx, "certs/rsa.pem", "certs/rsa.key", NULL,
				    0, NULL, 0) != 1);
	printf("%s\n", visit(client));
	lws_context_destroy(cx);

	if (system("mv certs/away.pem certs/rsa.pem"))
		return 2;
	info.simultaneous_ssl_restriction = 1;
	start();
	limited(client);
	lws_context_destroy(cx);
	SSL_CTX_free(client);
	return 0;
}
