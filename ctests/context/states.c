/*
 * System states: the steps, a notifier that holds them up, and what waits for
 * them. ctest:
 */
#include <libwebsockets.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static int hold = 1;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	(void)wsi;
	(void)user;
	(void)in;
	(void)len;
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		tr_line("PROTOCOL_INIT");
	if (reason == LWS_CALLBACK_PROTOCOL_DESTROY)
		tr_line("PROTOCOL_DESTROY");
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
notify(struct lws_state_manager *mgr, struct lws_state_notify_link *link,
       int current, int target)
{
	tr_line("%s: %d -> %d", link->name, current, target);
	CHECK(lws_system_context_from_system_mgr(mgr));
	if (target == LWS_SYSTATE_POLICY_VALID &&
	    current == LWS_SYSTATE_CPD_POST_TIME && hold) {
		tr_line("held");
		return 1;
	}
	return 0;
}


int
main(void)
{
	static lws_state_notify_link_t
		one = { { NULL, NULL, NULL }, notify, "one" },
		two = { { NULL, NULL, NULL }, notify, "two" };
	static lws_state_notify_link_t *links[] = { &one, NULL };
	struct lws_context_creation_info i;
	lws_state_manager_t *mgr;

	quiet_info(&i, 60);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.register_notifier_list = links;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	mgr = lws_system_get_state_manager(cx);
	CHECK(mgr);
	tr_line("state %d", mgr->state);
	pump(&cx, 6);
	tr_line("state %d", mgr->state);
	lws_state_reg_notifier(mgr, &two);
	hold = 0;
	tr_line("-- released");
	lws_state_transition_steps(mgr, LWS_SYSTATE_OPERATIONAL);
	pump(&cx, 6);
	tr_line("state %d", mgr->state);
	lws_state_reg_deregister(&two);
	tr_line("-- back and forth");
	tr_line("transition=%d", lws_state_transition(mgr,
						LWS_SYSTATE_POLICY_INVALID));
	tr_line("state %d", mgr->state);
	pump(&cx, 6);
	lws_context_destroy(cx);
	tr_line("context %s", cx ? "there" : "NULL");
	return 0;
}
