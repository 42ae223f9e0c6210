/* lws_smd: who gets which message and in which order, system states, the limits of the queue. */
#include <libwebsockets.h>
#include <string.h>
#include <stdio.h>

static struct lws_context *context;
static int nested, result;

static int told(void *opaque, lws_smd_class_t class, lws_usec_t at, void *buf, size_t len)
{
	static lws_usec_t last;

	printf("  %s: class %x, %zu bytes: %.*s%s\n", (const char *)opaque, class, len, (int)len, (const char *)buf,
	       at + LWS_US_PER_SEC < last ? " EARLIER" : "");
	last = at;
	if (nested) {
		nested = 0;
		printf("  nested %d\n", lws_smd_msg_printf(context, 1, "nested"));
	}
	return result;
}

static void turn(const char *what)
{
	printf("%s\n", what);
	for (int i = 0; i < 3; i++) {
		lws_service(context, -1);
		printf(" pass\n");
	}
}

int main(void)
{
	struct lws_context_creation_info info = { .port = CONTEXT_PORT_NO_LISTEN, .early_smd_cb = told, .early_smd_opaque = "early", .early_smd_class_filter = 6 };
	struct lws_smd_peer *a, *b, *c, *d;
	char *payload;
	void *gone;
	int n;

	lws_set_log_level(0, NULL);
	context = lws_create_context(&info);
	turn("start");
	printf("nobody wants it: alloc %d printf %d\n", lws_smd_msg_alloc(context, 1, 10) != NULL, lws_smd_msg_printf(context, 1, "x"));
	a = lws_smd_register(context, "a", 0, 1, told);
	b = lws_smd_register(context, "b", 0, 7, told);
	c = lws_smd_register(context, "c", 0, 2, told);
	d = lws_smd_register(context, "d", 0, 0, told);
	printf("registered %d %d %d %d\n", !!a, !!b, !!c, !!d);
	printf("printf %d", lws_smd_msg_printf(context, 1, "{\"n\":%d}", 5));
	printf(" %d", lws_smd_msg_printf(context, 2, "two %s", "words"));
	printf(" %d", lws_smd_msg_printf(context, 3, "three"));
	printf(" %d", lws_smd_msg_printf(context, 0x101, "mixed"));
	printf(" %d\n", lws_smd_msg_printf(context, 8, "for nobody"));
	turn("several");

	payload = lws_smd_msg_alloc(context, 1, 4);
	memcpy(payload, "abcd", 4);
	printf("send %d", lws_smd_msg_send(context, payload));
	payload = lws_smd_msg_alloc(context, 1, 0);
	printf(" %d\n", lws_smd_msg_send(context, payload));
	gone = lws_smd_msg_alloc(context, 1, 384);
	lws_smd_msg_free(&gone);
	printf("freed %d\n", !gone);
	turn("allocated");

	lws_smd_msg_printf(context, 1, "before");
	lws_smd_unregister(d);
	d = lws_smd_register(context, "d", 0, 1, told);
	lws_smd_msg_printf(context, 1, "after");
	turn("a late peer");
	lws_smd_msg_printf(context, 1, "not for b");
	lws_smd_unregister(b);
	turn("one less");

	nested = 1;
	lws_smd_msg_printf(context, 1, "outer");
	turn("sent in the callback");
	for (result = -1; result < 2; result += 2) {
		lws_smd_msg_printf(context, 1, "first");
		lws_smd_msg_printf(context, 1, "second");
		turn("results do not matter");
	}
	for (n = 0; n < 100 && !lws_smd_msg_printf(context, 1, "%d", n); n++)
		;
	gone = lws_smd_msg_alloc(context, 1, 5);
	printf("%d wait, alloc %d send %d\n", n, gone != NULL, lws_smd_msg_send(context, gone));
	lws_smd_msg_free(&gone);
	turn("full");
	printf("400 bytes: %d\n", lws_smd_msg_printf(context, 1, "%0400d", 1));
	lws_smd_msg_printf(context, 1, "too late");
	lws_context_destroy(context);
	return 0;
}
