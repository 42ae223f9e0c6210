/*
 * The two protocols of the client programs: one for what the vhost itself
 * does, one that connections name. Both lead to the program's cb(), which
 * stands before this.
 */
#ifndef CTESTS_CLIENT_PROTOCOLS_H
#define CTESTS_CLIENT_PROTOCOLS_H

static int
cb_p0(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return cb("p0", wsi, reason, user, in, len);
}

static int
cb_c0(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return cb("c0", wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb_p0, 16, 0, 0, NULL, 0 },
	{ "c0", cb_c0, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

#endif
