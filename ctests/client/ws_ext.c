/*
 * Extensions of a ws client: what is offered, who is asked, what the server's
 * answer does, and frames through permessage-deflate and through an extension
 * of the program's own. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "origin.h"
#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct lws_vhost *vhost;
static struct origin server;
static int destroyed, established, wrote, messages;
static const char *refused, *defaults, *deed;
static int lies, unwanted;

static int do_deed(struct lws *wsi);

static int
cb(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
   void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_PROTOCOL_INIT ||
	    reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	if (reason == LWS_CALLBACK_CLIENT_WRITEABLE && !deed)
		return 0;
	if (reason == LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED) {
		tr_line("%s CLIENT_CONFIRM_EXTENSION_SUPPORTED %s len=%zu",
			name, (const char *)in, len);
		return refused && (!strcmp(refused, in) ||
				   !strcmp(refused, "all"));
	}
	if (reason == LWS_CALLBACK_WS_EXT_DEFAULTS) {
		tr_line("%s WS_EXT_DEFAULTS user=%s in=%s len=%zu", name,
			(const char *)user, tr_text(in, strlen(in)), len);
		if (defaults)
			strcpy(in, defaults);
		return lies;
	}
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
		messages += lws_is_final_fragment(wsi);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		established = 1;
		if (deed)
			lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return do_deed(wsi);
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

#include "protocols.h"

static void
say(struct lws *wsi, const void *p, size_t len, int kind)
{
	static unsigned char b[LWS_PRE + 70000];

	memcpy(b + LWS_PRE, p, len);
	tr_line("  lws_write %d of %zu: %d", kind, len,
		lws_write(wsi, b + LWS_PRE, len,
			  (enum lws_write_protocol)kind));
}

/* the letters of a deed: one for each write */
static int
do_deed(struct lws *wsi)
{
	char big[5000];

	for (size_t n = 0; n < sizeof(big); n++)
		big[n] = (char)("abcdefgh"[n % 8] + n / 700);
	switch (*deed) {
	case 'h': say(wsi, "hello", 5, LWS_WRITE_TEXT); break;
	case 'b': say(wsi, big, 600, LWS_WRITE_BINARY); break;
	case 'B': say(wsi, big, 5000, LWS_WRITE_BINARY); break;
	case '1': say(wsi, "one", 3, LWS_WRITE_TEXT | LWS_WRITE_NO_FIN); break;
	case '2': say(wsi, "two", 3, LWS_WRITE_CONTINUATION); break;
	case 'p': say(wsi, "ping", 4, LWS_WRITE_PING); break;
	case 'q': say(wsi, "pong", 4, LWS_WRITE_PONG); break;
	case 'x':
		lws_close_reason(wsi, 1000, (unsigned char *)"bye", 3);
		deed = NULL;
		return -1;
	default: break;
	}
	wrote++;
	if (*deed && *++deed)
		lws_callback_on_writable(wsi);
	else
		deed = NULL;
	return 0;
}

/* what PAYLOAD_RX and PAYLOAD_TX get; no public header has it */
struct buffers {
	struct lws_tokens in, out;
};

static const struct lws_ext_options options[] = {
	{ "alpha", EXTARG_NONE }, { "beta", EXTARG_DEC },
	{ "gamma", EXTARG_OPT_DEC }, { NULL, 0 }
};

static const char *
tokens(const struct lws_tokens *t)
{
	static char text[2][300];
	static int n;
	char *to = text[n = !n];

	snprintf(to, 300, "%d %s", t->len, t->token ?
		 tr_text(t->token, (size_t)t->len) : "NULL");
	return to;
}

static int
cb_ext(struct lws_context *context, const struct lws_extension *ext,
       struct lws *wsi, enum lws_extension_callback_reasons reason,
       void *user, void *in, size_t len)
{
	static int kept;
	struct buffers *b = in;
	struct lws_ext_option_arg *o = in;

	CHECK(context == lws_get_context(wsi));
	switch (reason) {
	case LWS_EXT_CB_CONSTRUCT:
	case LWS_EXT_CB_CLIENT_CONSTRUCT:
		tr_line("  ext %s %sCONSTRUCT", ext->name,
			reason == LWS_EXT_CB_CONSTRUCT ? "" : "CLIENT_");
		*(void **)user = &kept;
		*(const struct lws_ext_options **)in = options;
		return !strcmp(ext->name, "x-refuse");
	case LWS_EXT_CB_DESTROY:
		tr_line("  ext %s DESTROY %s", ext->name, user == &kept ?
			"kept" : "another");
		return 0;
	case LWS_EXT_CB_OPTION_SET:
		tr_line("  ext %s OPTION_SET name=%s index=%d value=%s", ext->name,
			o->option_name ? o->option_name : "NULL", o->option_index,
			o->start ? tr_text(o->start, (size_t)o->len) : "NULL");
		return 0;
	case LWS_EXT_CB_PAYLOAD_RX:
	case LWS_EXT_CB_PAYLOAD_TX:
		tr_line("  ext %s %s in=%s out=%s len=%d", ext->name,
			reason == LWS_EXT_CB_PAYLOAD_RX ? "PAYLOAD_RX" :
			"PAYLOAD_TX", tokens(&b->in), tokens(&b->out),
			(int)len);
		for (int n = 0; n < b->in.len; n++)
			b->in.token[n] ^= 0x20;
		return 0;
	case LWS_EXT_CB_PACKET_TX_PRESEND:
		tr_line("  ext %s PACKET_TX_PRESEND %d", ext->name,
			((struct lws_tokens *)in)->len);
		return 0;
	case LWS_EXT_CB_OPTION_CONFIRM:
		tr_line("  ext %s OPTION_CONFIRM in=%s len=%d", ext->name,
			in ? "set" : "NULL", (int)len);
		return unwanted;
	default:
		tr_line("  ext %s reason %d in=%s len=%d", ext->name,
			(int)reason, in ? "set" : "NULL", (int)len);
		return 0;
	}
}

#define PMD "permessage-deflate"

/* the built-in one with the program's callback around it */
static int
cb_wrap(struct lws_context *context, const struct lws_extension *ext,
	struct lws *wsi, enum lws_extension_callback_reasons reason,
	void *user, void *in, size_t len)
{
	return lws_extension_callback_pm_deflate(context, ext, wsi, reason,
						 user, in, len);
}

/* what a vhost can have; the last is for two of a kind */
static const struct lws_extension known[] = {
	{ PMD, lws_extension_callback_pm_deflate, PMD },
	{ PMD, lws_extension_callback_pm_deflate,
	  PMD "; client_no_context_takeover; client_max_window_bits" },
	{ PMD, lws_extension_callback_pm_deflate,
	  PMD "; server_max_window_bits=10" },
	{ PMD, lws_extension_callback_pm_deflate, NULL },
	{ "x-xor", cb_ext, "x-xor; alpha" },
	{ "x-refuse", cb_ext, "x-refuse" },
	{ "x-late", cb_ext, "x-late" }, /* its handshakes fail */
	{ PMD, cb_wrap, PMD "; client_max_window_bits" },
};

static void
turn(int times)
{
	while (times--) {
		if (lws_service(cx, -1) < 0)
			return;
		origin_accept(&server);
		origin_read(&server);
	}
}

static void
until(const int *flag, int value)
{
	time_t start = time(NULL);

	while (*flag < value && time(NULL) - start < 20)
		turn(1);
	CHECK(*flag >= value);
}

static void
new_vhost(const char *which)
{
	static struct lws_extension list[8];
	struct lws_context_creation_info i;
	size_t n = 0;

	if (vhost)
		lws_vhost_destroy(vhost);
	memset(&i, 0, sizeof(i));
	memset(list, 0, sizeof(list));
	for (; *which; which++)
		list[n++] = known[*which - '0'];
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.vhost_name = "v";
	i.protocols = protocols;
	i.extensions = n ? list : NULL;
	vhost = lws_create_vhost(cx, &i);
	CHECK(vhost);
	turn(3);
}

/* the extension lines of the request, and where they stand */
static void
begin(const char *title)
{
	struct lws_client_connect_info i;
	time_t start = time(NULL);
	char *after;

	tr_line("== %s", title);
	memset(&i, 0, sizeof(i));
	destroyed = established = wrote = messages = 0;
	origin_drop(&server);
	i.context = cx;
	i.vhost = vhost;
	i.address = i.host = i.origin = "127.0.0.1";
	i.port = server.port;
	i.path = "/chat";
	i.protocol = "one, two";
	i.local_protocol_name = "c0";
	i.client_exts = known;
	CHECK(lws_client_connect_via_info(&i));
	while (!origin_has(&server, "\r\n\r\n") && !destroyed &&
	       time(NULL) - start < 20)
		turn(1);
	after = strstr(server.got, "Sec-WebSocket-Protocol");
	if (after)
		tr_line("-- got %s", tr_text(after, strlen(after)));
}

/* 101 with the right accept key, and more headers */
static void
accept_it(const char *more)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char b[512], hash[20], accept[64];
	char *key = strstr(server.got, "Sec-WebSocket-Key: ") + 19;
	int n;

	memcpy(b, key, 24);
	strcpy(b + 24, guid);
	lws_SHA1((unsigned char *)b, strlen(b), (unsigned char *)hash);
	lws_b64_encode_string(hash, 20, accept, sizeof(accept));
	n = lws_snprintf(b, sizeof(b), "HTTP/1.1 101 Switching Protocols\r\n"
			 "Upgrade: WebSocket\r\nConnection: Upgrade\r\n"
			 "Sec-WebSocket-Accept: %s\r\n", accept);
	if (more)
		n += lws_snprintf(b + n, sizeof(b) - (size_t)n,
				  "Sec-WebSocket-Extensions: %s\r\n", more);
	n += lws_snprintf(b + n, sizeof(b) - (size_t)n, "\r\n");
	server.len = 0;
	origin_send(&server, b, (size_t)n);
}

/* the frames that the server got, unmasked */
static void
show_frames(int is_compressed)
{
	unsigned char *f = (unsigned char *)server.got, *end;

	turn(30);
	end = f + server.len;
	while (end - f >= 6) {
		size_t len = f[1] & 127, head = 6;

		if (len == 126) {
			len = (size_t)f[2] << 8 | f[3];
			head = 8;
		} else if (len == 127) {
			len = (size_t)f[7] << 16 | (size_t)f[8] << 8 | f[9];
			head = 14;
		}
		for (size_t n = 0; n < len && f + head + n < end; n++)
			f[head + n] ^= f[head - 4 + n % 4];
		/* how compressed bytes look is the compressor's business */
		if (is_compressed && !(f[0] & 8))
			tr_line("-- frame %02x %s", f[0], f[1] & 128 ? "masked" :
				"plain");
		else
			tr_line("-- frame %02x %s len %zu %s", f[0], f[1] & 128 ?
				"masked" : "plain", len, tr_text(f + head, len));
		f += head + len;
	}
	CHECK(f == end);
	server.len = 0;
}

static void
gone(void)
{
	origin_drop(&server);
	until(&destroyed, 1);
}

/* a connection that the answer decides about */
static void
answered(const char *vhosts, const char *answer)
{
	char title[200];

	lws_snprintf(title, sizeof(title), "offers %s%s%s, answer %s", vhosts,
		     refused ? " without " : "", refused ? refused : "",
		     answer ? answer : "without");
	new_vhost(vhosts);
	begin(title);
	if (destroyed)
		return;
	accept_it(answer);
	turn(20);
	gone();
}

static void
frames(const char *title, const char *vhosts, const char *answer,
       const char *what)
{
	int count = (int)strlen(what);

	new_vhost(vhosts);
	deed = what;
	begin(title);
	accept_it(answer);
	until(&wrote, count);
	show_frames(!strncmp(answer, PMD, strlen(PMD)));
}

static void
gets(const char *title, const char *bytes, size_t len)
{
	int before = messages;

	tr_line("-- %s", title);
	origin_send(&server, bytes, len);
	until(&messages, before + 1);
}
#define GETS(title, bytes) gets(title, bytes, sizeof(bytes) - 1)

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	origin_open(&server);
	turn(5);
	answered("", NULL);
	answered("0", NULL);
	answered("1", NULL);
	answered("2", NULL);
	answered("3", NULL);
	answered("04", NULL);
	answered("40", NULL);
	refused = "x-xor";
	answered("40", NULL);
	refused = PMD;
	answered("40", NULL);
	answered("0", NULL);
	refused = NULL;
	answered("0", PMD);
	answered("0", PMD "; server_no_context_takeover");
	answered("0", "x-other");
	answered("4", "x-xor");
	answered("4", "x-xor; alpha");
	answered("4", "x-xor;gamma=3");
	answered("4", "x-xor;beta=7; alpha");
	answered("5", "x-refuse");
	answered("4", " x-xor ; alpha ;gamma=2");
	answered("", PMD);
	answered("4", "X-XOR");
	answered("4", ",");
	answered("4", "");
	answered("0", PMD "; foo");
	answered("0", PMD "; server_no_context_takeover=1");
	answered("0", PMD "; server_max_window_bits");
	answered("6", "x-late; nosuch");
	answered("6", "x-late; beta=x");
	answered("6", "x-late;alpha=3");
	unwanted = 1;
	answered("6", "x-late; alpha");
	unwanted = 0;
	defaults = "nosuch";
	answered("6", "x-late");
	answered("0", PMD);
	defaults = "alpha; gamma=7";
	answered("4", "x-xor; beta=3");
	lies = 1;
	answered("0", PMD);
	lies = 0;
	defaults = "client_no_context_takeover; rx_buf_size=7";
	frames("without context, small pieces", "0", PMD, "hh");
	GETS("long", "\xc2\x08\x4a\x4c\x1c\x05\xc4\x02\x00\x00");
	gone();
	defaults = NULL;

	frames("compressed", "0", PMD, "hhbBpq12h");
	GETS("hello", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00");
	GETS("hello again", "\xc1\x05\xf2\x00\x11\x00\x00");
	GETS("in pieces", "\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00");
	gone();
	answered("7", PMD "; client_max_window_bits=99");
	frames("compressed, wrapped", "7", PMD "; client_max_window_bits=10; "
	       "server_no_context_takeover", "hhpq");
	GETS("hello", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00");
	GETS("in pieces", "\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00");
	gone();
	frames("through an extension", "4", "x-xor", "hb12p");
	GETS("hello", "\x81\x05hello");
	GETS("in pieces", "\x01\x03""abc\x80\x03""def");
	GETS("nothing", "\x81\x00");
	gone();
	lws_context_destroy(cx);
	origin_close(&server);
	tr_line("== end");
	return 0;
}
