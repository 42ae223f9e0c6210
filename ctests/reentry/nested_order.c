/*
 * lws_service_fd on the connection at hand, inside its RECEIVE, while further
 * frames are in hand and on the wire: they come in the order of sending.
 * ctest: only=ours
 */
#include "peer.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

static struct lws_context *cx;
static struct peer peer;
static char got[16];
static int nested;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	struct pollfd pfd;

	(void)user;
	pump_events++;
	if (reason != LWS_CALLBACK_RECEIVE)
		return 0;
	CHECK(len == 1 && strlen(got) < sizeof(got) - 1);
	strncat(got, in, 1);
	if (nested++)
		return 0;
	peer_frame(&peer, 0x81, "c", 1);
	pfd.fd = lws_get_socket_fd(wsi);
	pfd.events = POLLIN;
	pfd.revents = POLLIN;
	lws_service_fd(cx, &pfd);
	lws_service(cx, -1);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
all_here(void)
{
	return strlen(got) == 3;
}

int
main(void)
{
	static const unsigned char two[] = {
		0x81, 0x81, 0, 0, 0, 0, 'a', 0x81, 0x81, 0, 0, 0, 0, 'b'
	};
	struct lws_context_creation_info info;

	memset(&info, 0, sizeof(info));
	lws_set_log_level(LLL_ERR, NULL);
	info.protocols = protocols;
	info.vhost_name = "v";
	info.uid = info.gid = -1;
	cx = lws_create_context(&info);
	CHECK(cx);
	CHECK(!peer_open(&peer, lws_get_vhost_listen_port(
					lws_get_vhost_by_name(cx, "v"))));
	peer_upgrade(&peer, "p0");
	pump(&cx, 5);
	peer_send(&peer, two, sizeof(two));
	pump_until(&cx, all_here, 5000);
	printf("%s\n", got);
	CHECK(!strcmp(got, "abc"));
	peer_close(&peer);
	lws_context_destroy(cx);
	return 0;
}
