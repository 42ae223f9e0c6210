/*
 * The actions that concern http requests and responses, and the getters that
 * a program asks about its connection.
 */
#include "srv.h"
#include "act.h"

static unsigned char head[LWS_PRE + 16384], *head_at = head + LWS_PRE;

static void
failed(struct call *c, const char *what, int n)
{
	tr_line("  %s=%d", what, n);
	if (n) {
		c->ret = 1;
		c->stop = 1;
	}
}

/* status:CODE:TEXT answers with the library's own page */
static void
do_status(struct call *c, char *args)
{
	unsigned int code = (unsigned int)atoi(arg(&args));

	tr_line("  lws_return_http_status(%u)=%d", code,
		lws_return_http_status(c->wsi, code, *args ? args : NULL));
}

static void
do_completed(struct call *c, char *args)
{
	int n = lws_http_transaction_completed(c->wsi);

	(void)args;
	tr_line("  lws_http_transaction_completed=%d", n);
	if (n) {
		c->ret = -1;
		c->stop = 1;
	}
}

/* serve:FILE:TYPE[:HEADERS] */
static void
do_serve(struct call *c, char *args)
{
	const char *file = arg(&args), *type = arg(&args);
	char path[512];
	int n;

	snprintf(path, sizeof(path), "%s/%s", www, file);
	n = lws_serve_http_file(c->wsi, path, type, *args ? args : NULL,
				(int)strlen(args));
	tr_line("  lws_serve_http_file(%s)=%d", file, n);
	c->stop = 1;
	if (n < 0 || (n > 0 && lws_http_transaction_completed(c->wsi)))
		c->ret = -1;
}

/* redirect:CODE:LOCATION */
static void
do_redirect(struct call *c, char *args)
{
	unsigned char *p = head + LWS_PRE;
	int code = atoi(arg(&args)), n;

	n = lws_http_redirect(c->wsi, code, (unsigned char *)args,
			      (int)strlen(args), &p, head + sizeof(head));
	tr_line("  lws_http_redirect(%d)=%s", code, n < 0 ? "-1" : "ok");
	if (n < 0) {
		c->ret = -1;
		c->stop = 1;
	}
}

/* respond:CODE:LEN:TYPE writes the usual head; LEN may be 'unknown' */
static void
do_respond(struct call *c, char *args)
{
	unsigned int code = (unsigned int)atoi(arg(&args));
	const char *l = arg(&args);
	unsigned char *start = head + LWS_PRE, *p = start;
	lws_filepos_t len = strcmp(l, "unknown") ?
				(lws_filepos_t)atoll(l) :
				LWS_ILLEGAL_HTTP_CONTENT_LEN;

	c->stop = 1;
	if (lws_add_http_common_headers(c->wsi, code, args, len, &p,
					head + sizeof(head)) ||
	    lws_finalize_write_http_header(c->wsi, start, &p,
					   head + sizeof(head))) {
		c->ret = 1;
		tr_line("  respond failed");
		return;
	}
	lws_callback_on_writable(c->wsi);
}

/* hstatus:CODE begins a head that the following actions add to */
static void
do_hstatus(struct call *c, char *args)
{
	head_at = head + LWS_PRE;
	failed(c, "lws_add_http_header_status",
	       lws_add_http_header_status(c->wsi, (unsigned int)atoi(args),
					  &head_at, head + sizeof(head)));
}

/* hname:NAME:VALUE, the name goes in with its colon */
static void
do_hname(struct call *c, char *args)
{
	char name[64];

	snprintf(name, sizeof(name), "%s:", arg(&args));
	failed(c, "lws_add_http_header_by_name",
	       lws_add_http_header_by_name(c->wsi, (unsigned char *)name,
					   (unsigned char *)args,
					   (int)strlen(args), &head_at,
					   head + sizeof(head)));
}

static void
do_htoken(struct call *c, char *args)
{
	int token = token_value(arg(&args));

	failed(c, "lws_add_http_header_by_token",
	       lws_add_http_header_by_token(c->wsi,
					    (enum lws_token_indexes)token,
					    (unsigned char *)args,
					    (int)strlen(args), &head_at,
					    head + sizeof(head)));
}

static void
do_hlength(struct call *c, char *args)
{
	failed(c, "lws_add_http_header_content_length",
	       lws_add_http_header_content_length(c->wsi,
						  (lws_filepos_t)atoll(args),
						  &head_at,
						  head + sizeof(head)));
}

/* hend, hend:raw (finalize, then lws_write by hand) */
static void
do_hend(struct call *c, char *args)
{
	unsigned char *start = head + LWS_PRE;
	int n;

	if (strcmp(args, "raw")) {
		failed(c, "lws_finalize_write_http_header",
		       lws_finalize_write_http_header(c->wsi, start, &head_at,
						      head + sizeof(head)));
		return;
	}
	failed(c, "lws_finalize_http_header",
	       lws_finalize_http_header(c->wsi, &head_at,
					head + sizeof(head)));
	n = lws_write(c->wsi, start, (size_t)(head_at - start),
		      LWS_WRITE_HTTP_HEADERS);
	tr_line("  lws_write(headers)=%s", n == (int)(head_at - start) ?
		"all" : "not all");
}

/* hroom:N tries to add a header when N bytes of room are left */
static void
do_hroom(struct call *c, char *args)
{
	unsigned char b[512], *p = b;
	int room = atoi(args);

	tr_line("  by_name in %d bytes=%d", room,
		lws_add_http_header_by_name(c->wsi,
					    (const unsigned char *)"x-room:",
					    (const unsigned char *)"0123456789",
					    10, &p, b + room));
	tr_line("  used %d", (int)(p - b));
}

/* addhdr:NAME:VALUE, for ADD_HEADERS and friends */
static void
do_addhdr(struct call *c, char *args)
{
	struct lws_process_html_args *a = c->in;
	char name[64];
	unsigned char *p = (unsigned char *)a->p;
	int n;

	snprintf(name, sizeof(name), "%s:", arg(&args));
	n = lws_add_http_header_by_name(c->wsi, (unsigned char *)name,
					(unsigned char *)args,
					(int)strlen(args), &p,
					(unsigned char *)a->p + a->max_len);
	a->p = (char *)p;
	tr_line("  addhdr=%d", n);
}

/*
 * html makes the piece that PROCESS_HTML is given upper case and doubles its
 * first byte, and puts the frame of a chunk around it where that is wanted
 */
static void
do_html(struct call *c, char *args)
{
	struct lws_process_html_args *a = c->in;
	char frame[16];
	int n;

	(void)args;
	for (n = 0; n < a->len; n++)
		if (a->p[n] >= 'a' && a->p[n] <= 'z')
			a->p[n] = (char)(a->p[n] - 'a' + 'A');
	if (a->len) {
		memmove(a->p + 1, a->p, (size_t)a->len);
		a->len++;
	}
	if (!a->chunked)
		return;
	n = snprintf(frame, sizeof(frame), "%X\r\n", (unsigned int)a->len);
	memcpy(a->p + a->len, "\r\n0\r\n\r\n", 7);
	a->len += a->final ? 7 : 2;
	a->p -= n;
	memcpy(a->p, frame, (size_t)n);
	a->len += n;
}

/* compress[:NAME], between hstatus and hend */
static void
do_compress(struct call *c, char *args)
{
	unsigned char *was = head_at;
	int n = lws_http_compression_apply(c->wsi, *args ? args : NULL,
					   &head_at, head + sizeof(head), 0);

	tr_line("  lws_http_compression_apply=%d %s", n,
		head_at == was ? "nothing" : "headers");
}

/* hdr:TOKEN[:ROOM] */
static void
do_hdr(struct call *c, char *args)
{
	const char *name = arg(&args);
	enum lws_token_indexes t = (enum lws_token_indexes)token_value(name);
	char buf[4096];
	int room = *args ? atoi(args) : (int)sizeof(buf),
	    total = lws_hdr_total_length(c->wsi, t), n;

	memset(buf, '#', sizeof(buf));
	n = lws_hdr_copy(c->wsi, buf, room, t);
	tr_line("  %s total=%d copy=%d %s", name, total, n,
		n >= 0 ? tr_text(buf, (size_t)n + 1) : "-");
}

/* frags:TOKEN, every fragment of a header */
static void
do_frags(struct call *c, char *args)
{
	enum lws_token_indexes t = (enum lws_token_indexes)token_value(args);
	char buf[1024];

	for (int f = 0; f < 12; f++) {
		int l = lws_hdr_fragment_length(c->wsi, t, f),
		    n = lws_hdr_copy_fragment(c->wsi, buf, sizeof(buf), t, f);

		tr_line("  %s[%d] length=%d copy=%d %s", args, f, l, n,
			n >= 0 ? tr_text(buf, (size_t)n) : "-");
		if (n < 0)
			break;
	}
}

/* custom:NAME, a header that has no token */
static void
do_custom(struct call *c, char *args)
{
	char name[64], buf[256];
	int l, n;

	snprintf(name, sizeof(name), "%s:", args);
	l = lws_hdr_custom_length(c->wsi, name, (int)strlen(name));
	n = lws_hdr_custom_copy(c->wsi, buf, sizeof(buf), name,
				(int)strlen(name));
	tr_line("  custom %s length=%d copy=%d %s", args, l, n,
		n >= 0 ? tr_text(buf, (size_t)n) : "-");
}

/* urlarg:NAME= */
static void
do_urlarg(struct call *c, char *args)
{
	char buf[256];
	const char *v = lws_get_urlarg_by_name(c->wsi, args, buf,
					       sizeof(buf));

	tr_line("  urlarg %s %s", args, v ? tr_text(v, strlen(v)) : "NULL");
}

static void
do_cookie(struct call *c, char *args)
{
	char buf[128];
	size_t max = sizeof(buf);
	int n = lws_http_cookie_get(c->wsi, args, buf, &max);

	tr_line("  cookie %s=%d max=%zu %s", args, n, n ? (size_t)0 : max,
		n ? "-" : tr_text(buf, strlen(buf)));
}

static void
do_uri(struct call *c, char *args)
{
	char *uri = NULL;
	int len = 0, n = lws_http_get_uri_and_method(c->wsi, &uri, &len);

	(void)args;
	tr_line("  method=%d uri=%s", n, n >= 0 ? tr_text(uri, (size_t)len) :
		"-");
}

static void
do_peer(struct call *c, char *args)
{
	char name[128] = "", rip[64] = "", simple[64] = "", fdname[64] = "";

	(void)args;
	lws_get_peer_addresses(c->wsi, lws_get_socket_fd(c->wsi), name,
			       sizeof(name), rip, sizeof(rip));
	lws_get_peer_simple(c->wsi, simple, sizeof(simple));
	lws_get_peer_simple_fd(lws_get_socket_fd(c->wsi), fdname,
			       sizeof(fdname));
	tr_line("  peer name %s rip=%s simple=%s fd=%s",
		name[0] ? "given" : "empty", rip, simple, fdname);
}

static void
do_info(struct call *c, char *args)
{
	struct lws *w = c->wsi;
	struct lws_vhost *vh = lws_get_vhost(w);

	(void)args;
	tr_line("  vhost=%s port=%s context=%s tsi=%d/%d ssl=%d fd=%s "
		"network=%s parent=%s child=%s user=%s threads=%d",
		vh ? lws_get_vhost_name(vh) : "-",
		vh && lws_get_vhost_port(vh) == lws_get_vhost_listen_port(vh) ?
		"listen" : "differs",
		lws_get_context(w) == cx ? "same" : "other", lws_get_tsi(w),
		lws_wsi_tsi(w), lws_is_ssl(w),
		(int)lws_get_socket_fd(w) >= 0 ? "yes" : "no",
		lws_get_network_wsi(w) == w ? "self" : "other",
		lws_get_parent(w) ? "set" : "NULL",
		lws_get_child(w) ? "set" : "NULL",
		lws_wsi_user(w) == c->user ? "same" : "other",
		lws_get_count_threads(cx));
}

const struct action http_actions[] = {
	{ "status", do_status }, { "completed", do_completed },
	{ "serve", do_serve }, { "redirect", do_redirect },
	{ "respond", do_respond }, { "hstatus", do_hstatus },
	{ "hname", do_hname }, { "htoken", do_htoken },
	{ "hlength", do_hlength }, { "hend", do_hend }, { "hroom", do_hroom },
	{ "addhdr", do_addhdr }, { "hdr", do_hdr }, { "frags", do_frags },
	{ "custom", do_custom }, { "urlarg", do_urlarg },
	{ "cookie", do_cookie }, { "uri", do_uri }, { "peer", do_peer },
	{ "info", do_info }, { "html", do_html },
	{ "compress", do_compress }, { NULL, NULL }
};
