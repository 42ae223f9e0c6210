/*
 * info.ip_limit_wsi drops what one address has too much; info.ip_limit_ah lets
 * it wait for its own earlier requests, and nobody else.
 * ctest: only=ours
 */
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static struct lws *held[8];
static int held_count, creates;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_WSI_CREATE)
		creates++;
	if (reason == LWS_CALLBACK_HTTP && !strcmp(in, "/hold")) {
		held[held_count++] = wsi;
		return 0;
	}
	if (reason == LWS_CALLBACK_HTTP_WRITEABLE)
		return lws_return_http_status(wsi, 200, "done") < 0 ||
		       lws_http_transaction_completed(wsi) ? -1 : 0;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
start(unsigned short wsi, unsigned short ah)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	i.protocols = protocols;
#if defined(LWS_WITH_PEER_LIMITS)
	i.ip_limit_ah = ah;
	i.ip_limit_wsi = wsi;
#else
	memcpy(&i._unused[1], &ah, sizeof(ah));
	memcpy((char *)&i._unused[1] + sizeof(ah), &wsi, sizeof(wsi));
#endif
	cx = lws_create_context(&i);
	CHECK(cx);
	creates = held_count = 0;
	pump(&cx, 3);
}

/* connects from another address of this machine */
static void
open_from(struct peer *p, const char *address)
{
	struct sockaddr_in sa;

	memset(p, 0, sizeof(*p));
	memset(&sa, 0, sizeof(sa));
	p->fd = socket(AF_INET, SOCK_STREAM, 0);
	sa.sin_family = AF_INET;
	inet_pton(AF_INET, address, &sa.sin_addr);
	CHECK(!bind(p->fd, (struct sockaddr *)&sa, sizeof(sa)));
	inet_pton(AF_INET, "127.0.0.1", &sa.sin_addr);
	sa.sin_port = htons((uint16_t)default_port(cx));
	CHECK(!connect(p->fd, (struct sockaddr *)&sa, sizeof(sa)));
	pump(&cx, 3);
}

static const char get[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n",
		  hold[] = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";

static int
is_answered(struct peer *p)
{
	pump(&cx, 3);
	if (!p->eof)
		peer_read(p);
	return peer_has(p, "HTTP/1.1 ");
}

static struct peer p[6];

static void
connections(void)
{
	start(2, 0);
	for (int n = 0; n < 4; n++)
		open_from(&p[n], n == 3 ? "127.0.0.9" : "127.0.0.1");
	for (int n = 0; n < 4; n++)
		if (n != 2) {
			peer_say(&p[n], get);
			CHECK(is_answered(&p[n]));
		}
	peer_read(&p[2]);
	CHECK(p[2].eof && !p[2].len);
	CHECK(creates == 3);
	/* a place is free again when a connection has ended */
	peer_close(&p[0]);
	pump(&cx, 3);
	open_from(&p[0], "127.0.0.1");
	peer_say(&p[0], get);
	CHECK(is_answered(&p[0]));
	lws_context_destroy(cx);
	for (int n = 0; n < 4; n++)
		close(p[n].fd);
}

static void
tables(void)
{
	start(0, 2);
	for (int n = 0; n < 5; n++) {
		open_from(&p[n], n == 4 ? "127.0.0.9" : "127.0.0.1");
		peer_say(&p[n], n < 2 ? hold : get);
		pump(&cx, 3);
	}
	CHECK(held_count == 2);
	CHECK(!is_answered(&p[2]) && !is_answered(&p[3]));
	CHECK(is_answered(&p[4]));
	/* one that waits goes */
	peer_close(&p[2]);
	pump(&cx, 3);
	lws_callback_on_writable(held[0]);
	CHECK(is_answered(&p[0]));
	CHECK(is_answered(&p[3]));
	/* one that holds a table goes */
	peer_close(&p[1]);
	pump(&cx, 3);
	for (int n = 0; n < 2; n++) {
		peer_reset(&p[3]);
		peer_say(&p[3], get);
		CHECK(is_answered(&p[3]));
	}
	lws_context_destroy(cx);
	for (int n = 0; n < 5; n++)
		close(p[n].fd);
}

int
main(void)
{
	connections();
	tables();
	return 0;
}
