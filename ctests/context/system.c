/* System blobs, captive portal state, calls left for the service thread. */
#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

static struct lws_context *cx;

static int nothing(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)wsi; (void)reason; (void)user; (void)in; (void)len;
	return 0;
}

static struct lws_protocols protocols[] = { { "p0", nothing, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 } };

static int request(struct lws_context *context)
{
	printf("asked about the portal, same context %d\n", context == cx);
	return 5;
}

static int attach(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque,
		  struct lws_attach_item **get)
{
	int result = __lws_system_attach(context, tsi, cb, state, opaque, get);

	if (get)
		printf("asked for a call: %s\n", *get ? "one" : "none");
	return result;
}

static void called(struct lws_context *context, int tsi, void *opaque)
{
	printf("called %s on %d, same context %d\n", (char *)opaque, tsi, context == cx);
	if (!strcmp(opaque, "first"))
		attach(context, 0, called, LWS_SYSTATE_CONTEXT_CREATED, "nested", NULL);
}

static const lws_system_ops_t ops = { .attach = attach, .captive_portal_detect_request = request };

static void pass(const char *what)
{
	printf("%s\n", what);
	lws_service(cx, -1);
}

static void copies(lws_system_blob_t *blob, size_t to)
{
	uint8_t buf[16];
	size_t from, len;
	int result;

	for (from = 0; from < to; from += 3)
		for (len = 0; len <= 12; len += 4) {
			size_t got = len;

			memset(buf, '.', sizeof buf);
			result = lws_system_blob_get(blob, buf, &got, from);
			printf("from %zu up to %zu: %d, %zu, %.12s\n", from, len, result, got, (char *)buf);
		}
}

static void single(lws_system_blob_t *blob)
{
	const uint8_t *at = NULL;
	int result = lws_system_blob_get_single_ptr(blob, &at);

	printf("size %zu, in one piece: %d, %.4s\n", lws_system_blob_get_size(blob), result, at ? (const char *)at : "none");
}

int main(void)
{
	struct lws_context_creation_info info;
	lws_system_blob_t *blob;
	char first[] = "first", second[] = "second", never[] = "at the end", created[] = "early";

	lws_set_log_level(0, NULL);
	memset(&info, 0, sizeof info);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.system_ops = &ops;
	cx = lws_create_context(&info);
	printf("operations %d\n", lws_system_get_ops(cx) == &ops);

	blob = lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_AUTH, 0);
	printf("two of them %d\n", lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_AUTH, 1) &&
	       lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_AUTH, 1) != blob);
	printf("serial number is another %d\n", lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_DEVICE_SERIAL, 0) != blob);
	single(blob);
	lws_system_blob_direct_set(blob, (const uint8_t *)"hello", 5);
	single(blob);
	copies(blob, 4);
	lws_system_blob_direct_set(blob, NULL, 0);
	lws_system_blob_heap_empty(blob);
	printf("emptied, size %zu\n", lws_system_blob_get_size(blob));
	printf("append %d\n", lws_system_blob_heap_append(blob, (const uint8_t *)"abcd", 4));
	printf("append %d\n", lws_system_blob_heap_append(blob, (const uint8_t *)"efgh", 4));
	single(blob);
	copies(blob, 10);
	lws_system_blob_destroy(blob);
	printf("destroyed, size %zu\n", lws_system_blob_get_size(blob));

	printf("portal %d\n", lws_system_cpd_state_get(cx));
	printf("begin %d\n", lws_system_cpd_start(cx));
	lws_system_cpd_set(cx, LWS_CPD_INTERNET_OK);
	lws_system_cpd_set(cx, LWS_CPD_NO_INTERNET);
	printf("portal %d\n", lws_system_cpd_state_get(cx));
	printf("begin %d, portal %d\n", lws_system_cpd_start(cx), 0);
	printf("portal %d\n", lws_system_cpd_state_get(cx));

	attach(cx, 0, called, LWS_SYSTATE_CONTEXT_CREATED, created, NULL);
	pass("first pass");
	pass("second pass");
	attach(cx, 0, called, LWS_SYSTATE_OPERATIONAL, first, NULL);
	attach(cx, 0, called, LWS_SYSTATE_POLICY_INVALID, never, NULL);
	attach(cx, 0, called, LWS_SYSTATE_OPERATIONAL, second, NULL);
	pass("pass with calls");
	pass("pass after them");
	printf("destroy\n");
	lws_context_destroy(cx);
	return 0;
}
