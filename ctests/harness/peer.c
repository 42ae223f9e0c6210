/* Plain-socket peers and the service pump: see peer.h. */
#define _GNU_SOURCE
#include "peer.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

unsigned long pump_events;

void
check_at(int ok, const char *what, const char *file, int line)
{
	if (ok)
		return;
	printf("! %s:%d: %s\n", strrchr(file, '/') ? strrchr(file, '/') + 1 :
	       file, line, what);
	fflush(stdout);
	_exit(1);
}

void
quiet_info(struct lws_context_creation_info *i, unsigned seconds)
{
	alarm(seconds);
	lws_set_log_level(0, NULL);
	memset(i, 0, sizeof(*i));
	i->gid = i->uid = -1;
}

int
default_port(struct lws_context *cx)
{
	return lws_get_vhost_listen_port(lws_get_vhost_by_name(cx, "default"));
}

void
pump(struct lws_context **cx, int quiet)
{
	for (int n = 0; n < quiet && *cx; n++) {
		unsigned long was = pump_events;

		if (lws_service(*cx, -1) < 0)
			return;
		if (was != pump_events)
			n = -1;
	}
}

static long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
pump_until(struct lws_context **cx, int (*done)(void), int ms)
{
	long end = now_ms() + ms;

	while (!done()) {
		if (!*cx || lws_service(*cx, -1) < 0 || now_ms() > end)
			return done();
		poll(NULL, 0, 1);
	}
	return 1;
}

static int
open_at(struct peer *p, int family, const void *sa, socklen_t len)
{
	int on = 1;

	memset(p, 0, sizeof(*p));
	p->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(p->fd, sa, len)) {
		close(p->fd);
		p->fd = -1;
		p->eof = 1;
		return -1;
	}
	if (family == AF_INET)
		setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return 0;
}

int
peer_open(struct peer *p, int port)
{
	struct sockaddr_in sa;

	memset(&sa, 0, sizeof(sa));
	sa.sin_family = AF_INET;
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons((unsigned short)port);
	return open_at(p, AF_INET, &sa, sizeof(sa));
}

int
peer_open_unix(struct peer *p, const char *path)
{
	struct sockaddr_un sa;

	memset(&sa, 0, sizeof(sa));
	sa.sun_family = AF_UNIX;
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	return open_at(p, AF_UNIX, &sa, sizeof(sa));
}

void
peer_send(struct peer *p, const void *data, size_t len)
{
	if (p->fd >= 0 && send(p->fd, data, len, MSG_NOSIGNAL) < 0)
		p->eof = 1;
}

void
peer_say(struct peer *p, const char *text)
{
	peer_send(p, text, strlen(text));
}

void
peer_upgrade(struct peer *p, const char *protocol)
{
	char req[512];

	snprintf(req, sizeof(req), "GET / HTTP/1.1\r\nHost: x\r\n"
		 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		 "Sec-WebSocket-Version: 13\r\n"
		 "Sec-WebSocket-Protocol: %s\r\n\r\n", protocol);
	peer_say(p, req);
}

void
peer_frame(struct peer *p, int op_and_fin, const void *data, size_t len)
{
	static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	unsigned char *f = malloc(len + 14), *o = f;

	if (!f)
		return;
	*o++ = (unsigned char)op_and_fin;
	if (len < 126)
		*o++ = (unsigned char)(0x80 | len);
	else if (len < 65536) {
		*o++ = 0x80 | 126;
		*o++ = (unsigned char)(len >> 8);
		*o++ = (unsigned char)len;
	} else {
		*o++ = 0x80 | 127;
		for (int n = 56; n >= 0; n -= 8)
			*o++ = (unsigned char)((unsigned long long)len >> n);
	}
	memcpy(o, mask, 4);
	o += 4;
	for (size_t n = 0; n < len; n++)
		*o++ = ((const unsigned char *)data)[n] ^ mask[n & 3];
	peer_send(p, f, (size_t)(o - f));
	free(f);
}

size_t
peer_read(struct peer *p)
{
	size_t was = p->len;

	while (p->fd >= 0 && !p->eof) {
		char b[16384];
		ssize_t n = recv(p->fd, b, sizeof(b), MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0) {
			p->eof = 1;
			break;
		}
		if (p->len < sizeof(p->buf) - 1) {
			size_t room = sizeof(p->buf) - 1 - p->len;

			memcpy(p->buf + p->len, b,
			       (size_t)n < room ? (size_t)n : room);
		}
		p->len += (size_t)n;
	}
	return p->len - was;
}

int
peer_has(const struct peer *p, const char *text)
{
	size_t len = p->len < sizeof(p->buf) ? p->len : sizeof(p->buf);

	return memmem(p->buf, len, text, strlen(text)) != NULL;
}

void
peer_reset(struct peer *p)
{
	p->len = 0;
	memset(p->buf, 0, sizeof(p->buf));
}

void
peer_close(struct peer *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

void
peer_rst(struct peer *p)
{
	struct linger l = { 1, 0 };

	if (p->fd >= 0)
		setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	peer_close(p);
}

int
open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}
