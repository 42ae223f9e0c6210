/*
 * UDP connections: datagrams in and out, several on one port, a peer that is
 * sent to first, sockets of the program, closing.
 */
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static unsigned char answer[LWS_PRE + 8192];
static size_t answer_len;
static int close_on_rx;

static const char *
named(int reason)
{
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE:
		return "WSI_CREATE";
	case LWS_CALLBACK_WSI_DESTROY:
		return "WSI_DESTROY";
	case LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL:
		return "BIND";
	case LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL:
		return "DROP";
	case LWS_CALLBACK_RAW_ADOPT:
		return "ADOPT";
	case LWS_CALLBACK_RAW_RX:
		return "RX";
	case LWS_CALLBACK_RAW_WRITEABLE:
		return "WRITEABLE";
	case LWS_CALLBACK_RAW_CLOSE:
		return "CLOSE";
	}
	return NULL;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	const struct lws_udp *udp;
	const struct sockaddr_in *from;
	const char *name = named((int)reason);
	int n;

	pump_events++;
	if (!name)
		return 0;
	printf("[%s] %s user %d len %d\n", lws_get_protocol(wsi)->name, name, !!user, (int)len);
	if (reason == LWS_CALLBACK_RAW_RX) {
		udp = lws_get_udp(wsi);
		from = (const struct sockaddr_in *)&udp->sa;
		printf("  from %s, port %d, length of the address %d: %.*s\n",
		       inet_ntoa(from->sin_addr), !!from->sin_port, (int)udp->salen,
		       len < 10 ? (int)len : 10, (char *)in);
		memcpy(answer + LWS_PRE, in, len);
		answer_len = len;
		lws_callback_on_writable(wsi);
		return close_on_rx ? -1 : 0;
	}
	if (reason == LWS_CALLBACK_RAW_WRITEABLE && answer_len) {
		n = lws_write(wsi, answer + LWS_PRE, answer_len, LWS_WRITE_RAW);
		printf("  wrote all %d\n", n == (int)answer_len);
		answer_len = 0;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ "p1", callback, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* a socket of the test; *port: where it is */
static int
open_peer(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof a));
	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	*port = ntohs(a.sin_port);
	return fd;
}

static void
aim(int fd, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	a.sin_port = htons((unsigned short)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!connect(fd, (struct sockaddr *)&a, sizeof a));
}

static void
say(int fd, const char *text, size_t len)
{
	CHECK(send(fd, text, len, 0) == (ssize_t)len);
	pump(&cx, 3);
}

static void
hear(int fd)
{
	char buf[9000];
	int n = (int)recv(fd, buf, sizeof buf, 0);

	printf("peer got %d: %.10s\n", n, n > 0 ? (buf[n < 10 ? n : 10] = 0, buf) : "nothing");
}

static struct lws *
udp(const char *address, int port, int flags, const char *protocol)
{
	struct lws *wsi = lws_create_adopt_udp(lws_get_vhost_by_name(cx, "default"), address, port, flags,
					       protocol, NULL, NULL, &cx, NULL);

	printf("created %d\n", !!wsi);
	pump(&cx, 3);
	return wsi;
}

int
main(void)
{
	struct lws_context_creation_info i;
	lws_sock_file_fd_type own;
	int port, to, fd, other;
	struct lws *wsi;
	char big[6000];

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);

	printf("== receives at a port\n");
	fd = open_peer(&to);
	other = open_peer(&port);
	close(other);
	wsi = udp(NULL, port, LWS_CAUDP_BIND, "p1");
	CHECK(lws_get_opaque_user_data(wsi) == &cx && lws_get_udp(wsi));
	aim(fd, port);
	say(fd, "one", 3);
	hear(fd);
	CHECK(send(fd, "aa", 2, 0) == 2);
	say(fd, "bbb", 3);
	hear(fd);
	hear(fd);

	printf("== longer than the service buffer\n");
	memset(big, 'x', sizeof big);
	say(fd, big, sizeof big);
	hear(fd);

	printf("== refused\n");
	close_on_rx = 1;
	say(fd, "c", 1);
	close_on_rx = 0;
	answer_len = 0;

	printf("== two on one port\n");
	udp(NULL, port, LWS_CAUDP_BIND, "p1");
	udp(NULL, port, LWS_CAUDP_BIND, "p0");

	printf("== unknown protocol\n");
	udp(NULL, port, LWS_CAUDP_BIND, "none"); /* ours tells its end too */

	printf("== sends first\n");
	close(fd);
	fd = open_peer(&to);
	wsi = udp("127.0.0.1", to, 0, "p1");
	memcpy(answer + LWS_PRE, "hello", 5);
	answer_len = 5;
	lws_callback_on_writable(wsi);
	pump(&cx, 3);
	hear(fd);

	printf("== a socket of the program\n");
	other = open_peer(&port);
	own.sockfd = other;
	wsi = lws_adopt_descriptor_vhost(lws_get_vhost_by_name(cx, "default"), LWS_ADOPT_RAW_SOCKET_UDP, own,
					 "p1", NULL);
	printf("adopted %d\n", !!wsi);
	pump(&cx, 3);
	aim(fd, port);
	say(fd, "to it", 5);
	hear(fd);

	printf("== destroy\n");
	lws_context_destroy(cx);
	close(fd);
	return 0;
}
