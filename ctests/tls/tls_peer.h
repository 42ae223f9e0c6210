/*
 * A TLS client in the server's own process: both take turns, so that a test is
 * one program. Used by the programs of this folder.
 */
#ifndef CTESTS_TLS_PEER_H
#define CTESTS_TLS_PEER_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tls_peer {
	int fd;
	SSL *ssl;
};

static struct lws_context *cx;

/* the server has its turns; -1: it is over */
static int
turns(int n)
{
	while (n-- && cx) {
		lws_cancel_service(cx);
		if (lws_service(cx, -1) < 0)
			return -1;
	}
	return cx ? 0 : -1;
}

static int
tcp(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((unsigned short)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		perror("connect");
		exit(2);
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* 1: the handshake is complete */
static int __attribute__((unused))
tls_open(struct tls_peer *p, SSL_CTX *ctx, int port)
{
	p->fd = tcp(port);
	p->ssl = SSL_new(ctx);
	SSL_set_fd(p->ssl, p->fd);
	for (int n = 0; n < 200; n++) {
		int r = SSL_connect(p->ssl);

		if (r == 1)
			return 1;
		if (SSL_get_error(p->ssl, r) != SSL_ERROR_WANT_READ)
			break;
		if (turns(1) < 0)
			break;
	}
	ERR_clear_error();
	return 0;
}

/* an answer to a GET; its length, or -1 */
static int __attribute__((unused))
tls_get(struct tls_peer *p, const char *path, char *to, int room)
{
	char req[256];
	int n = snprintf(req, sizeof(req), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
			 path);

	if (SSL_write(p->ssl, req, n) != n)
		return -1;
	for (int k = 0; k < 200; k++) {
		turns(1);
		n = SSL_read(p->ssl, to, room - 1);
		if (n > 0) {
			to[n] = '\0';
			return n;
		}
		if (SSL_get_error(p->ssl, n) != SSL_ERROR_WANT_READ)
			break;
	}
	ERR_clear_error();
	return -1;
}

static void __attribute__((unused))
tls_end(struct tls_peer *p)
{
	SSL_shutdown(p->ssl);
	SSL_free(p->ssl);
	close(p->fd);
	ERR_clear_error();
	turns(8);
}

/* the common name that the server shows */
static const char *shown_name(struct tls_peer *p) __attribute__((unused));

static const char *
shown_name(struct tls_peer *p)
{
	static char name[64];
	X509 *x = SSL_get1_peer_certificate(p->ssl);

	strcpy(name, "none");
	if (x)
		X509_NAME_get_text_by_NID(X509_get_subject_name(x),
					  NID_commonName, name, sizeof(name));
	X509_free(x);
	return name;
}

#endif
