/*
 * ctest: only=ours
 * lws_smd from other threads and from the callback; the reference hangs when a peer unregisters in its callback, aborts for
 * long messages and crashes for a NULL peer.
 */
#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>

#define SENDERS 4
#define EACH 500

static struct lws_context *context;
static struct lws_smd_peer *self, *other;
static int got[SENDERS], bad, once, others;

static int count(void *opaque, lws_smd_class_t class, lws_usec_t at, void *buf, size_t len)
{
	int who, n;

	(void)opaque, (void)class, (void)at, (void)len;
	/* each sender's in their order */
	if (sscanf(buf, "%d %d", &who, &n) != 2 || got[who] != n)
		bad = 1;
	got[who]++;
	return 0;
}

static void *sender(void *arg)
{
	int who = (int)(intptr_t)arg;

	for (int n = 0; n < EACH;)
		if (!lws_smd_msg_printf(context, 1, "%d %d", who, n))
			n++;
		else
			sched_yield();
	return NULL;
}

static int leaves(void *opaque, lws_smd_class_t class, lws_usec_t at, void *buf, size_t len)
{
	(void)opaque, (void)class, (void)at, (void)buf, (void)len;
	once++;
	lws_smd_unregister(self);
	lws_smd_unregister(other);
	return 0;
}

static int not_me(void *opaque, lws_smd_class_t class, lws_usec_t at, void *buf, size_t len)
{
	(void)opaque, (void)class, (void)at, (void)buf, (void)len;
	others++;
	return 0;
}

static int again(void *opaque, lws_smd_class_t class, lws_usec_t at, void *buf, size_t len)
{
	(void)opaque, (void)class, (void)at, (void)buf, (void)len;
	lws_smd_msg_printf(context, 4, "for ever");
	return 0;
}

int main(void)
{
	struct lws_context_creation_info info = { .port = CONTEXT_PORT_NO_LISTEN };
	pthread_t threads[SENDERS];
	struct lws_smd_peer *peer;
	int all = 0;

	lws_set_log_level(0, NULL);
	context = lws_create_context(&info);
	peer = lws_smd_register(context, NULL, 0, 1, count);
	for (int i = 0; i < SENDERS; i++)
		pthread_create(&threads[i], NULL, sender, (void *)(intptr_t)i);
	while (all < SENDERS * EACH) {
		lws_service(context, 0);
		for (int i = all = 0; i < SENDERS; i++)
			all += got[i];
	}
	for (int i = 0; i < SENDERS; i++)
		pthread_join(threads[i], NULL);
	lws_smd_unregister(peer);
	lws_smd_unregister(peer);
	lws_smd_unregister(NULL);

	self = lws_smd_register(context, NULL, 0, 2, leaves);
	other = lws_smd_register(context, NULL, 0, 2, not_me);
	lws_smd_msg_printf(context, 2, "x");
	lws_smd_msg_printf(context, 2, "y");
	lws_service(context, -1);
	if (once != 1 || others || lws_smd_msg_alloc(context, 2, 1))
		bad = 1;

	/* a message that sends itself does not keep the loop */
	lws_smd_register(context, NULL, 0, 4, again);
	lws_smd_msg_printf(context, 4, "x");
	lws_service(context, -1);
	lws_service(context, -1);
	if (lws_smd_msg_alloc(context, 4, 385) || lws_smd_msg_alloc(context, 4, (size_t)-1) || lws_smd_msg_send(context, NULL) != 1)
		bad = 1;
	lws_smd_msg_free(NULL);
	lws_context_destroy(context);
	return bad;
}
