/*
 * The other end of the client benchmark (bench.py starts and commands it): a server without library, so that what is
 * measured is the client (client.c). One thread, blocking sockets: the client waits for nothing, so nothing can lock.
 *
 *   peer -m recv|send|get|connect [-s SIZE] [-c CERTIFICATE -k KEY] [-T]
 *
 * Over TLS with -c and -k; -T: sessions can be resumed. Prints "ports CONTROL MESSAGES". Commands on stdin, one a line;
 * each prints one line when it is done:
 *
 *   judge PID    waits for the client's control connection; PID is whose CPU time counts
 *   open N       N connections that will carry messages
 *   check        messages with contents of their own come right
 *   run MS       for MS ms: "ran messages wall_ns client_cpu_ns resumed"
 *   count N      the same for N messages
 *
 * As with load.c a run goes from all quiet to all quiet. Anything unexpected ends the program with a message and status 1.
 */
#define _GNU_SOURCE
#include "stream.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 128
#define FLOOD (1 << 20)		/* bytes of frames that are sent at a time; one frame at least */
#define WIRE (256 * 1024)	/* bytes that go in one system call */
#define SILENCE_MS 30000

struct conn {
	int fd;
	SSL *ssl;
	/* reading frames: header so far, payload still to come, place in the message */
	uint8_t head[14];
	unsigned int head_len;
	uint64_t left;
	size_t at;
	uint32_t seq, frame_at;
	char request[4096];
	size_t request_len;
};

static const char *mode = "recv";
static size_t size = 1024;
static SSL_CTX *ctx;
static int control_listener, listener, client_pid, checking;
static struct conn control, conns[CONNS_MAX];
static int nconns;
static uint64_t received, resumed;
static uint64_t done_messages;
static int is_done;
static uint8_t *flood;
static size_t flood_len, flood_count;
static char *page;
static size_t page_len;

static void die(const char *what)
{
	fprintf(stderr, "peer: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
	exit(1);
}

static void *must(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- CPU time of the client: all its threads, read when they sleep ---- */

static uint64_t client_cpu(void)
{
	char path[300];
	uint64_t sum = 0;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", client_pid);
	d = opendir(path);
	if (!d)
		die("the client is gone");
	while ((e = readdir(d))) {
		unsigned long long ns = 0;
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", client_pid, e->d_name);
		f = fopen(path, "r");
		if (f && fscanf(f, "%llu", &ns) != 1)
			ns = 0; /* a thread that has ended meanwhile */
		if (f)
			fclose(f);
		sum += ns;
	}
	closedir(d);
	return sum;
}

static uint64_t settled_cpu(void)
{
	uint64_t before, after = client_cpu();
	int same = 0, tries = 0;

	while (same < 3 && tries++ < 2000) {
		usleep(2000);
		before = after;
		after = client_cpu();
		same = before == after ? same + 1 : 0;
	}
	return after;
}

/* ---- bytes ---- */

static ssize_t get(struct conn *c, void *to, size_t len)
{
	ssize_t n = c->ssl ? SSL_read(c->ssl, to, (int)len) : recv(c->fd, to, len, 0);

	errno = 0;
	return n;
}

static void put(struct conn *c, const void *from, size_t len)
{
	const char *p = from;

	while (len) {
		size_t piece = len < WIRE ? len : WIRE;
		ssize_t n = c->ssl ? SSL_write(c->ssl, p, (int)piece) : send(c->fd, p, piece, MSG_NOSIGNAL);

		if (n <= 0)
			die("send");
		if (c->ssl && BIO_flush(SSL_get_wbio(c->ssl)) != 1)
			die("send");
		p += n;
		len -= (size_t)n;
	}
}

static void drop(struct conn *c)
{
	if (c->ssl) {
		SSL_set_shutdown(c->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
		SSL_free(c->ssl);
	}
	close(c->fd);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

/* Records collect in front of the socket, so that a piece is one system call and not one a record. */
static void secure(struct conn *c)
{
	BIO *in = BIO_new_socket(c->fd, BIO_NOCLOSE), *out = BIO_new_socket(c->fd, BIO_NOCLOSE), *buffer = BIO_new(BIO_f_buffer());

	c->ssl = SSL_new(ctx);
	if (!c->ssl || !in || !out || !buffer || BIO_set_write_buffer_size(buffer, WIRE + 32 * 1024) != 1)
		die("TLS session");
	SSL_set_bio(c->ssl, in, BIO_push(buffer, out));
	if (SSL_accept(c->ssl) != 1 || BIO_flush(SSL_get_wbio(c->ssl)) != 1)
		die("TLS handshake");
	resumed += (uint64_t)SSL_session_reused(c->ssl);
}

/* ---- connections ---- */

static void read_request(struct conn *c)
{
	while (!memmem(c->request, c->request_len, "\r\n\r\n", 4)) {
		ssize_t n = get(c, c->request + c->request_len, sizeof(c->request) - 1 - c->request_len);

		if (n <= 0)
			die("no request");
		c->request_len += (size_t)n;
		c->request[c->request_len] = 0;
	}
}

static void accept_upgrade(struct conn *c)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	uint8_t hash[SHA_DIGEST_LENGTH];
	char text[128], accept64[64], protocol[64] = "", *key, *at;

	read_request(c);
	key = strcasestr(c->request, "\r\nsec-websocket-key: ");
	at = strcasestr(c->request, "\r\nsec-websocket-protocol: ");
	if (!key || !at || sscanf(at + 26, "%63[a-z]", protocol) != 1)
		die("no websocket request");
	snprintf(text, sizeof(text), "%.24s%s", key + 21, guid);
	SHA1((uint8_t *)text, strlen(text), hash);
	EVP_EncodeBlock((uint8_t *)accept64, hash, sizeof(hash));
	c->request_len = (size_t)snprintf(c->request, sizeof(c->request),
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: %s\r\n\r\n", accept64, protocol);
	put(c, c->request, c->request_len);
	c->request_len = 0;
}

static void meet(struct conn *c, int from)
{
	int one = 1;

	memset(c, 0, sizeof(*c));
	c->fd = accept4(from, NULL, NULL, SOCK_CLOEXEC);
	if (c->fd < 0)
		die("accept");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	errno = 0;
	if (ctx && from == listener)
		secure(c);
	if (from == control_listener || strcmp(mode, "get"))
		accept_upgrade(c);
}

static int listen_any(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t l = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 256) ||
	    getsockname(fd, (struct sockaddr *)&a, &l))
		die("listen");
	*port = ntohs(a.sin_port);
	return fd;
}

/* ---- frames ---- */

static size_t frame(uint8_t *at, int opcode, const void *payload, size_t len)
{
	size_t head = 2;
	int n;

	at[0] = (uint8_t)(0x80 | opcode);
	if (len < 126) {
		at[1] = (uint8_t)len;
	} else if (len < 65536) {
		at[1] = 126;
		at[2] = (uint8_t)(len >> 8);
		at[3] = (uint8_t)len;
		head = 4;
	} else {
		at[1] = 127;
		for (n = 0; n < 8; n++)
			at[2 + n] = (uint8_t)((uint64_t)len >> (56 - 8 * n));
		head = 10;
	}
	if (payload)
		memcpy(at + head, payload, len);
	return head + len;
}

static void tell(const char *fmt, uint64_t n)
{
	uint8_t out[CONTROL_MAX + 14];
	char text[CONTROL_MAX];

	snprintf(text, sizeof(text), fmt, (unsigned long long)n);
	put(&control, out, frame(out, 1, text, strlen(text)));
}

/* The header's length, or 0 while it is incomplete. */
static unsigned int header(struct conn *c)
{
	unsigned int word, len, n;

	if (c->head_len < 2)
		return 0;
	word = c->head[1] & 0x7f;
	len = word == 127 ? 14 : word == 126 ? 8 : 6;
	if (c->head_len < len)
		return 0;
	if (!(c->head[1] & 0x80))
		die("a frame is not masked");
	c->left = word;
	if (word >= 126)
		for (c->left = 0, n = 2; n < len - 4; n++)
			c->left = c->left << 8 | c->head[n];
	return len;
}

static void payload(struct conn *c, const uint8_t *p, size_t len)
{
	const uint8_t *key = c->head + c->head_len - 4;
	size_t n;

	if (checking)
		for (n = 0; n < len; n++)
			if ((p[n] ^ key[(c->frame_at + n) & 3]) != stream_byte(c->seq, c->at + n))
				die("content differs");
	c->frame_at += (uint32_t)len;
	c->at += len;
}

/* A frame of a connection that carries messages is complete. */
static void frame_ends(struct conn *c)
{
	c->head_len = 0;
	c->frame_at = 0;
	if (!(c->head[0] & 0x80))
		return;
	if (c->at != size)
		die("length differs");
	c->at = 0;
	c->seq += (uint32_t)checking;
	received++;
}

/* 1 when the connection is over. */
static int feed(struct conn *c, const uint8_t *p, size_t len)
{
	while (len) {
		size_t n;

		if (!c->left && (c->head_len < 2 || !header(c))) {
			c->head[c->head_len++] = *p++;
			len--;
			if (!header(c))
				continue;
			if ((c->head[0] & 0x0f) == 8)
				return 1;
			if (!c->left)
				frame_ends(c);
			continue;
		}
		n = c->left < len ? (size_t)c->left : len;
		payload(c, p, n);
		p += n;
		len -= n;
		c->left -= n;
		if (!c->left)
			frame_ends(c);
	}
	return 0;
}

/* ---- what the client says ---- */

static void hear_control(void)
{
	static uint8_t got[CONTROL_MAX * 4];
	static size_t have;
	unsigned long long messages, bytes;
	char text[CONTROL_MAX + 1];
	size_t len, n;
	ssize_t r = get(&control, got + have, sizeof(got) - have);

	if (r <= 0)
		die("the client has ended");
	have += (size_t)r;
	while (have >= 6 && have >= 6u + (got[1] & 0x7f)) {
		len = got[1] & 0x7f;
		if (len > CONTROL_MAX)
			die("control message");
		for (n = 0; n < len; n++)
			text[n] = (char)(got[6 + n] ^ got[2 + (n & 3)]);
		text[len] = 0;
		if (sscanf(text, "done %llu %llu", &messages, &bytes) != 2)
			die("control message");
		if (bytes != (strcmp(mode, "connect") ? messages * size : 0))
			die("the client counts other bytes");
		done_messages = messages;
		is_done = 1;
		have -= 6 + len;
		memmove(got, got + 6 + len, have);
	}
}

static void hear(struct conn *c)
{
	static uint8_t buf[WIRE];
	ssize_t n;

	if (!strcmp(mode, "get")) {
		n = get(c, c->request, sizeof(c->request) - 1);
		if (n <= 0) {
			drop(c);
			return;
		}
		c->request_len = (size_t)n;
		read_request(c);
		c->request_len = 0;
		put(c, page, page_len);
		return;
	}
	n = get(c, buf, sizeof(buf));
	if (n <= 0 && strcmp(mode, "connect"))
		die("the client has closed");
	if (n <= 0 || feed(c, buf, (size_t)n)) {
		uint8_t out[2];

		if (n > 0)
			put(c, out, frame(out, 8, NULL, 0));
		drop(c);
	}
}

static struct conn *free_place(void)
{
	int k;

	for (k = 0; k < nconns; k++)
		if (conns[k].fd < 0)
			return &conns[k];
	if (nconns == CONNS_MAX)
		die("too many connections");
	return &conns[nconns++];
}

/* One round of whatever comes; waits for it up to `ms`. */
static void serve(int ms)
{
	struct pollfd p[CONNS_MAX + 2];
	int k, n = nconns;

	p[0] = (struct pollfd){ .fd = control.fd, .events = POLLIN };
	p[1] = (struct pollfd){ .fd = listener, .events = POLLIN };
	for (k = 0; k < n; k++)
		p[2 + k] = (struct pollfd){ .fd = conns[k].fd, .events = POLLIN };
	if (poll(p, (nfds_t)n + 2, ms) < 0)
		die("poll");
	errno = 0;
	for (k = 0; k < n; k++)
		if (p[2 + k].revents)
			hear(&conns[k]);
	if (p[1].revents)
		meet(free_place(), listener);
	if (p[0].revents)
		hear_control();
}

static void await_done(void)
{
	uint64_t silent = now_ns() + SILENCE_MS * 1000000ull;

	while (!is_done) {
		serve(1000);
		if (now_ns() > silent)
			die("no answer from the client");
	}
	is_done = 0;
}

/* ---- runs ---- */

/* Frames to send: message number `seq` alone, or as many as are sent at a time. */
static void make_flood(int alone, uint32_t seq)
{
	size_t k, n;

	flood_count = alone ? 1 : (FLOOD + size - 1) / size;
	free(flood);
	flood = must(calloc(flood_count, size + 10));
	for (k = flood_len = 0; k < flood_count; k++) {
		uint8_t *at = flood + flood_len;

		flood_len += frame(at, 2, NULL, size);
		for (n = 0; n < size; n++)
			at[flood_len - (size_t)(at - flood) - size + n] = stream_byte(seq + (uint32_t)k, n);
	}
}

/* Sends the flood from one connection after the other; `count` 0: until `deadline`. */
static uint64_t send_flood(uint64_t count, uint64_t deadline)
{
	uint64_t sent = 0;
	size_t one = flood_len / flood_count;
	int k;

	do
		for (k = 0; k < nconns; k++) {
			uint64_t now = count && count - sent < flood_count ? count - sent : flood_count;

			if (!now)
				break;
			put(&conns[k], flood, one * (size_t)now);
			sent += now;
		}
	while (count ? sent < count : now_ns() < deadline);
	return sent;
}

static uint64_t run_messages(uint64_t count, uint64_t ms)
{
	uint64_t deadline = now_ns() + ms * 1000000u;

	received = 0;
	if (!strcmp(mode, "recv")) {
		tell("expect %llu", send_flood(count, deadline));
	} else {
		tell("go %llu", count);
		while (!count && now_ns() < deadline)
			serve(1);
		if (!count)
			tell("stop", 0);
	}
	await_done();
	while (!strcmp(mode, "send") && received < done_messages)
		serve(1000);
	return done_messages;
}

static void command_run(uint64_t count, uint64_t ms)
{
	uint64_t cpu, start, messages;

	resumed = 0;
	cpu = settled_cpu();
	start = now_ns();
	messages = run_messages(count, ms);
	start = now_ns() - start;
	if (!messages)
		die("no message came");
	printf("ran %llu %llu %llu %llu\n", (unsigned long long)messages, (unsigned long long)start,
	       (unsigned long long)(settled_cpu() - cpu), (unsigned long long)resumed);
}

static void command_check(void)
{
	uint64_t seq, all = size > 100000 ? 4 : 20;

	tell("verify %llu", 1);
	await_done();
	checking = 1;
	if (!strcmp(mode, "recv"))
		for (seq = 0; seq < all; seq++) {
			make_flood(1, (uint32_t)(seq / (uint64_t)nconns));
			put(&conns[seq % (uint64_t)nconns], flood, flood_len);
		}
	if (!strcmp(mode, "recv")) {
		tell("expect %llu", all);
		await_done();
	} else {
		run_messages(all, 0);
	}
	checking = 0;
	make_flood(0, 0);
	tell("verify %llu", 0);
	await_done();
	printf("checked %llu\n", (unsigned long long)all);
}

static void command(const char *line)
{
	unsigned long n = 0;

	if (sscanf(line, "judge %lu", &n) == 1) {
		client_pid = (int)n;
		meet(&control, control_listener);
		printf("judging\n");
	} else if (sscanf(line, "open %lu", &n) == 1) {
		if (!strcmp(mode, "recv") || !strcmp(mode, "send")) {
			tell("open %llu", n);
			await_done();
		}
		printf("opened %lu\n", n);
	} else if (!strncmp(line, "check", 5)) {
		command_check();
	} else if (sscanf(line, "run %lu", &n) == 1) {
		command_run(0, n);
	} else if (sscanf(line, "count %lu", &n) == 1) {
		command_run(n, 0);
	} else {
		die("unknown command");
	}
	fflush(stdout);
}

static void use_tls(const char *certificate, const char *key, int resume)
{
	ctx = SSL_CTX_new(TLS_server_method());
	if (!ctx || SSL_CTX_use_certificate_file(ctx, certificate, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1)
		die("TLS context");
	SSL_CTX_set_session_id_context(ctx, (const uint8_t *)"bench", 5);
	if (!resume) {
		SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_num_tickets(ctx, 0);
		SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
	}
}

static void make_page(void)
{
	size_t n;
	int head;

	page = must(malloc(size + 128));
	head = sprintf(page, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: %zu\r\n\r\n", size);
	for (n = 0; n < size; n++)
		page[(size_t)head + n] = (char)stream_byte(0, n);
	page_len = (size_t)head + size;
}

int main(int argc, char **argv)
{
	const char *certificate = NULL, *key = NULL;
	int c, resume = 0, ports[2];
	char line[128];

	signal(SIGPIPE, SIG_IGN);
	while ((c = getopt(argc, argv, "m:s:c:k:T")) != -1)
		switch (c) {
		case 'm': mode = optarg; break;
		case 's': size = strtoul(optarg, NULL, 10); break;
		case 'c': certificate = optarg; break;
		case 'k': key = optarg; break;
		case 'T': resume = 1; break;
		default: return 2;
		}
	if (certificate)
		use_tls(certificate, key, resume);
	make_flood(0, 0);
	make_page();
	control_listener = listen_any(&ports[0]);
	listener = listen_any(&ports[1]);
	printf("ports %d %d\n", ports[0], ports[1]);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin))
		command(line);
	return 0;
}
