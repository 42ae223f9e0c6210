/*
 * The floor of the benchmark: the least code that echoes and broadcasts websocket messages on epoll. It shows what the
 * kernel alone costs. No limits, no fragments, no control frames, no close handshake: a measure, not a server.
 *
 *   floor -p PORT [-m ws|raw]      answers load.c as echo_server.c does
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUF (256 * 1024)

struct conn {
	struct conn *prev, *next;	/* hearers of the broadcast */
	int fd, open, hears;
	uint8_t *rest, *out;		/* input that is no whole frame yet; output that the socket did not take */
	uint32_t rest_len, out_len;
};

static int ep, raw;
static struct conn hearers = { &hearers, &hearers, -1, 0, 0, NULL, NULL, 0, 0 };

static void drop(struct conn *c)
{
	if (c->hears) {
		c->prev->next = c->next;
		c->next->prev = c->prev;
	}
	close(c->fd);
	free(c->rest);
	free(c->out);
	free(c);
}

static void keep(uint8_t **to, uint32_t *to_len, const uint8_t *p, size_t len)
{
	uint8_t *n = malloc(*to_len + len);

	if (!n)
		exit(1);
	if (*to_len)
		memcpy(n, *to, *to_len);
	memcpy(n + *to_len, p, len);
	free(*to);
	*to = n;
	*to_len += (uint32_t)len;
}

static void put(struct conn *c, const uint8_t *p, size_t len)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT, .data.ptr = c };
	ssize_t n = c->out_len ? 0 : send(c->fd, p, len, MSG_NOSIGNAL);

	if (n < 0)
		n = 0;
	if ((size_t)n == len)
		return;
	if (!c->out_len)
		epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
	keep(&c->out, &c->out_len, p + n, len - (size_t)n);
}

static void put_rest(struct conn *c)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	ssize_t n = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL);

	if (n <= 0)
		return;
	c->out_len -= (uint32_t)n;
	memmove(c->out, c->out + n, c->out_len);
	if (!c->out_len) {
		free(c->out);
		c->out = NULL;
		epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
	}
}

/* Finds a request header's value; both are NUL-terminated. */
static char *value(char *request, const char *name, char *into, size_t room)
{
	char *p = strcasestr(request, name);

	into[0] = '\0';
	if (p)
		snprintf(into, room, "%.*s", (int)strcspn(p + strlen(name), "\r"), p + strlen(name));
	return into;
}

static void upgrade(struct conn *c, char *request)
{
	char key[128], proto[64], joined[256], answer[512];
	unsigned char sha[SHA_DIGEST_LENGTH], b64[64];

	value(request, "Sec-WebSocket-Key: ", key, sizeof(key));
	value(request, "Sec-WebSocket-Protocol: ", proto, sizeof(proto));
	snprintf(joined, sizeof(joined), "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	SHA1((unsigned char *)joined, strlen(joined), sha);
	EVP_EncodeBlock(b64, sha, sizeof(sha));
	snprintf(answer, sizeof(answer),
		 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n", b64, proto);
	put(c, (uint8_t *)answer, strlen(answer));
	c->open = 1;
	c->hears = !strcmp(proto, "broadcast");
	if (c->hears) {
		c->next = hearers.next;
		c->prev = &hearers;
		hearers.next->prev = c;
		hearers.next = c;
	}
}

static void unmask(uint8_t *p, uint64_t len, const uint8_t mask[4])
{
	uint64_t n, wide;

	memcpy(&wide, mask, 4);
	wide = (uint32_t)wide | wide << 32;
	for (n = 0; n + 8 <= len; n += 8) {
		uint64_t v;

		memcpy(&v, p + n, 8);
		v ^= wide;
		memcpy(p + n, &v, 8);
	}
	for (; n < len; n++)
		p[n] ^= mask[n & 3];
}

/* Frames are answered in place: a server's header is 4 bytes shorter, so the answers move down and join. */
static size_t frames(struct conn *c, uint8_t *p, size_t len)
{
	size_t at = 0, out = 0;

	while (len - at >= 6) {
		size_t head = 2, n;
		uint64_t size = p[at + 1] & 0x7f;

		if (size >= 126) {
			size_t bytes = size == 126 ? 2 : 8;

			if (len - at < 2 + bytes + 4)
				break;
			for (size = 0, n = 0; n < bytes; n++)
				size = size << 8 | p[at + 2 + n];
			head += bytes;
		}
		if (len - at < head + 4 + size)
			break;
		unmask(p + at + head + 4, size, p + at + head);
		p[at + 1] &= 0x7f;
		memmove(p + out, p + at, head);
		memmove(p + out + head, p + at + head + 4, size);
		at += head + 4 + size;
		out += head + size;
	}
	if (out && !c->hears)
		put(c, p, out);
	if (out && c->hears)
		for (struct conn *h = hearers.next; h != &hearers; h = h->next)
			put(h, p, out);
	return at;
}

static int readable(struct conn *c)
{
	static uint8_t buf[BUF + 1];
	size_t have = c->rest_len, used;
	ssize_t n;

	memcpy(buf, c->rest ? c->rest : buf, have);
	n = recv(c->fd, buf + have, BUF - have, 0);
	if (n <= 0)
		return -1;
	have += (size_t)n;
	buf[have] = '\0';
	c->rest_len = 0;
	if (raw) {
		put(c, buf, have);
		used = have;
	} else if (!c->open) {
		used = strstr((char *)buf, "\r\n\r\n") ? have : 0;
		if (used)
			upgrade(c, (char *)buf);
	} else
		used = frames(c, buf, have);
	free(c->rest);
	c->rest = NULL;
	if (used < have)
		keep(&c->rest, &c->rest_len, buf + used, have - used);
	return 0;
}

static void accept_all(int listener)
{
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct conn *c = calloc(1, sizeof(*c));
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

		if (!c)
			exit(1);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		c->fd = fd;
		epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct epoll_event e[256] = { { .events = EPOLLIN } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), c, one = 1;

	while ((c = getopt(argc, argv, "p:m:")) != -1)
		if (c == 'p') {
			a.sin_port = htons((uint16_t)atoi(optarg));
		} else if (c == 'm') {
			raw = !strcmp(optarg, "raw");
		}
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&a, sizeof(a)) || listen(listener, SOMAXCONN))
		return 1;
	ep = epoll_create1(0);
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e[0]); /* data.ptr NULL: the listener */
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(ep, e, 256, -1), k;

		for (k = 0; k < n; k++) {
			struct conn *x = e[k].data.ptr;

			if (!x)
				accept_all(listener);
			else if ((e[k].events & ~(uint32_t)EPOLLOUT) && readable(x))
				drop(x);
			else if ((e[k].events & EPOLLOUT) && x->out_len)
				put_rest(x);
		}
	}
}
