/*
 * lws_service and lws_service_fd called from inside callbacks: on nothing, on
 * the connection at hand, on another, on a descriptor that is not ours.
 * ctest: only=ours
 */
#include "matrix.h"

#include <poll.h>

static int
service(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)reason;
	(void)ret;
	lws_service(cx, -1);
	return 0;
}

static void
serve(struct lws *wsi, short events)
{
	struct pollfd pfd;

	pfd.fd = lws_get_socket_fd(wsi);
	pfd.events = POLLIN;
	pfd.revents = events;
	if (cx && pfd.fd >= 0)
		lws_service_fd(cx, &pfd);
}

static int
service_own_fd(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	(void)ret;
	if (is_alive(wsi)) {
		serve(wsi, POLLIN);
		serve(wsi, POLLOUT);
	}
	return 0;
}

static int
service_other_fd(struct lws *wsi, int reason, int *ret)
{
	(void)wsi;
	(void)reason;
	(void)ret;
	if (other)
		serve(other, POLLIN | POLLOUT);
	return 0;
}

static int
hang_up_other(struct lws *wsi, int reason, int *ret)
{
	(void)reason;
	(void)ret;
	if (other && other != wsi)
		serve(other, POLLHUP);
	return 0;
}

static int
service_foreign_fd(struct lws *wsi, int reason, int *ret)
{
	struct pollfd pfd = { 0, POLLIN, POLLIN };

	(void)wsi;
	(void)reason;
	(void)ret;
	lws_service_fd(cx, &pfd);
	CHECK(pfd.revents == POLLIN);
	lws_service_fd(cx, NULL);
	return 0;
}

int
main(void)
{
	static const struct deed deeds[] = {
		{ "service", service }, { "own fd", service_own_fd },
		{ "other fd", service_other_fd },
		{ "other hung up", hang_up_other },
		{ "foreign fd", service_foreign_fd },
	};

	return matrix_main(deeds, COUNT(deeds));
}
