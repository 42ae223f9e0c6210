/*
 * A TLS server made with OpenSSL alone, in the program's own process: it says
 * what a client shows of itself, and answers one GET. Used by the programs of
 * this folder that are clients.
 */
#ifndef CTESTS_TLS_ORIGIN_H
#define CTESTS_TLS_ORIGIN_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "trace.h"

static struct {
	int listener, port, fd, is_ready;
	size_t got;
	SSL_CTX *ctx;
	SSL *ssl;
	char offer[128], names_ca[64], request[4096];
} origin = { .listener = -1, .fd = -1 };

/* a list in ALPN's form as text */
static void
alpn_text(const unsigned char *in, unsigned int len, char *to, size_t room)
{
	size_t at = 0;

	for (unsigned int n = 0; n < len; n += 1u + in[n])
		at += (size_t)snprintf(to + at, room - at, "%s%.*s",
				       n ? "," : "", in[n], in + n + 1);
}

static int
origin_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen,
	    const unsigned char *in, unsigned int inlen, void *arg)
{
	(void)ssl;
	(void)arg;
	alpn_text(in, inlen, origin.offer, sizeof(origin.offer));
	/* the last one */
	for (unsigned int n = 0; n < inlen; n += 1u + in[n]) {
		*out = in + n + 1;
		*outlen = in[n];
	}
	return SSL_TLSEXT_ERR_OK;
}

/* takes any client certificate */
static int
origin_verify(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

static void
origin_start(const char *cert, const char *key)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	origin.listener = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(!bind(origin.listener, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(origin.listener, 5));
	CHECK(!getsockname(origin.listener, (struct sockaddr *)&a, &len));
	fcntl(origin.listener, F_SETFL, O_NONBLOCK);
	origin.port = ntohs(a.sin_port);
	origin.ctx = SSL_CTX_new(TLS_server_method());
	CHECK(SSL_CTX_use_certificate_file(origin.ctx, cert,
					   SSL_FILETYPE_PEM) == 1);
	CHECK(SSL_CTX_use_PrivateKey_file(origin.ctx, key,
					  SSL_FILETYPE_PEM) == 1);
	SSL_CTX_set_alpn_select_cb(origin.ctx, origin_alpn, NULL);
	SSL_CTX_set_verify(origin.ctx, SSL_VERIFY_PEER, origin_verify);
	SSL_CTX_set_session_id_context(origin.ctx, (void *)"o", 1);
	/* nothing to resume: each test is by itself */
	SSL_CTX_set_num_tickets(origin.ctx, 0);
	SSL_CTX_set_session_cache_mode(origin.ctx, SSL_SESS_CACHE_OFF);
}

/* shows another certificate from now on */
static void __attribute__((unused))
origin_shows(const char *cert, const char *key)
{
	SSL_CTX_use_certificate_file(origin.ctx, cert, SSL_FILETYPE_PEM);
	SSL_CTX_use_PrivateKey_file(origin.ctx, key, SSL_FILETYPE_PEM);
}

static void
origin_drop(void)
{
	SSL_free(origin.ssl);
	close(origin.fd);
	origin.ssl = NULL;
	origin.fd = -1;
	ERR_clear_error();
}

static void
origin_describe(void)
{
	X509 *x = SSL_get1_peer_certificate(origin.ssl);
	const char *sni = SSL_get_servername(origin.ssl, 0);
	char name[64] = "none";

	if (x)
		X509_NAME_get_text_by_NID(X509_get_subject_name(x),
					  NID_commonName, name, sizeof(name));
	X509_free(x);
	tr_line("-- server: %s, %s, sni %s, alpn %s, certificate %s, resumed %d",
		SSL_get_version(origin.ssl), SSL_get_cipher(origin.ssl),
		sni ? sni : "none", origin.offer[0] ? origin.offer : "none",
		name, SSL_session_reused(origin.ssl));
}

/* its turn: never waits */
static void
origin_turn(void)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n"
				     "connection: close\r\n\r\nok";
	int n;

	if (origin.fd < 0) {
		origin.fd = accept(origin.listener, NULL, NULL);
		if (origin.fd < 0)
			return;
		fcntl(origin.fd, F_SETFL, O_NONBLOCK);
		origin.ssl = SSL_new(origin.ctx);
		SSL_set_fd(origin.ssl, origin.fd);
		SSL_set_accept_state(origin.ssl);
		origin.offer[0] = '\0';
		origin.got = 0;
		origin.is_ready = 0;
	}
	if (!origin.is_ready) {
		n = SSL_do_handshake(origin.ssl);
		if (n == 1) {
			origin.is_ready = 1;
			origin_describe();
		} else if (SSL_get_error(origin.ssl, n) != SSL_ERROR_WANT_READ) {
			tr_line("-- server: no handshake");
			origin_drop();
			return;
		}
	}
	if (!origin.is_ready)
		return;
	n = SSL_read(origin.ssl, origin.request + origin.got,
		     (int)(sizeof(origin.request) - origin.got - 1));
	if (n > 0) {
		origin.got += (size_t)n;
		origin.request[origin.got] = '\0';
		if (!strstr(origin.request, "\r\n\r\n"))
			return;
		SSL_write(origin.ssl, answer, sizeof(answer) - 1);
		SSL_shutdown(origin.ssl);
		origin_drop();
	} else if (SSL_get_error(origin.ssl, n) != SSL_ERROR_WANT_READ) {
		tr_line("-- server: the client has gone");
		origin_drop();
	}
}

#endif
