/*
 * A handle that is kept after its connection ended, and handles that never
 * were one: every call on them is refused, nothing is touched. (The reference
 * reads freed memory.) ctest: only=ours
 */
#include <libwebsockets.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "peer.h"

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-result"

static struct lws_context *cx;
static struct lws *kept;
static int callbacks_on_stale, stale;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	if (reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		pump_events++;
	if (stale && wsi == kept && reason != LWS_CALLBACK_USER)
		callbacks_on_stale++;
	if (reason == LWS_CALLBACK_ESTABLISHED && !kept)
		kept = wsi;
	if (reason == LWS_CALLBACK_WSI_DESTROY && wsi == kept)
		stale = 1;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
sul_cb(lws_sorted_usec_list_t *sul)
{
	(void)sul;
}

static void
queries(struct lws *w)
{
	char buf[64], *uri = NULL;
	size_t room = sizeof(buf);
	int len = 0;

	lws_get_protocol(w);
	lws_protocol_get(w);
	lws_get_vhost(w);
	lws_get_context(w);
	lws_get_socket_fd(w);
	lws_get_tsi(w);
	lws_wsi_tsi(w);
	lws_wsi_user(w);
	lws_get_parent(w);
	lws_get_child(w);
	lws_get_network_wsi(w);
	lws_get_opaque_user_data(w);
	lws_get_opaque_parent_data(w);
	lws_is_ssl(w);
	lws_is_cgi(w);
	lws_is_first_fragment(w);
	lws_is_final_fragment(w);
	lws_frame_is_binary(w);
	lws_remaining_packet_payload(w);
	lws_get_reserved_bits(w);
	lws_partial_buffered(w);
	lws_send_pipe_choked(w);
	lws_get_close_length(w);
	lws_get_close_payload(w);
	lws_get_peer_write_allowance(w);
	lws_get_peer_simple(w, buf, sizeof(buf));
	lws_hdr_total_length(w, WSI_TOKEN_HOST);
	lws_hdr_fragment_length(w, WSI_TOKEN_HOST, 0);
	lws_hdr_copy(w, buf, sizeof(buf), WSI_TOKEN_HOST);
	lws_hdr_copy_fragment(w, buf, sizeof(buf), WSI_TOKEN_HOST, 0);
	lws_hdr_custom_length(w, "x:", 2);
	lws_hdr_custom_copy(w, buf, sizeof(buf), "x:", 2);
	lws_get_urlarg_by_name(w, "x=", buf, sizeof(buf));
	lws_http_cookie_get(w, "x", buf, &room);
	lws_http_get_uri_and_method(w, &uri, &len);
}

static void
commands(struct lws *w)
{
	static lws_sorted_usec_list_t sul;
	unsigned char b[LWS_PRE + 256] = { 0 }, *p = b + LWS_PRE,
		      *end = b + sizeof(b);
	uint16_t tries = 0;

	CHECK(lws_write(w, b + LWS_PRE, 8, LWS_WRITE_TEXT) < 0);
	lws_callback_on_writable(w);
	lws_rx_flow_control(w, 0);
	lws_rx_flow_control(w, 1);
	lws_set_timeout(w, PENDING_TIMEOUT_USER_OK, 1);
	lws_set_timeout(w, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	lws_set_timeout(w, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	lws_set_timer_usecs(w, 1);
	lws_close_reason(w, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)"x", 1);
	lws_validity_confirmed(w);
	lws_set_opaque_user_data(w, w);
	lws_set_wsi_user(w, b);
	lws_cancel_service_pt(w);
	lws_callback_vhost_protocols(w, LWS_CALLBACK_USER, NULL, 0);
	lws_return_http_status(w, 200, "x");
	lws_serve_http_file(w, "www/index.html", "text/html", NULL, 0);
	lws_http_redirect(w, 302, (unsigned char *)"/", 1, &p, end);
	lws_add_http_header_status(w, 200, &p, end);
	lws_add_http_common_headers(w, 200, "a/b", 0, &p, end);
	lws_finalize_write_http_header(w, b + LWS_PRE, &p, end);
	lws_http_transaction_completed(w);
	lws_retry_sul_schedule_retry_wsi(w, &sul, sul_cb, &tries);
	lws_sul_cancel(&sul);
	lws_callback_http_dummy(w, LWS_CALLBACK_HTTP, NULL, (void *)"/", 1);
}

static void
all_calls(struct lws *w)
{
	queries(w);
	commands(w);
	if (cx)
		pump(&cx, 4);
}

static struct peer a, b;

static void
settle(void)
{
	do
		pump(&cx, 4);
	while (peer_read(&a) + peer_read(&b));
}

int
main(void)
{
	struct lws_context_creation_info i;
	int port;

	quiet_info(&i, 120);
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	port = default_port(cx);
	b.fd = -1;
	peer_open(&a, port);
	peer_upgrade(&a, "p0");
	settle();
	CHECK(kept && peer_has(&a, "101 Switching"));
	peer_close(&a);
	settle();
	CHECK(stale);

	all_calls(kept);
	CHECK(!callbacks_on_stale);
	/* its slot is taken again by another connection */
	for (int n = 0; n < 20; n++) {
		peer_open(&b, port);
		peer_upgrade(&b, "p0");
		settle();
		CHECK(peer_has(&b, "101 Switching"));
		peer_reset(&b);
		all_calls(kept);
		peer_frame(&b, 0x89, "p", 1);
		settle();
		/* nothing but the pong reached it, and it is still there */
		CHECK(!b.eof && b.len == 3 && !memcmp(b.buf, "\x8a\x01p", 3));
		peer_close(&b);
		settle();
	}
	CHECK(!callbacks_on_stale);
	/* not handles at all: foreign, misaligned, tiny, top of memory */
	all_calls((struct lws *)(uintptr_t)&i);
	all_calls((struct lws *)((uintptr_t)kept + 1));
	all_calls((struct lws *)(uintptr_t)16);
	all_calls((struct lws *)UINTPTR_MAX);
	all_calls(NULL);
	lws_context_destroy(cx);
	CHECK(!cx);
	all_calls(kept);
	puts("refused");
	return 0;
}
