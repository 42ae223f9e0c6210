/* Callback traces: see trace.h. */
#include "trace.h"

#include <stdarg.h>
#include <stdint.h>

#define TR_MAX_WSI 4096
#define TR_MARK 0x5a

unsigned long tr_lines;	/* lines printed so far */
static struct {
	const struct lws *wsi;
	char kind;
	int num;
} tr_wsi[TR_MAX_WSI];
static int tr_count, tr_next_w = 1, tr_next_l = 1;

/* a text to look out for in the lines to come */
static const char *tr_watched;
int tr_watch_hit;

void
tr_watch(const char *text)
{
	tr_watched = text;
	tr_watch_hit = 0;
}

void
tr_line(const char *fmt, ...)
{
	char line[1500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	puts(line);
	fflush(stdout);
	tr_lines++;
	if (tr_watched && strstr(line, tr_watched))
		tr_watch_hit = 1;
}

/* FNV-1a: enough to tell whether the same bytes arrived */
unsigned int
tr_sum(const void *p, size_t len)
{
	const unsigned char *c = p;
	unsigned int h = 2166136261u;

	while (len--)
		h = (h ^ *c++) * 16777619u;
	return h;
}

/* bytes as text: escapes, equal bytes in a row as {B*4088}, long ones cut */
const char *
tr_text(const void *p, size_t len)
{
	static char ring[4][512];
	static int slot;
	const unsigned char *c = p, *end = c + len;
	char *buf = ring[slot = (slot + 1) & 3], *o = buf;

	if (!p)
		return "(null)";
	*o++ = '"';
	while (c < end) {
		const unsigned char *run = c;

		if (o - buf > 200) {
			o += snprintf(o, 64, "\"... sum=%08x", tr_sum(p, len));
			return buf;
		}
		while (run < end && *run == *c)
			run++;
		if (run - c >= 24) {
			o += snprintf(o, 64, *c > 32 && *c < 127 ?
				      "{%c*%zu}" : "{\\x%02x*%zu}", *c,
				      (size_t)(run - c));
			c = run;
			continue;
		}
		if (*c >= 32 && *c < 127 && *c != '"' && *c != '\\')
			*o++ = (char)*c;
		else
			o += snprintf(o, 8, "\\x%02x", *c);
		c++;
	}
	*o++ = '"';
	*o = '\0';
	return buf;
}

static int
find(const struct lws *wsi)
{
	for (int n = 0; n < tr_count; n++)
		if (tr_wsi[n].wsi == wsi)
			return n;
	return -1;
}

/* a wsi whose first sign of life is a filter call or its end is a listener */
const char *
tr_wsi_name(const struct lws *wsi, int reason)
{
	static char ring[4][16];
	static int slot;
	char *buf = ring[slot = (slot + 1) & 3];
	int n;

	if (!wsi)
		return "-";
	n = find(wsi);
	/* poll callbacks come first in ours only: they give no number */
	if (n < 0 && reason >= LWS_CALLBACK_ADD_POLL_FD &&
	    reason <= LWS_CALLBACK_UNLOCK_POLL)
		return "?";
	if (n < 0) {
		if (tr_count == TR_MAX_WSI)
			return "w?";
		n = tr_count++;
		tr_wsi[n].wsi = wsi;
		tr_wsi[n].kind =
			reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION ||
			reason == LWS_CALLBACK_WSI_DESTROY ? 'l' : 'w';
		tr_wsi[n].num = tr_wsi[n].kind == 'l' ? tr_next_l++ :
							tr_next_w++;
	}
	snprintf(buf, sizeof(ring[0]), "%c%d", tr_wsi[n].kind, tr_wsi[n].num);
	return buf;
}

struct lws *
tr_wsi_by_name(const char *name)
{
	for (int n = 0; n < tr_count; n++) {
		char is[16];

		snprintf(is, sizeof(is), "%c%d", tr_wsi[n].kind, tr_wsi[n].num);
		if (!strcmp(is, name))
			return (struct lws *)(uintptr_t)tr_wsi[n].wsi;
	}
	return NULL;
}

void
tr_forget(const struct lws *wsi)
{
	int n = find(wsi);

	if (n >= 0)
		tr_wsi[n] = tr_wsi[--tr_count];
}

/* these come on a placeholder wsi, or carry something else in `user` */
int
tr_is_broadcast(int reason)
{
	return reason == LWS_CALLBACK_PROTOCOL_INIT ||
	       reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	       reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED ||
	       reason == LWS_CALLBACK_GET_THREAD_ID ||
	       reason == LWS_CALLBACK_VHOST_CERT_AGING ||
	       reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS ||
	       reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS;
}

/* a user reason sent to protocols, not to a connection */
static int
is_stand_in(const struct lws *wsi, int reason)
{
	return reason >= LWS_CALLBACK_USER && find(wsi) < 0;
}

/*
 * What the per-session memory looks like: "new" is all zero (and is marked
 * here), "seen" carries our marks, anything else is a defect.
 */
const char *
tr_user(struct lws *wsi, int reason, void *user)
{
	const struct lws_protocols *p;
	size_t zero = 0, mark = 0, size;
	unsigned char *c = user;

	if (!user)
		return "NULL";
	if (reason == LWS_CALLBACK_FILTER_NETWORK_CONNECTION ||
	    reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION ||
	    tr_is_broadcast(reason))
		return "args";
	p = wsi ? lws_get_protocol(wsi) : NULL;
	size = p ? p->per_session_data_size : 0;
	if (!size)
		return "set";
	for (size_t n = 0; n < size; n++) {
		zero += !c[n];
		mark += c[n] == TR_MARK;
	}
	if (mark == size)
		return "seen";
	if (zero != size)
		return "GARBAGE";
	memset(user, TR_MARK, size);
	return "new";
}

static void
describe_in(char *o, size_t room, struct lws *wsi, int reason, void *in, size_t len)
{
	const unsigned char *c = in;

	*o = '\0';
	switch (reason) {
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
	case LWS_CALLBACK_CONFIRM_EXTENSION_OKAY:
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
	case LWS_CALLBACK_HTTP_BIND_PROTOCOL:
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
	case LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL:
	case LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL:
	case LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		snprintf(o, room, " in=%s",
			 tr_text(in, in ? strlen((const char *)in) : 0));
		break;
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_RAW_RX:
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
	case LWS_CALLBACK_USER:
		snprintf(o, room, " in=%s", tr_text(in, len));
		break;
	case LWS_CALLBACK_RECEIVE:
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		snprintf(o, room, " in=%s first=%d final=%d bin=%d remain=%zu",
			 tr_text(in, len), lws_is_first_fragment(wsi),
			 lws_is_final_fragment(wsi), lws_frame_is_binary(wsi),
			 lws_remaining_packet_payload(wsi));
		break;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		if (len >= 2)
			snprintf(o, room, " code=%d text=%s",
				 c[0] << 8 | c[1], tr_text(c + 2, len - 2));
		break;
	case LWS_CALLBACK_HTTP_PMO:
	case LWS_CALLBACK_PROTOCOL_INIT:
		if (in)
			snprintf(o, room, " in=pvo(%s)",
				 ((const struct lws_protocol_vhost_options *)
				  in)->name);
		else
			snprintf(o, room, " in=NULL");
		break;
	case LWS_CALLBACK_CHECK_ACCESS_RIGHTS:
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_ADD_HEADERS:
		snprintf(o, room, " in=%s", in ? "set" : "NULL");
		break;
	case LWS_CALLBACK_SSL_INFO: {
		const struct lws_ssl_info *i = in;

		snprintf(o, room, " where=%x ret=%d", i->where, i->ret);
		break;
	}
	case LWS_CALLBACK_VHOST_CERT_AGING: {
		const struct lws_acme_cert_aging_args *a = in;

		snprintf(o, room, " vh=%s", lws_get_vhost_name(a->vh));
		break;
	}
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
	case LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION:
		snprintf(o, room, " in=%s", in ? "set" : "NULL");
		break;
	case LWS_CALLBACK_PROCESS_HTML: {
		const struct lws_process_html_args *a = in;

		snprintf(o, room, " p=%s len=%d max=%d final=%d chunked=%d",
			 tr_text(a->p, (size_t)a->len), a->len, a->max_len,
			 a->final, a->chunked);
		break;
	}
	default:
		break;
	}
}

/* the one line of a callback; `label` is the name the callback goes by */
void
tr_callback(const char *label, struct lws *wsi, int reason, void *user,
	    void *in, size_t len)
{
	const struct lws_protocols *p = wsi ? lws_get_protocol(wsi) : NULL;
	char extra[700];

	describe_in(extra, sizeof(extra), wsi, reason, in, len);
	tr_line("%s %s %s user=%s len=%zu bound=%s%s", label,
		tr_is_broadcast(reason) || is_stand_in(wsi, reason) ?
		"-" : tr_wsi_name(wsi, reason),
		reason_name(reason), tr_user(wsi, reason, user), len,
		p ? p->name : "-", extra);
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		tr_forget(wsi);
}
