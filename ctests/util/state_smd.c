/*
 * State machines of the program's own publish their states: each that is reached is a message in the machine's class to the
 * peers of its context. The context's own states are not looked at here.
 */
#include <stdio.h>
#include <string.h>

#include <libwebsockets.h>

static int on_message(void *opaque, lws_smd_class_t class, lws_usec_t timestamp, void *buf, size_t len)
{
	(void)timestamp;
	printf("  %s: class %x, %zu bytes: %.*s\n", (const char *)opaque, (unsigned)class, len, (int)len, (const char *)buf);
	return 0;
}

static int veto_from;

static int on_state(struct lws_state_manager *machine, struct lws_state_notify_link *link, int current, int target)
{
	printf("  %s: %d -> %d\n", link->name, current, target);
	if (current != target && current == veto_from)
		return 1;
	/* one that goes further by itself */
	if (current == 3 && target == 3)
		lws_state_transition(machine, 0);
	return 0;
}

static void settle(struct lws_context *context)
{
	int n;

	for (n = 0; n < 20; n++)
		lws_service(context, -1);
}

int main(void)
{
	static const char *names[] = { "cold", "warm", "hot", "burning" };
	struct lws_context_creation_info info;
	struct lws_context *context;
	lws_state_notify_link_t link;
	lws_state_manager_t machine;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	lws_set_log_level(0, NULL);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	settle(context);
	memset(&machine, 0, sizeof(machine));
	memset(&link, 0, sizeof(link));
	machine.name = "oven";
	machine.state_names = names;
	machine.smd_class = LWSSMDCL_INTERACTION;
	machine.context = context;
	link.notify_cb = on_state;
	link.name = "door";
	lws_state_reg_notifier(&machine, &link);
	veto_from = -1;
	if (!lws_smd_register(context, "all", 0, LWSSMDCL_INTERACTION, on_message) ||
	    !lws_smd_register(context, "other", 0, LWSSMDCL_NETWORK, on_message))
		return 1;

	puts("steps to 2");
	lws_state_transition_steps(&machine, 2);
	settle(context);
	puts("back to 1, not to 1 again");
	lws_state_transition(&machine, 1);
	lws_state_transition(&machine, 1);
	settle(context);
	puts("vetoed");
	veto_from = 1;
	lws_state_transition(&machine, 2);
	settle(context);
	puts("one goes on from inside");
	veto_from = -1;
	lws_state_transition(&machine, 3);
	settle(context);
	puts("without a class");
	machine.smd_class = 0;
	lws_state_transition(&machine, 1);
	settle(context);
	lws_context_destroy(context);
	return 0;
}
