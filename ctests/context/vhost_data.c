/*
 * What belongs to a vhost: per-protocol storage, options, user pointers and
 * look-ups, during creation, while serving and at the end. ctest:
 */
#include <libwebsockets.h>

#include "peer.h"
#include "trace.h"

struct store {
	int count;
	char room[60];
};

static struct lws_context *cx;

static void
describe(struct lws *wsi, const char *label, void *in)
{
	struct lws_vhost *vh = lws_get_vhost(wsi);
	const struct lws_protocols *p = lws_get_protocol(wsi);
	struct store *s = lws_protocol_vh_priv_get(vh, p);
	const struct lws_protocol_vhost_options *o;
	const char *text = NULL;
	int n;

	tr_line("  %s vhost=%s store=%s", label, lws_get_vhost_name(vh),
		s ? "set" : "NULL");
	if (s)
		tr_line("  count=%d", s->count++);
	for (o = in; o; o = o->next)
		tr_line("  option %s=%s", o->name, o->value);
	o = lws_pvo_search(in, "two");
	tr_line("  search two: %s", o ? o->value : "NULL");
	n = lws_pvo_get_str(in, "one", &text);
	tr_line("  lws_pvo_get_str=%d %s", n, text ? text : "NULL");
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	const struct lws_protocols *p = lws_get_protocol(wsi);

	if (reason != LWS_CALLBACK_PROTOCOL_INIT &&
	    reason != LWS_CALLBACK_PROTOCOL_DESTROY)
		return 0;
	tr_callback(p->name, wsi, (int)reason, user, in, len);
	if (reason == LWS_CALLBACK_PROTOCOL_INIT) {
		struct store *s;

		describe(wsi, "before", in);
		s = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), p,
						sizeof(*s));
		CHECK(s);
		for (size_t n = 0; n < sizeof(*s); n++)
			CHECK(!((char *)s)[n]);
		s->count = 10;
		describe(wsi, "after", NULL);
		CHECK(lws_context_user(lws_get_context(wsi)) == &cx);
		CHECK(lws_get_context(wsi));
	} else
		describe(wsi, "end", NULL);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 7, &cx, 0 },
	{ "p1", callback, 0, 0, 8, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static const struct lws_protocol_vhost_options
	two = { NULL, NULL, "two", "2" }, one = { &two, NULL, "one", "1" },
	pvo = { NULL, &one, "p1", "" };

static void
finalize(struct lws_vhost *vh, void *arg)
{
	tr_line("finalize %s %s", (char *)arg, lws_get_vhost_name(vh));
}

static void
look_up(void)
{
	static const char *const names[] = { "A", "B", "a", "nosuch",
					     "default" };
	struct lws_vhost *a = lws_get_vhost_by_name(cx, "A");
	const struct lws_protocols *p;

	for (size_t n = 0; n < COUNT(names); n++) {
		struct lws_vhost *vh = lws_get_vhost_by_name(cx, names[n]);

		tr_line("vhost %s: %s", names[n], vh ? "found" : "NULL");
		if (!vh)
			continue;
		tr_line("  name=%s port=%d listen=%d iface=%s user=%s",
			lws_get_vhost_name(vh), lws_get_vhost_port(vh),
			lws_get_vhost_listen_port(vh),
			lws_get_vhost_iface(vh) ? lws_get_vhost_iface(vh) :
			"NULL", lws_get_vhost_user(vh) == names ? "mine" :
			lws_get_vhost_user(vh) ? "set" : "NULL");
		CHECK(lws_vhost_user(vh) == lws_get_vhost_user(vh));
	}
	p = lws_vhost_name_to_protocol(a, "p1");
	tr_line("p1 by name: %s", p ? p->name : "NULL");
	tr_line("same array: %s", p == &protocols[1] ? "yes" : "a copy");
	p = lws_vhost_name_to_protocol(a, "p0");
	CHECK(p && p->id == 7 && p->user == &cx && p->callback == callback);
	p = lws_vhost_name_to_protocol(a, "nosuch");
	tr_line("nosuch by name: %s", p ? p->name : "NULL");
	tr_line("threads=%d", lws_get_count_threads(cx));
	tr_line("deprecated=%d", lws_context_is_deprecated(cx));
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct lws_vhost *vh;

	quiet_info(&i, 60);
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.user = &cx;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.finalize = finalize;
	i.vhost_name = "A";
	i.finalize_arg = (void *)(uintptr_t)"first";
	i.pvo = &pvo;
	tr_line("-- before A");
	CHECK(lws_create_vhost(cx, &i));
	tr_line("-- before the first service");
	pump(&cx, 4);
	i.vhost_name = "B";
	i.pvo = NULL;
	i.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	i.finalize_arg = (void *)(uintptr_t)"second";
	tr_line("-- before B");
	vh = lws_create_vhost(cx, &i);
	CHECK(vh);
	look_up();
	tr_line("-- destroy B");
	lws_vhost_destroy(vh);
	pump(&cx, 4);
	tr_line("B: %s", lws_get_vhost_by_name(cx, "B") ? "there" : "gone");
	tr_line("-- destroy all");
	lws_context_destroy(cx);
	tr_line("context %s", cx ? "there" : "NULL");
	return 0;
}
