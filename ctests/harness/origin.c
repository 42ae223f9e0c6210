/*
 * A server of one connection at a time inside the test program.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "origin.h"
#include "peer.h"

void
origin_open(struct origin *o)
{
	struct sockaddr_in a;
	socklen_t n = sizeof(a);

	memset(o, 0, sizeof(*o));
	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	o->fd = -1;
	o->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			     0);
	CHECK(o->listener >= 0);
	CHECK(!bind(o->listener, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(o->listener, 16));
	CHECK(!getsockname(o->listener, (struct sockaddr *)&a, &n));
	o->port = ntohs(a.sin_port);
}

int
origin_accept(struct origin *o)
{
	if (o->fd < 0) {
		o->fd = accept4(o->listener, NULL, NULL,
				SOCK_NONBLOCK | SOCK_CLOEXEC);
		o->eof = 0;
		o->len = 0;
		o->got[0] = '\0';
	}
	return o->fd >= 0;
}

size_t
origin_read(struct origin *o)
{
	size_t before = o->len;

	while (o->fd >= 0 && o->len < sizeof(o->got) - 1) {
		ssize_t n = recv(o->fd, o->got + o->len,
				 sizeof(o->got) - 1 - o->len, 0);

		if (n <= 0) {
			o->eof |= !n;
			break;
		}
		o->len += (size_t)n;
	}
	o->got[o->len] = '\0';
	return o->len - before;
}

int
origin_has(const struct origin *o, const char *text)
{
	return !!memmem(o->got, o->len, text, strlen(text));
}

void
origin_send(struct origin *o, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = send(o->fd, p, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

void
origin_drop(struct origin *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	o->len = 0;
	o->got[0] = '\0';
}

void
origin_close(struct origin *o)
{
	origin_drop(o);
	if (o->listener >= 0)
		close(o->listener);
	o->listener = -1;
}
