/*
 * ctest: a raw proxy: what is accepted with the role "raw-proxy" is passed on
 * to a server in the same process, with flow control both ways.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "trace.h"

#define HIGH 20000

static struct lws_context *cx;
static int onward_port, quiet, refuses;

/* two connections, and what the one has brought for the other */
struct pair {
	struct lws *in, *out;
	unsigned char *data[2];	/* for the incoming side, for the onward */
	size_t len[2];
	size_t most;
};

static struct pair *current;

static int
begin(struct lws *wsi, const char *protocol, struct lws *parent)
{
	struct lws_client_connect_info i;
	struct pair *p = calloc(1, sizeof(*p));

	for (int n = 0; n < 2; n++)
		p->data[n] = malloc(LWS_PRE + 4000000);
	current = p;
	p->in = wsi;
	lws_set_opaque_user_data(wsi, p);
	lws_rx_flow_control(wsi, 0);
	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.vhost = lws_get_vhost(wsi);
	i.address = i.host = "127.0.0.1";
	i.port = onward_port;
	i.method = "RAW";
	i.local_protocol_name = protocol;
	i.opaque_user_data = p;
	i.parent_wsi = parent;
	i.pwsi = &p->out;
	return !lws_client_connect_via_info(&i);
}

static int
pass_on(struct lws *from, struct pair *p, int to, const void *in, size_t len)
{
	memcpy(p->data[to] + LWS_PRE + p->len[to], in, len);
	p->len[to] += len;
	if (p->len[to] > p->most)
		p->most = p->len[to];
	if (p->len[to] > HIGH)
		lws_rx_flow_control(from, 0);
	lws_callback_on_writable(to ? p->out : p->in);
	return 0;
}

static int
flush(struct lws *wsi, struct pair *p, int at)
{
	struct lws *other = at ? p->in : p->out;

	if (p->len[at] && lws_write(wsi, p->data[at] + LWS_PRE, p->len[at],
				    LWS_WRITE_RAW) < 0)
		return -1;
	p->len[at] = 0;
	if (!other)
		return -1;
	lws_rx_flow_control(other, 1);
	return 0;
}

static void
gone(struct pair *p, int at)
{
	struct lws *other = at ? p->in : p->out;

	if (at)
		p->out = NULL;
	else
		p->in = NULL;
	if (other) {
		lws_callback_on_writable(other);
		return;
	}
	free(p->data[0]);
	free(p->data[1]);
	free(p);
	current = NULL;
}

static int
callback(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
	 void *user, void *in, size_t len)
{
	struct pair *p = wsi ? lws_get_opaque_user_data(wsi) : NULL;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	if (!quiet || (reason != LWS_CALLBACK_RAW_PROXY_SRV_RX &&
		       reason != LWS_CALLBACK_RAW_PROXY_CLI_RX &&
		       reason != LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE &&
		       reason != LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE))
		tr_callback(name, wsi, (int)reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_RAW_PROXY_SRV_ADOPT:
		return refuses ? -1 :
		       begin(wsi, name, *name == 'c' ? wsi : NULL);
	case LWS_CALLBACK_RAW_PROXY_CLI_ADOPT:
		lws_rx_flow_control(p->in, 1);
		return 0;
	case LWS_CALLBACK_RAW_PROXY_SRV_RX:
		return pass_on(wsi, p, 1, in, len);
	case LWS_CALLBACK_RAW_PROXY_CLI_RX:
		return pass_on(wsi, p, 0, in, len);
	case LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE:
		return flush(wsi, p, 0);
	case LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE:
		return flush(wsi, p, 1);
	case LWS_CALLBACK_RAW_PROXY_SRV_CLOSE:
		if (p)
			gone(p, 0);
		return 0;
	case LWS_CALLBACK_RAW_PROXY_CLI_CLOSE:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		gone(p, 1);
		return 0;
	default:
		return 0;
	}
}

static int
cb_http(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP) {
		if (lws_return_http_status(wsi, 200, "http"))
			return -1;
		return lws_http_transaction_completed(wsi);
	}
	return callback("http", wsi, reason, user, in, len);
}

static int
cb_proxy(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	return callback("proxy", wsi, reason, user, in, len);
}

static int
cb_child(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	return callback("child", wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", cb_http, 0, 0, 0, NULL, 0 },
	{ "proxy", cb_proxy, 8, 0, 0, NULL, 0 },
	{ "child", cb_child, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
listen_anywhere(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!bind(fd, (struct sockaddr *)&a, sizeof(a)) && !listen(fd, 5));
	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	onward_port = ntohs(a.sin_port);
	return fd;
}

/* what the onward server gets */
static int
accepted(int listener)
{
	int fd = -1;

	for (int n = 0; n < 200 && fd < 0; n++) {
		pump(&cx, 2);
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	}
	CHECK(fd >= 0);
	pump(&cx, 4);
	return fd;
}

static void
heard(const char *who, int fd)
{
	char b[256];
	ssize_t n;

	pump(&cx, 4);
	n = recv(fd, b, sizeof(b), MSG_DONTWAIT);
	tr_line("  %s: %s", who, n > 0 ? tr_text(b, (size_t)n) :
		n ? "nothing" : "end");
}

static void
talk(int port, int listener, const char *first)
{
	static struct peer near;
	int far;

	tr_line("* there and back, the near end closes");
	peer_open(&near, port);
	peer_say(&near, first);
	far = accepted(listener);
	heard("far", far);
	CHECK(send(far, "answer", 6, 0) == 6);
	heard("near", near.fd);
	peer_say(&near, "more");
	peer_close(&near);
	pump(&cx, 4);
	heard("far", far);
	heard("far", far);
	close(far);
	pump(&cx, 4);

	tr_line("* the far end closes with words");
	peer_open(&near, port);
	peer_say(&near, first);
	far = accepted(listener);
	heard("far", far);
	CHECK(send(far, "last words", 10, 0) == 10);
	close(far);
	pump(&cx, 4);
	heard("near", near.fd);
	heard("near", near.fd);
	peer_close(&near);
	pump(&cx, 4);
}

/* sends until nothing is taken any more */
static size_t
fill(int fd)
{
	static unsigned char block[65536];
	size_t sent = 0;

	for (int idle = 0; idle < 5;) {
		ssize_t n = send(fd, block, sizeof(block), MSG_DONTWAIT);

		idle = n > 0 ? 0 : idle + 1;
		sent += n > 0 ? (size_t)n : 0;
		pump(&cx, 2);
	}
	return sent;
}

static size_t
take(int fd, size_t wanted)
{
	static unsigned char block[65536];
	size_t got = 0;

	for (int idle = 0; got < wanted && idle < 200;) {
		ssize_t n = recv(fd, block, sizeof(block), MSG_DONTWAIT);

		idle = n > 0 ? 0 : idle + 1;
		got += n > 0 ? (size_t)n : 0;
		pump(&cx, 2);
	}
	return got;
}

static void
flow(int port, int listener)
{
	static struct peer near;
	size_t sent;
	int far;

	for (int back = 0; back < 2; back++) {
		tr_line("* a slow end, %s", back ? "back" : "there");
		peer_open(&near, port);
		peer_say(&near, "x");
		far = accepted(listener);
		CHECK(take(far, 1) == 1);
		quiet = 1;
		sent = fill(back ? far : near.fd);
		tr_line("  some is held back: %d",
			sent > HIGH && sent < 60000000);
		tr_line("  a bounded part of it here: %d",
			current->most < HIGH + 10000);
		tr_line("  all comes: %d",
			take(back ? near.fd : far, sent) == sent);
		tr_line("  the other way is free: %d",
			send(back ? near.fd : far, "y", 1, 0) == 1 &&
			take(back ? far : near.fd, 1) == 1);
		quiet = 0;
		peer_close(&near);
		pump(&cx, 4);
		close(far);
		pump(&cx, 4);
	}
}

static struct lws_vhost *
vhost(const char *name, uint64_t options, const char *protocol)
{
	struct lws_context_creation_info i;
	struct lws_vhost *made;

	memset(&i, 0, sizeof(i));
	i.vhost_name = name;
	i.protocols = protocols;
	i.options = options;
	if (protocol) {
		i.listen_accept_role = "raw-proxy";
		i.listen_accept_protocol = protocol;
	}
	made = lws_create_vhost(cx, &i);
	CHECK(made);
	return made;
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct lws_vhost *only, *mixed, *plain;
	lws_sock_file_fd_type fd;
	static struct peer near;
	int listener = listen_anywhere(), sp[2], far;

	quiet_info(&i, 60);
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	only = vhost("only", LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG,
		     "proxy");
	mixed = vhost("mixed",
		      LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG,
		      "proxy");
	plain = vhost("plain", 0, NULL);
	pump(&cx, 4);
	talk(lws_get_vhost_listen_port(only), listener, "hello");
	flow(lws_get_vhost_listen_port(only), listener);

	tr_line("* refused by the program");
	refuses = 1;
	peer_open(&near, lws_get_vhost_listen_port(only));
	heard("near", near.fd);
	peer_close(&near);
	refuses = 0;

	tr_line("* fallback: http, then something else");
	peer_open(&near, lws_get_vhost_listen_port(mixed));
	peer_say(&near, "GET / HTTP/1.0\r\n\r\n");
	pump(&cx, 4);
	peer_read(&near);
	tr_line("  http is served: %d", peer_has(&near, "http"));
	peer_close(&near);
	pump(&cx, 4);
	talk(lws_get_vhost_listen_port(mixed), listener, "\x01 no http");

	tr_line("* adopted, the onward side its child");
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fd.sockfd = sp[0];
	CHECK(lws_adopt_descriptor_vhost(plain, LWS_ADOPT_SOCKET |
					 LWS_ADOPT_FLAG_RAW_PROXY, fd, "child",
					 NULL));
	CHECK(send(sp[1], "adopted", 7, 0) == 7);
	far = accepted(listener);
	heard("far", far);
	close(sp[1]);
	heard("far", far);
	close(far);
	pump(&cx, 4);

	tr_line("* nobody listens");
	close(listener);
	peer_open(&near, lws_get_vhost_listen_port(only));
	heard("near", near.fd);
	peer_close(&near);
	pump(&cx, 4);
	tr_line("* end");
	lws_context_destroy(cx);
	return 0;
}
