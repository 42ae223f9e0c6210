/*
 * The floor of the client benchmark: what client.c does for "recv" and "send" with the least code on epoll that can do it.
 * No client can do much better on one core. Not a websocket client: no fragments, no control frames, keys that can be guessed.
 *
 *   floor_client -c CONTROL_PORT -p PORT -m recv|send [-s SIZE]
 */
#define _GNU_SOURCE
#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER (256 * 1024)

static int control, messages_fd = -1, ep, port, sending;
static size_t size = 1024;
static uint64_t messages, expected, quota, left;
static int verifying, head_len;
static uint8_t head[10], *out;
static size_t out_at, out_len;
static uint32_t seq;
static size_t at;

static void die(const char *what)
{
	fprintf(stderr, "floor_client: %s: %s\n", what, strerror(errno));
	exit(1);
}

static size_t frame(uint8_t *to, int opcode, const uint8_t *from, size_t len)
{
	static uint32_t key = 0x12345678;
	size_t n = 0, h = 2;

	to[0] = (uint8_t)(0x80 | opcode);
	to[1] = (uint8_t)(0x80 | (len < 126 ? len : len < 65536 ? 126 : 127));
	if (len >= 65536)
		for (; n < 8; n++)
			to[h++] = (uint8_t)((uint64_t)len >> (56 - 8 * n));
	else if (len >= 126) {
		to[h++] = (uint8_t)(len >> 8);
		to[h++] = (uint8_t)len;
	}
	key = key * 1664525u + 1013904223u;
	memcpy(to + h, &key, 4);
	h += 4;
	for (n = 0; n + 4 <= len; n += 4) {
		uint32_t w;

		memcpy(&w, from + n, 4);
		w ^= key;
		memcpy(to + h + n, &w, 4);
	}
	for (; n < len; n++)
		to[h + n] = from[n] ^ (uint8_t)(key >> 8 * (n & 3));
	return h + len;
}

static int open_ws(int to, const char *protocol)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)to), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[512];
	int n;

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die("connect");
	n = sprintf(text, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		    "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Protocol: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
		    protocol);
	if (send(fd, text, (size_t)n, 0) != n)
		die("send");
	for (n = 0; n < 4 || memcmp(text + n - 4, "\r\n\r\n", 4); n++)
		if (n == sizeof(text) || recv(fd, text + n, 1, 0) != 1)
			die("upgrade");
	e.data.fd = fd;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
		die("epoll_ctl");
	return fd;
}

static void done(void)
{
	uint8_t buf[CONTROL_MAX + 14];
	char text[CONTROL_MAX];
	int n = sprintf(text, "done %llu %llu", (unsigned long long)messages, (unsigned long long)messages * size);
	size_t len = frame(buf, 1, (uint8_t *)text, (size_t)n);

	if (send(control, buf, len, 0) != (ssize_t)len)
		die("send");
	messages = 0;
}

static void push(void)
{
	static uint8_t *plain;
	size_t n;

	for (;;) {
		while (out_at < out_len) {
			ssize_t r = send(messages_fd, out + out_at, out_len - out_at, MSG_DONTWAIT);

			if (r < 0 && errno == EAGAIN)
				return;
			if (r < 0)
				die("send");
			out_at += (size_t)r;
		}
		if (!sending)
			return;
		if (!plain)
			plain = calloc(1, size);
		/* as much as goes in one send: small messages leave together */
		for (out_at = out_len = 0; quota && (!out_len || out_len + size + 14 <= BUFFER); quota--, messages++) {
			for (n = 0; verifying && n < size; n++)
				plain[n] = stream_byte(seq, n);
			seq += (uint32_t)verifying;
			out_len += frame(out + out_len, 2, plain, size);
		}
		if (!quota && sending) {
			sending = 0;
			done();
		}
	}
}

static void hear_control(void)
{
	static uint8_t buf[1024];
	static size_t have;
	unsigned long long n;
	char text[128];
	ssize_t r = recv(control, buf + have, sizeof(buf) - have, MSG_DONTWAIT);

	if (r < 0 && errno == EAGAIN)
		return;
	if (r <= 0)
		exit(0);
	have += (size_t)r;
	while (have >= 2 && have >= 2u + buf[1]) {
		sprintf(text, "%.*s", buf[1], buf + 2);
		have -= 2u + buf[1];
		memmove(buf, buf + 2 + buf[1], have);
		if (sscanf(text, "open %llu", &n) == 1) {
			messages_fd = open_ws(port, "messages");
			done();
		} else if (sscanf(text, "expect %llu", &n) == 1) {
			expected = n;
			if (messages >= n) {
				expected = 0;
				done();
			}
		} else if (sscanf(text, "go %llu", &n) == 1) {
			quota = n ? n : UINT64_MAX;
			sending = 1;
			push();
		} else if (sscanf(text, "verify %llu", &n) == 1) {
			verifying = (int)n;
			done();
		} else if (sending) {
			sending = 0;
			done();
		}
	}
}

static void message_ends(void)
{
	if (verifying)
		seq++;
	at = 0;
	messages++;
	if (expected && messages >= expected) {
		expected = 0;
		done();
	}
}

static void take(const uint8_t *p, size_t len)
{
	while (len) {
		if (!left) {
			head[head_len++] = *p++;
			len--;
			if (head_len < 2 || head_len < (head[1] == 126 ? 4 : head[1] == 127 ? 10 : 2))
				continue;
			left = head[1];
			if (left >= 126) {
				int k;

				for (left = 0, k = 2; k < head_len; k++)
					left = left << 8 | head[k];
			}
			head_len = 0;
			continue;
		}
		size_t n = left < len ? (size_t)left : len, k;

		for (k = 0; verifying && k < n; k++)
			if (p[k] != stream_byte(seq, at + k))
				die("content differs");
		at += n;
		p += n;
		len -= n;
		left -= n;
		if (!left)
			message_ends();
	}
}

static void receive(void)
{
	static uint8_t buf[BUFFER];
	ssize_t n;

	do {
		n = recv(messages_fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			exit(0);
		take(buf, (size_t)n);
	} while (n == sizeof(buf));
}

int main(int argc, char **argv)
{
	int c, control_port = 0;

	while ((c = getopt(argc, argv, "c:p:m:s:")) != -1)
		switch (c) {
		case 'c': control_port = atoi(optarg); break;
		case 'p': port = atoi(optarg); break;
		case 'm': break;
		case 's': size = strtoul(optarg, NULL, 10); break;
		default: return 2;
		}
	out = malloc(size + BUFFER + 14);
	ep = epoll_create1(0);
	if (!out || ep < 0)
		die("start");
	printf("ready\n");
	fflush(stdout);
	control = open_ws(control_port, "control");
	for (;;) {
		struct epoll_event e[4];
		int n = epoll_wait(ep, e, 4, -1);

		while (n-- > 0)
			if (e[n].data.fd == control) {
				hear_control();
			} else {
				receive();
				push();
			}
	}
}
