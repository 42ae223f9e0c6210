/*
 * lws_cgi and its like, called by programs: with the library's handling of the
 * channels and with their own, for http and for raw connections, and with
 * everything that a callback may do in between.
 * ctest: only=ours waits header=ours
 */
#define _GNU_SOURCE
#include "cgi.h"

#define SH(text) { "/bin/sh", "-c", text, NULL }

static const char * const show[] = SH("printf 'A: b\\n\\n'; env"),
	* const both[] = SH("printf 'A: b\\n\\n'; cat; echo err >&2"),
	* const sleeps[] = SH("printf 'A: b\\n\\nbegun'; exec sleep 600"),
	* const cat[] = { "/bin/cat", NULL },
	* const missing[] = { "/no/such/file", NULL };
static struct lws_protocol_vhost_options
	env = { NULL, NULL, "FROM_CALL", "yes" };

/* what is to happen in the next callback of a kind */
static int at_reason, at_channel, deed;
enum { REFUSE = 1, KILL_SYNC, KILL_ASYNC, DESTROY, CGI_KILL, COMPLETE,
       CLOSE_PIPES };

static int is_own, acts, ends, pid;
static struct lws *last;

static int
act(struct lws *wsi)
{
	switch (deed) {
	case REFUSE:
		return -1;
	case KILL_SYNC:
		lws_set_timeout(wsi, 1, LWS_TO_KILL_SYNC);
		return 0;
	case KILL_ASYNC:
		lws_set_timeout(wsi, 1, LWS_TO_KILL_ASYNC);
		return 0;
	case DESTROY:
		lws_context_destroy(cx);
		return 0;
	case CGI_KILL:
		lws_cgi_kill(wsi);
		return 0;
	case COMPLETE:
		return lws_http_transaction_completed(wsi);
	case CLOSE_PIPES:
		for (int n = 0; n < 3; n++) {
			struct lws *pipe = lws_cgi_get_stdwsi(wsi,
					(enum lws_enum_stdinouterr)n);

			if (pipe)
				lws_set_timeout(pipe, 1, LWS_TO_KILL_SYNC);
		}
		return 0;
	}
	return 0;
}

static const char * const *
program(const char *uri)
{
	return !strcmp(uri, "/both") ? both : !strcmp(uri, "/sleeps") ?
	       sleeps : !strcmp(uri, "/missing") ? missing : show;
}

/* a program that passes everything on by itself */
static int
by_hand(struct lws *wsi, enum lws_callback_reasons reason, void *in)
{
	struct lws_cgi_args *args = in;
	unsigned char b[LWS_PRE + 256];
	ssize_t n;

	switch (reason) {
	case LWS_CALLBACK_CGI:
		if (args->ch == LWS_STDIN)
			return 0;
		CHECK(args->stdwsi[args->ch] ==
		      lws_cgi_get_stdwsi(wsi, args->ch));
		n = read(lws_get_socket_fd(args->stdwsi[args->ch]),
			 b + LWS_PRE, 256);
		if (n <= 0 || args->ch == LWS_STDERR)
			return 0;
		return lws_write(wsi, b + LWS_PRE, (size_t)n,
				 LWS_WRITE_HTTP) < 0;
	case LWS_CALLBACK_CGI_STDIN_DATA:
		CHECK(args->ch == LWS_STDIN && args->len > 0);
		/* never all of it */
		n = args->len > 3 ? args->len / 2 : args->len;
		return (int)write(lws_get_socket_fd(args->stdwsi[LWS_STDIN]),
				  args->data, (size_t)n);
	case LWS_CALLBACK_CGI_TERMINATED:
		return -1;
	default:
		return 0;
	}
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	struct lws_cgi_args *args = in;

	pump_events++;
	if (reason == LWS_CALLBACK_CGI_PROCESS_ATTACH)
		pid = (int)len;
	if (reason == LWS_CALLBACK_CGI_TERMINATED)
		ends++;
	if ((int)reason == at_reason && (reason != LWS_CALLBACK_CGI ||
					 (int)args->ch == at_channel)) {
		at_reason = -1;
		return act(wsi);
	}
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (!strncmp(in, "/no", 3))
			break;
		acts = at_reason == LWS_CALLBACK_CGI_PROCESS_ATTACH ||
		       at_reason == LWS_CALLBACK_CGI_STDIN_COMPLETED;
		last = wsi;
		CHECK(!lws_is_cgi(wsi));
		CHECK(!lws_cgi_get_stdwsi(wsi, LWS_STDOUT));
		CHECK(lws_cgi_kill(wsi) == 1);
		CHECK(lws_cgi(wsi, NULL, 1, 5, NULL) == -1);
		CHECK(lws_cgi(wsi, missing, 1, 5, NULL) == -1);
		if (lws_cgi(wsi, program(in), strcmp(in, "/free") ? 5 : -1, 30,
			    &env))
			return -1;
		/* what happens inside of the call may have ended it */
		if (!acts && lws_is_cgi(wsi)) {
			struct lws *pipe = lws_cgi_get_stdwsi(wsi, LWS_STDOUT);

			CHECK(lws_cgi(wsi, show, 1, 5, NULL) == -1);
			CHECK(pipe && lws_get_parent(pipe) == wsi);
			CHECK(lws_get_socket_fd(pipe) > 2);
			CHECK(!lws_cgi_get_stdwsi(wsi,
					(enum lws_enum_stdinouterr)3));
		}
		return 0;
	case LWS_CALLBACK_CGI_PROCESS_ATTACH:
		CHECK(pid > 1 && !kill(pid, 0) && lws_is_cgi(wsi));
		return 0;
	case LWS_CALLBACK_CGI_TERMINATED:
		CHECK((int)len == pid && lws_is_cgi(wsi));
		CHECK(!lws_cgi_get_stdwsi(wsi, LWS_STDOUT));
		break;
	case LWS_CALLBACK_CHILD_CLOSING:
		CHECK(in == wsi && lws_get_parent(wsi));
		return 0;
	default:
		break;
	}
	return is_own ? by_hand(wsi, reason, in) :
			lws_callback_http_dummy(wsi, reason, user, in, len);
}

/* raw: a line starts cat, which gives back what follows */
static int
raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
    size_t len)
{
	struct lws_cgi_args *args = in;
	unsigned char b[LWS_PRE + 256];
	ssize_t n;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
		if (!lws_is_cgi(wsi))
			return lws_cgi(wsi, cat, -1, 30, NULL);
		if (!memcmp(in, "end", 3)) {
			struct lws *pipe = lws_cgi_get_stdwsi(wsi, LWS_STDIN);

			lws_set_timeout(pipe, 1, LWS_TO_KILL_SYNC);
			return 0;
		}
		return write(lws_get_socket_fd(lws_cgi_get_stdwsi(wsi,
				LWS_STDIN)), in, len) != (ssize_t)len;
	case LWS_CALLBACK_CGI_PROCESS_ATTACH:
		pid = (int)len;
		n = snprintf((char *)b + LWS_PRE, 20, "go\n");
		return lws_write(wsi, b + LWS_PRE, (size_t)n, LWS_WRITE_RAW) < 0;
	case LWS_CALLBACK_CGI:
		if (args->ch != LWS_STDOUT)
			return 0;
		n = read(lws_get_socket_fd(args->stdwsi[args->ch]),
			 b + LWS_PRE, 256);
		return n > 0 && lws_write(wsi, b + LWS_PRE, (size_t)n,
					  LWS_WRITE_RAW) < 0;
	case LWS_CALLBACK_CGI_TERMINATED:
		ends++;
		return -1;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 8, 0, 0, NULL, 0 },
	{ "raw", raw, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
create(int is_raw)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 110);
	lws_set_log_level(LLL_ERR | LLL_WARN, keep_log);
	i.protocols = protocols;
	i.pcontext = &cx;
	if (is_raw) {
		i.options = LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
		i.listen_accept_role = "raw-skt";
		i.listen_accept_protocol = "raw";
	}
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
}

static void
calls(void)
{
	struct peer *p = ask(GET("/show/more?a=b"));

	CHECK(peer_has(p, "SCRIPT_NAME=/show\n"));
	CHECK(peer_has(p, "PATH_INFO=/more\n"));
	CHECK(peer_has(p, "QUERY_STRING=a=b\n"));
	CHECK(peer_has(p, "SCRIPT_FILENAME=/bin/sh\n"));
	CHECK(peer_has(p, "FROM_CALL=yes\n"));
	CHECK(peer_has(p, "\r\n0\r\n\r\n"));
	CHECK(!lws_is_cgi(last) && !lws_cgi_get_stdwsi(last, LWS_STDOUT));
	p = ask(GET("/free"));
	CHECK(peer_has(p, "REQUEST_METHOD=GET\n"));
	CHECK(!peer_has(p, "PATH_INFO") && !peer_has(p, "SCRIPT_NAME"));
	p = ask(POST("/both", "3") "abc");
	CHECK(peer_has(p, "\r\n3\r\nabc\r\n0\r\n\r\n"));
	CHECK(strstr(logged, "CGI-stderr: err"));
	/* it returns -1, so the connection closes */
	p = ask(GET("/missing"));
	CHECK(!p->len);

	is_own = 1;
	p = ask(POST("/both", "10") "0123456789");
	CHECK(!strcmp(p->buf, "A: b\n\n0123456789"));
	is_own = 0;
}

static void
raw_owner(void)
{
	static struct peer p;

	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "begin\n");
	SERVE_UNTIL(got(&p, "go\n"));
	peer_say(&p, "one\n");
	SERVE_UNTIL(got(&p, "one\n"));
	peer_say(&p, "two\n");
	SERVE_UNTIL(got(&p, "one\ntwo\n"));
	peer_say(&p, "end\n");
	SERVE_UNTIL(got_all(&p));
	SERVE_UNTIL(has_no_children());
	peer_close(&p);
	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "begin\n");
	SERVE_UNTIL(got(&p, "go\n"));
	peer_rst(&p);
	SERVE_UNTIL(has_ended(pid));
	SERVE_UNTIL(has_no_children());
}

/* each deed in each callback: the script ends, and the next request works */
static void
deeds(void)
{
	static const struct {
		int reason, channel;
		const char *request;
	} at[] = {
		{ LWS_CALLBACK_CGI_PROCESS_ATTACH, 0, GET("/sleeps") },
		{ LWS_CALLBACK_CGI, LWS_STDIN, POST("/sleeps", "2") "a" },
		{ LWS_CALLBACK_CGI, LWS_STDOUT, GET("/sleeps") },
		{ LWS_CALLBACK_CGI, LWS_STDERR, POST("/both", "2") "ab" },
		{ LWS_CALLBACK_CGI_STDIN_DATA, 0, POST("/sleeps", "2") "a" },
		{ LWS_CALLBACK_CGI_STDIN_COMPLETED, 0, GET("/sleeps") },
		{ LWS_CALLBACK_HTTP_WRITEABLE, 0, GET("/sleeps") },
		{ LWS_CALLBACK_CGI_TERMINATED, 0, GET("/both") },
	};
	static struct peer p;

	for (deed = REFUSE; deed <= CLOSE_PIPES; deed++)
		for (size_t n = 0; n < sizeof(at) / sizeof(*at); n++) {
			int was = ends, fds;

			if (!cx)
				create(0);
			fds = open_descriptors();
			at_reason = at[n].reason;
			at_channel = at[n].channel;
			snprintf(now_doing, sizeof(now_doing), "deed %d at %d",
				 deed, (int)n);
			CHECK(!peer_open(&p, default_port(cx)));
			peer_say(&p, at[n].request);
			SERVE_UNTIL(at_reason == -1);
			/* these two leave the script to its time */
			if (deed == CLOSE_PIPES || deed == CGI_KILL)
				pump(&cx, 3);
			else if (cx)
				SERVE_UNTIL(has_ended(pid));
			peer_close(&p);
			SERVE_UNTIL(has_no_children());
			CHECK(ends == was + 1);
			if (!cx)
				continue;
			SERVE_UNTIL(open_descriptors() <= fds);
			CHECK(peer_has(ask(GET("/show")), "FROM_CALL"));
		}
}

int
main(void)
{
	create(0);
	calls();
	deeds();
	if (cx)
		lws_context_destroy(cx);
	create(1);
	raw_owner();
	lws_context_destroy(cx);
	return 0;
}
