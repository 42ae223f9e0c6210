/*
 * ctest: sockets that the program hands to a vhost with TLS: encrypted when it
 * says LWS_ADOPT_ALLOW_SSL, plain when it does not; http and raw.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;

static int
callback(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
	 void *user, void *in, size_t len)
{
	unsigned char b[LWS_PRE + 64];

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED ||
	    reason == LWS_CALLBACK_VHOST_CERT_AGING ||
	    reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
		tr_line("  is_ssl %d", lws_is_ssl(wsi));
		return 0;
	case LWS_CALLBACK_RAW_RX:
		memcpy(b + LWS_PRE, "answer", 6);
		return lws_write(wsi, b + LWS_PRE, 6, LWS_WRITE_RAW) < 0;
	case LWS_CALLBACK_HTTP:
		if (lws_return_http_status(wsi, 200, lws_is_ssl(wsi) ?
					   "over TLS" : "plain"))
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	default:
		return 0;
	}
}

static int
cb_p0(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return callback("p0", wsi, reason, user, in, len);
}

static int
cb_p1(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return callback("p1", wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb_p0, 8, 0, 0, NULL, 0 },
	{ "p1", cb_p1, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* what an encrypted peer gets for its words; NULL: no handshake */
static const char *
secure(int fd, SSL_CTX *ctx, const char *words)
{
	static char got[1024];
	SSL *ssl = SSL_new(ctx);
	int n, ready = 0;

	SSL_set_fd(ssl, fd);
	SSL_set_connect_state(ssl);
	for (n = 0; n < 50 && !ready; n++) {
		ready = SSL_do_handshake(ssl) == 1;
		pump(&cx, 2);
	}
	got[0] = '\0';
	if (ready) {
		SSL_write(ssl, words, (int)strlen(words));
		for (int turn = 0; turn < 20 && !got[0]; turn++) {
			pump(&cx, 2);
			n = SSL_read(ssl, got, sizeof(got) - 1);
			got[n > 0 ? n : 0] = '\0';
		}
	}
	SSL_shutdown(ssl);
	SSL_free(ssl);
	ERR_clear_error();
	return ready ? got : NULL;
}

static void
adopt(const char *title, lws_adoption_type type, SSL_CTX *ctx)
{
	struct lws_vhost *vh = lws_get_vhost_by_name(cx, "default");
	const char *words = type & LWS_ADOPT_HTTP ?
			    "GET / HTTP/1.0\r\n\r\n" : "hello";
	lws_sock_file_fd_type fd;
	const char *got;
	char plain[1024];
	ssize_t n;
	int sp[2];

	tr_line("* %s", title);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fcntl(sp[1], F_SETFL, O_NONBLOCK);
	fd.sockfd = sp[0];
	CHECK(lws_adopt_descriptor_vhost(vh, type, fd, type & LWS_ADOPT_HTTP ?
					 NULL : "p1", NULL));
	pump(&cx, 4);
	if (ctx) {
		got = secure(sp[1], ctx, words);
		tr_line("encrypted: %.*s", got && *got == 'H' ? 15 : 20,
			got ? got : "no handshake");
	} else {
		CHECK(send(sp[1], words, strlen(words), 0) > 0);
		pump(&cx, 4);
		n = recv(sp[1], plain, sizeof(plain), MSG_DONTWAIT);
		tr_line("plain: %.*s", n > 15 ? 15 : n > 0 ? (int)n : 0,
			plain);
	}
	close(sp[1]);
	pump(&cx, 4);
}

int
main(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i.ssl_cert_filepath = "certs/rsa.pem";
	i.ssl_private_key_filepath = "certs/rsa.key";
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	adopt("raw, encrypted", LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL, ctx);
	adopt("raw, plain", LWS_ADOPT_SOCKET, NULL);
	adopt("http, encrypted", LWS_ADOPT_HTTP | LWS_ADOPT_SOCKET |
	      LWS_ADOPT_ALLOW_SSL, ctx);
	adopt("http, plain", LWS_ADOPT_HTTP | LWS_ADOPT_SOCKET, NULL);
	tr_line("* end");
	lws_context_destroy(cx);
	SSL_CTX_free(ctx);
	return 0;
}
