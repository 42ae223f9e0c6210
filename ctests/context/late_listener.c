/*
 * A unix listener whose directory comes into being later: the vhost is up at
 * once, its listener within some seconds. ctest: only=ours waits
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "peer.h"

static const char path[] = "late/sock";
static struct lws_context *cx;
static lws_sorted_usec_list_t sul;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
tick(lws_sorted_usec_list_t *s)
{
	lws_sul_schedule(cx, 0, s, tick, 50000);
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct stat st;
	time_t end;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.iface = path;
	i.options = LWS_SERVER_OPTION_UNIX_SOCK;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	CHECK(lws_service(cx, -1) == 0);
	CHECK(stat(path, &st));
	CHECK(!mkdir("late", 0700));
	end = time(NULL) + 30;
	lws_sul_schedule(cx, 0, &sul, tick, 1);
	while (stat(path, &st) && time(NULL) < end)
		CHECK(lws_service(cx, 0) == 0);
	CHECK(!stat(path, &st));
	CHECK(S_ISSOCK(st.st_mode));
	lws_sul_cancel(&sul);
	lws_context_destroy(cx);
	CHECK(!cx);
	/* its socket file goes with it */
	CHECK(stat(path, &st));
	puts("there after all");
	return 0;
}
