/*
 * info.udp_loss_sim_*: datagrams that get lost on purpose. A program that is
 * tested with them must not see a difference to the wire's own losses.
 */
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static unsigned char answer[LWS_PRE + 8];
static int received;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	(void)user;
	(void)in;
	pump_events++;
	if (reason == LWS_CALLBACK_RAW_RX) {
		received++;
		printf("received %d\n", (int)len);
		lws_callback_on_writable(wsi);
	}
	if (reason == LWS_CALLBACK_RAW_WRITEABLE && received)
		printf("wrote %d\n", lws_write(wsi, answer + LWS_PRE, 3, LWS_WRITE_RAW));
	if (reason == LWS_CALLBACK_RAW_CLOSE)
		printf("closed\n");
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
run(uint8_t tx, uint8_t rx)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct lws_context_creation_info i;
	lws_sock_file_fd_type own;
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), n;
	char buf[8];

	printf("== %d percent of what is sent, %d of what is received\n", tx, rx);
	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.udp_loss_sim_tx_pc = tx;
	i.udp_loss_sim_rx_pc = rx;
	received = 0;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	own.sockfd = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(!bind(own.sockfd, (struct sockaddr *)&a, sizeof a));
	CHECK(!getsockname(own.sockfd, (struct sockaddr *)&a, &len));
	CHECK(lws_adopt_descriptor_vhost(lws_get_vhost_by_name(cx, "default"),
					 LWS_ADOPT_RAW_SOCKET_UDP, own, "p0", NULL));
	pump(&cx, 3);
	CHECK(!connect(fd, (struct sockaddr *)&a, sizeof a));
	for (n = 0; n < 3; n++) {
		CHECK(send(fd, "abc", 3, 0) == 3);
		pump(&cx, 3);
		printf("peer got %d\n", (int)recv(fd, buf, sizeof buf, 0));
	}
	lws_context_destroy(cx);
	close(fd);
}

int
main(void)
{
	run(0, 0);
	run(100, 0);
	run(0, 100);
	return 0;
}
