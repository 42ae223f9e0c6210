#define _GNU_SOURCE
#include "conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOURCES 64 /* 127.0.0.2 to 127.0.0.65: 64 times the ephemeral ports of one address */

/* The key of RFC 6455's example, so that the right answer is a constant and needs no SHA-1. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define KEY_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

void die(const char *what, const struct conn *c)
{
	fprintf(stderr, "load: %s", what);
	if (c)
		fprintf(stderr, " (connection %u, message %u)", c->index, c->received);
	if (errno)
		fprintf(stderr, ": %s", strerror(errno));
	fprintf(stderr, "\n");
	exit(1);
}

void conn_start(struct conn *c, const struct target *t, uint32_t serial)
{
	struct sockaddr_in a;
	int one = 1;

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + serial % SOURCES);
	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		die("socket", c);
	setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (bind(c->fd, (struct sockaddr *)&a, sizeof(a)))
		die("bind", c);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)t->port);
	if (connect(c->fd, (struct sockaddr *)&a, sizeof(a)) && errno != EINPROGRESS)
		die("connect", c);
	c->state = CONN_CONNECTING;
	c->ssl = NULL;
	c->head_len = 0;
	c->frame_left = 0;
	c->msg_len = 0;
	c->in_msg = 0;
}

void conn_send_upgrade(struct conn *c, const struct target *t)
{
	char request[512];
	int n = snprintf(request, sizeof(request),
			 "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			 "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n%s\r\n",
			 t->protocol, t->squeezed ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "");

	if (conn_send(c, request, (size_t)n) != n)
		die("sending the upgrade", c);
	c->state = CONN_UPGRADING;
}

int conn_read_upgrade(struct conn *c, const struct target *t)
{
	char answer[1024], wanted[128];
	/* Peeked, so that an answer in two parts needs no buffer here; taken when it is complete. */
	ssize_t n = conn_recv(c, answer, sizeof(answer) - 1, 1);
	char *end;

	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		die("closed during the upgrade", c);
	answer[n] = '\0';
	end = strstr(answer, "\r\n\r\n");
	if (!end)
		return 0;
	errno = 0;
	if (end + 4 != answer + n)
		die("bytes after the upgrade", c);
	snprintf(wanted, sizeof(wanted), "Sec-WebSocket-Protocol: %s\r\n", t->protocol);
	end[2] = '\0';
	if (strncmp(answer, "HTTP/1.1 101 ", 13) || !strcasestr(answer, "Sec-WebSocket-Accept: " KEY_ACCEPT "\r\n") ||
	    !strcasestr(answer, wanted))
		die("upgrade refused", c);
	if (t->squeezed && !strcasestr(answer, "permessage-deflate"))
		die("no permessage-deflate", c);
	if (conn_recv(c, answer, (size_t)n, 0) != n)
		die("upgrade", c);
	c->state = CONN_OPEN;
	return 1;
}

ssize_t conn_recv(struct conn *c, void *to, size_t len, int peek)
{
	return c->ssl ? secure_recv(c, to, len, peek) : recv(c->fd, to, len, peek ? MSG_PEEK : 0);
}

ssize_t conn_send(struct conn *c, const void *from, size_t len)
{
	return c->ssl ? secure_send(c, from, len) : send(c->fd, from, len, MSG_NOSIGNAL);
}

void conn_close(struct conn *c)
{
	if (c->ssl)
		secure_close(c);
	if (c->inflater)
		unsqueeze_close(c);
	close(c->fd);
}

int conn_flush(struct conn *c)
{
	while (c->due) {
		size_t part = c->out_len - c->out_pos;
		ssize_t n;

		if (part > c->due)
			part = c->due;
		n = conn_send(c, c->out + c->out_pos, part);
		if (n < 0 && errno == EAGAIN)
			return 1;
		if (n <= 0)
			die("send", c);
		c->due -= (size_t)n;
		c->out_pos += (size_t)n;
		if (c->out_pos == c->out_len)
			c->out_pos = 0;
	}
	return 0;
}

/* Server frames have no mask. Returns how many header bytes this one has, as far as they are known. */
static unsigned int head_wanted(const struct conn *c)
{
	if (c->head_len < 2)
		return 2;
	if ((c->head[1] & 0x7f) == 126)
		return 4;
	return (c->head[1] & 0x7f) == 127 ? 10 : 2;
}

static void head_complete(struct conn *c, int may_squeeze)
{
	unsigned int n, op = c->head[0] & 0x0f;
	uint64_t len = c->head[1];

	errno = 0;
	if ((c->head[0] & 0x30) || (c->head[1] & 0x80) || ((c->head[0] & 0x40) && (c->in_msg || !may_squeeze)))
		die("reserved bits or mask in a frame of the server", c);
	if (op != (c->in_msg ? 0u : 2u))
		die(op == 8 ? "closed by the server" : "wrong opcode", c);
	if (len >= 126)
		for (len = 0, n = 2; n < c->head_len; n++)
			len = len << 8 | c->head[n];
	if (!c->in_msg)
		c->msg_squeezed = c->head[0] & 0x40;
	c->in_msg = 1;
	c->frame_left = len;
	c->frame_final = c->head[0] >> 7;
	c->head_len = 0;
}

static void take_payload(struct conn *c, const struct sink *sink, const uint8_t *p, size_t len)
{
	if (sink->payload)
		sink->payload(c, p, len);
	c->msg_len += len;
}

/* What the callback of unsqueeze() needs besides the connection. */
static const struct sink *unsqueezing;

static void take_unsqueezed(struct conn *c, const uint8_t *p, size_t len)
{
	take_payload(c, unsqueezing, p, len);
}

static void take_piece(struct conn *c, const struct sink *sink, const uint8_t *p, size_t len)
{
	if (!c->msg_squeezed) {
		take_payload(c, sink, p, len);
		return;
	}
	unsqueezing = sink;
	unsqueeze(c, p, len, c->frame_final && len == c->frame_left, take_unsqueezed);
}

static void message_complete(struct conn *c, const struct sink *sink)
{
	sink->message(c);
	c->received++;
	c->msg_len = 0;
	c->in_msg = 0;
}

static void feed_raw(struct conn *c, const struct target *t, const struct sink *sink, const uint8_t *p, size_t len)
{
	while (len) {
		size_t n = t->size - c->msg_len;

		if (n > len)
			n = len;
		take_payload(c, sink, p, n);
		p += n;
		len -= n;
		if (c->msg_len == t->size)
			message_complete(c, sink);
	}
}

/* The end of an answer's head, if it is there; -1 when the answer is not what was asked for. */
static ssize_t http_body_length(struct conn *c)
{
	const char *length;

	c->http_head[c->head_len] = '\0';
	if (strncmp(c->http_head, "HTTP/1.1 200 ", 13))
		return -1;
	length = strcasestr(c->http_head, "\r\ncontent-length:");
	return length ? atol(length + 17) : -1;
}

static void feed_http(struct conn *c, const struct target *t, const struct sink *sink, const uint8_t *p, size_t len)
{
	if (!c->http_head)
		c->http_head = malloc(HTTP_HEAD + 1);
	while (len) {
		size_t n;

		if (!c->in_msg) {
			if (c->head_len == HTTP_HEAD)
				die("the head of an answer is too long", c);
			c->http_head[c->head_len++] = (char)*p++;
			len--;
			if (c->head_len < 4 || memcmp(c->http_head + c->head_len - 4, "\r\n\r\n", 4))
				continue;
			errno = 0;
			if (http_body_length(c) != (ssize_t)t->size)
				die(c->http_head, c);
			c->head_len = 0;
			c->in_msg = 1;
			c->frame_left = t->size;
		}
		n = c->frame_left < len ? (size_t)c->frame_left : len;
		take_payload(c, sink, p, n);
		p += n;
		len -= n;
		c->frame_left -= n;
		if (!c->frame_left)
			message_complete(c, sink);
	}
}

void conn_feed(struct conn *c, const struct target *t, const struct sink *sink, const uint8_t *p, size_t len)
{
	if (t->path) {
		feed_http(c, t, sink, p, len);
		return;
	}
	if (t->raw) {
		feed_raw(c, t, sink, p, len);
		return;
	}
	while (len) {
		if (!c->frame_left) {
			c->head[c->head_len++] = *p++;
			len--;
			if (c->head_len < 2 || c->head_len < head_wanted(c))
				continue;
			head_complete(c, t->squeezed);
		}
		size_t n = c->frame_left < len ? (size_t)c->frame_left : len;

		take_piece(c, sink, p, n);
		p += n;
		len -= n;
		c->frame_left -= n;
		if (!c->frame_left && c->frame_final)
			message_complete(c, sink);
	}
}

/*
 * A text, for what is compressed: three words of four are one of 64, the fourth is eight letters of its own. zlib makes it
 * about a third as long.
 */
static uint8_t letter(uint32_t word, size_t place)
{
	static const char letters[] = "etaoin shrdlu ,.";
	uint32_t x = word * 0x9e3779b1u;

	if ((x >> 14 & 3) != 0)
		return (uint8_t)letters[((x >> 26) * 7 + (uint32_t)place % 8 * ((x >> 26) % 5 + 3)) % 16];
	return (uint8_t)letters[(x ^ ((uint32_t)place * 0x85ebca6bu)) * 0xc2b2ae35u >> 28];
}

/* JSON, a record after the other: the form recurs, so do names, numbers do not. */
static uint8_t json(uint32_t own, size_t place)
{
	static const char form[] =
		"{\"id\":4#######,\"type\":\"@@@@@\",\"user\":{\"name\":\"@@@@@####\",\"active\":true},\"price\":2##.##,\"amount\":1###,"
		"\"time\":17000########,\"note\":\"@@@@@ @@@@@, @@@@@\"},\n";
	static const char words[] = "aliceorderquotetradepriceclosestockgracedavidmoneyunderlimitshareitemsnevilpeggy";
	const size_t len = sizeof(form) - 1;
	uint32_t x = (uint32_t)(place / len) * 0x9e3779b1u + own;
	size_t at = place % len, start = at;

	if (form[at] != '#' && form[at] != '@')
		return (uint8_t)form[at];
	if (form[at] == '#') {
		x = (x ^ (uint32_t)at * 0x85ebca6bu) * 0xc2b2ae35u;
		return (uint8_t)('0' + (x >> 16) % 10);
	}
	while (start && form[start - 1] == '@')
		start--;
	x = (x ^ (uint32_t)start * 0x85ebca6bu) * 0xc2b2ae35u;
	return (uint8_t)words[(x >> 28) * 5 + (at - start)];
}

/* Differs by connection, message and place, so a piece that is lost, doubled or given to another shows. */
uint8_t content(const struct target *t, uint32_t index, uint32_t seq, size_t place)
{
	uint32_t own = t->path ? 0 : seq * 65599u + index * 1000003u;

	if (t->json)
		return json(own, place);
	if (t->squeezed)
		return letter((uint32_t)(place / 8) + own, place);
	return (uint8_t)(((uint32_t)place + own) * 0x9e3779b1u >> 24);
}

#define REQUEST "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"

size_t frame_size(const struct target *t, size_t payload)
{
	if (t->path)
		return sizeof(REQUEST) + strlen(t->path); /* room */
	if (t->raw)
		return payload;
	if (t->squeezed)
		payload = squeeze_bound(payload);
	return payload + (payload < 126 ? 6 : payload < 65536 ? 8 : 14);
}

static uint8_t *put_head(uint8_t *p, int first, size_t payload, const uint8_t mask[4])
{
	*p++ = (uint8_t)first;
	if (payload < 126) {
		*p++ = 0x80 | (uint8_t)payload;
	} else {
		int bytes = payload < 65536 ? 2 : 8;

		*p++ = bytes == 2 ? 0xfe : 0xff;
		while (bytes--)
			*p++ = (uint8_t)((uint64_t)payload >> (8 * bytes));
	}
	memcpy(p, mask, 4);
	return p + 4;
}

size_t frame_build(const struct target *t, uint8_t *at, uint32_t index, uint32_t seq, size_t payload)
{
	static const uint8_t mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	uint8_t *p = at, *plain, *squeezed = NULL;
	size_t n, len = payload;

	if (t->path)
		return (size_t)sprintf((char *)at, REQUEST, t->path);
	plain = malloc(payload);
	for (n = 0; n < payload; n++)
		plain[n] = content(t, index, seq, n);
	if (t->squeezed) {
		squeezed = malloc(squeeze_bound(payload));
		len = squeeze(squeezed, squeeze_bound(payload), plain, payload);
	}
	if (!t->raw)
		p = put_head(p, t->squeezed ? 0xc2 : 0x82, len, mask);
	for (n = 0; n < len; n++)
		*p++ = (squeezed ? squeezed : plain)[n] ^ (t->raw ? 0 : mask[n & 3]);
	free(plain);
	free(squeezed);
	return (size_t)(p - at);
}
