#define _GNU_SOURCE
#include "conn.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <sys/socket.h>

static SSL_CTX *ctx;
static SSL_SESSION *kept;

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	if (kept)
		return 0;
	kept = session;
	return 1;
}

void secure_start(struct conn *c, const struct target *t)
{
	if (!ctx) {
		ctx = SSL_CTX_new(TLS_client_method());
		if (!ctx)
			die("TLS context", c);
		SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(ctx, keep_session);
	}
	c->ssl = SSL_new(ctx);
	if (!c->ssl || !SSL_set_fd(c->ssl, c->fd))
		die("TLS session", c);
	if (t->resume && kept) {
		SSL_SESSION *copy = SSL_SESSION_dup(kept); /* TLS 1.3: each is good for one connection */

		SSL_set_session(c->ssl, copy);
		SSL_SESSION_free(copy);
	}
	SSL_set_connect_state(c->ssl);
	c->state = CONN_SECURING;
}

static ssize_t outcome(struct conn *c, int n)
{
	int why = SSL_get_error(c->ssl, n);

	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
		errno = EAGAIN;
		return -1;
	}
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (why == SSL_ERROR_SSL)
		ERR_print_errors_fp(stderr);
	return 0;
}

int secure_step(struct conn *c, const struct target *t)
{
	int resuming = t->resume && kept, n = SSL_do_handshake(c->ssl);

	if (n == 1) {
		errno = 0;
		if (resuming && !SSL_session_reused(c->ssl))
			die("the TLS session was not resumed", c);
		return 1;
	}
	if (outcome(c, n) == 0)
		die("TLS handshake", c);
	errno = 0;
	return 0;
}

ssize_t secure_recv(struct conn *c, void *to, size_t len, int peek)
{
	int n = peek ? SSL_peek(c->ssl, to, (int)len) : SSL_read(c->ssl, to, (int)len);

	return n > 0 ? n : outcome(c, n);
}

ssize_t secure_send(struct conn *c, const void *from, size_t len)
{
	int n = SSL_write(c->ssl, from, (int)len);

	return n > 0 ? n : outcome(c, n);
}

void secure_close(struct conn *c)
{
	/* so that its session stays good for resuming */
	SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(c->ssl);
	c->ssl = NULL;
}
