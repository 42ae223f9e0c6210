/* State managers: who is told what in which order, vetoes, jumps and steps, and notifiers that change the list or
 * the state while they are told. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = { "S0", "S1", "S2", "S3", "S4", "S5" };
static lws_state_manager_t m;
static int veto_at = -1, veto_now, jump_at = -1, jump_to, drop_at = -1, late_veto_at = -1;

static int note(struct lws_state_manager *mgr, struct lws_state_notify_link *l, int current, int target)
{
	int r = 0;

	printf("  %s: %d -> %d (mgr %d, state %d)\n", l->name, current, target, mgr == &m, mgr->state);
	if (current != target && target == veto_at && !strcmp(l->name, "b"))
		r = veto_now;
	if (current == target && target == jump_at && !strcmp(l->name, "b")) {
		int t = jump_to;

		jump_at = -1;
		r = lws_state_transition_steps(mgr, t);
		printf("  %s: nested steps to %d gave %d, state %d\n", l->name, t, r, mgr->state);
		r = 0;
	}
	if (current == target && target == late_veto_at)
		r = 1;
	if (target == drop_at && current != target && !strcmp(l->name, "a")) {
		lws_state_reg_deregister(l);
		printf("  a: deregistered itself\n");
	}
	if (r)
		printf("  %s: veto %d\n", l->name, r);
	return r;
}

static lws_state_notify_link_t a = { .notify_cb = note, .name = "a" }, b = { .notify_cb = note, .name = "b" },
			       c = { .notify_cb = note, .name = "c" };

int main(void)
{
	lws_state_notify_link_t *const list[] = { &a, &b, NULL };

	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	m.name = "mgr";
	m.state_names = (const char **)names;
	printf("no notifiers, transition 1: %d", lws_state_transition(&m, 1));
	printf(" state %d\n", m.state);
	printf("no notifiers, steps 3: %d", lws_state_transition_steps(&m, 3));
	printf(" state %d\n", m.state);
	lws_state_reg_notifier_list(&m, list);
	lws_state_reg_notifier(&m, &c);
	printf("registered %u\n", (unsigned int)m.notify_list.count);
	m.state = 0;
	printf("transition 2\n");
	printf("= %d", lws_state_transition(&m, 2));
	printf(" state %d\n", m.state);
	printf("transition to the same 2\n");
	printf("= %d", lws_state_transition(&m, 2));
	printf(" state %d\n", m.state);
	printf("steps to the same 2\n");
	printf("= %d", lws_state_transition_steps(&m, 2));
	printf(" state %d\n", m.state);
	printf("steps 4\n");
	printf("= %d", lws_state_transition_steps(&m, 4));
	printf(" state %d\n", m.state);
	printf("steps back to 1\n");
	printf("= %d", lws_state_transition_steps(&m, 1));
	printf(" state %d\n", m.state);
	printf("transition back to 1\n");
	printf("= %d", lws_state_transition(&m, 1));
	printf(" state %d\n", m.state);
	veto_at = 3;
	for (veto_now = -1; veto_now < 3; veto_now++) {
		m.state = 1;
		printf("steps 5 with b answering %d at 3\n", veto_now);
		printf("= %d", lws_state_transition_steps(&m, 5));
		printf(" state %d\n", m.state);
	}
	m.state = 1;
	veto_now = 1;
	printf("transition 3 with veto 1\n");
	printf("= %d", lws_state_transition(&m, 3));
	printf(" state %d\n", m.state);
	veto_at = -1;
	m.state = 1;
	jump_at = 2;
	jump_to = 4;
	printf("steps 5, b goes on to 4 when told 2\n");
	printf("= %d", lws_state_transition_steps(&m, 5));
	printf(" state %d\n", m.state);
	m.state = 1;
	jump_at = 2;
	jump_to = 5;
	printf("transition 2, b goes on to 5 when told 2\n");
	printf("= %d", lws_state_transition(&m, 2));
	printf(" state %d\n", m.state);
	m.state = 1;
	drop_at = 2;
	printf("steps 2, a deregisters at 2\n");
	printf("= %d", lws_state_transition_steps(&m, 2));
	printf(" state %d registered %u\n", m.state, (unsigned int)m.notify_list.count);
	lws_state_reg_deregister(&b);
	lws_state_reg_deregister(&b);
	lws_state_reg_notifier(&m, &b);
	m.state = 0;
	printf("b registered again: order\n");
	printf("= %d\n", lws_state_transition(&m, 1));
	m.state = 0;
	late_veto_at = 1;
	printf("veto after the fact\n");
	printf("= %d", lws_state_transition_steps(&m, 2));
	printf(" state %d\n", m.state);
	printf("negative target\n");
	printf("= %d", lws_state_transition_steps(&m, -1));
	printf(" state %d\n", m.state);
	return 0;
}
