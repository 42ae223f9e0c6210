/*
 * How scripts end: by time, with their client, with the vhost or the context;
 * with all that they have started, and however little they like it. Nothing
 * is left of them, and no more than a number of them run at a time.
 * ctest: only=ours waits
 */
#include "cgi.h"

static unsigned long terminated;

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	terminated += reason == LWS_CALLBACK_CGI_TERMINATED;
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static struct lws_http_mount
	brief = { .mountpoint = "/brief", .mountpoint_len = 6,
		  .origin = "cgi-bin", .origin_protocol = LWSMPRO_CGI,
		  .cgi_timeout = 1 },
	bin = { .mount_next = &brief, .mountpoint = "/bin",
		.mountpoint_len = 4, .origin = "cgi-bin",
		.origin_protocol = LWSMPRO_CGI, .cgi_timeout = 60 };

/* a script that writes the numbers of two processes, and then this */
static void
tree(const char *name, const char *before, const char *after)
{
	char cwd[512], text[2048];

	CHECK(getcwd(cwd, sizeof(cwd)));
	snprintf(text, sizeof(text), "%s\nsleep 600 >/dev/null 2>&1 &\n"
		 "cd '%s'\necho $! > child.new\necho $$ > leader.new\n"
		 "mv child.new child\nmv leader.new leader\n%s\n",
		 before, cwd, after);
	script(name, text);
}

static int leader, child;

/* both processes of a script run */
static int
tree_runs(void)
{
	leader = number_in("leader");
	child = number_in("child");
	return leader && child;
}

static struct peer a;

static void
start(const char *request)
{
	unlink("leader");
	unlink("child");
	CHECK(!peer_open(&a, default_port(cx)));
	peer_say(&a, request);
	SERVE_UNTIL(tree_runs());
	CHECK(!has_ended(child));
}

static void
both_end(void)
{
	SERVE_UNTIL(has_ended(leader) && has_ended(child));
	SERVE_UNTIL(has_no_children());
	peer_close(&a);
}

static void
time_is_up(void)
{
	unsigned long was = terminated;

	*logged = '\0';
	start(GET("/brief/silent"));
	SERVE_UNTIL(got_all(&a));
	CHECK(peer_has(&a, "HTTP/1.1 504 "));
	CHECK(strstr(logged, "cgi-bin/silent has not ended in 1 s"));
	both_end();
	CHECK(terminated == was + 1);

	/* what it has said so far arrives, and is not a complete answer */
	start(GET("/brief/begun"));
	SERVE_UNTIL(got_all(&a));
	CHECK(peer_has(&a, "\r\n5\r\nbegun\r\n"));
	CHECK(!peer_has(&a, "\r\n0\r\n"));
	both_end();

	*logged = '\0';
	start(GET("/brief/stubborn"));
	SERVE_UNTIL(got_all(&a));
	both_end();
	CHECK(strstr(logged, "does not end when told to: killed"));

	/* an answer is complete with its output; the rest ends in time */
	*logged = '\0';
	start("GET /brief/lingers HTTP/1.1\r\n\r\n");
	SERVE_UNTIL(got(&a, "\r\n0\r\n\r\n"));
	CHECK(!has_ended(leader));
	peer_reset(&a);
	peer_say(&a, GET("/bin/quick"));
	SERVE_UNTIL(got(&a, "quick"));
	both_end();
	CHECK(strstr(logged, "lingers has answered, but does not end"));
}

static void
client_goes(void)
{
	unsigned long was = terminated;

	start(GET("/bin/silent"));
	peer_close(&a);
	both_end();
	start(GET("/bin/begun"));
	SERVE_UNTIL(got(&a, "begun"));
	peer_rst(&a);
	both_end();
	start(POST("/bin/silent", "100") "half of it");
	peer_rst(&a);
	both_end();
	CHECK(terminated == was + 3);
}

/* the process in the background has closed its output: it is left alone */
static void
background(void)
{
	start(GET("/bin/leaves"));
	SERVE_UNTIL(got_all(&a));
	CHECK(peer_has(&a, "\r\n0\r\n\r\n"));
	SERVE_UNTIL(has_no_children());
	CHECK(has_ended(leader) && !has_ended(child));
	CHECK(!kill(child, SIGKILL));
	peer_close(&a);
}

#define LIMIT 128
#define MORE 5

static void
many(void)
{
	static struct peer p[LIMIT + MORE];
	int n, busy = 0;

	for (n = 0; n < LIMIT + MORE; n++) {
		CHECK(!peer_open(&p[n], default_port(cx)));
		peer_say(&p[n], POST("/bin/cat", "2") "a");
	}
	for (n = 0; n < LIMIT; n++)
		SERVE_UNTIL(got(&p[n], "\r\n1\r\na\r\n") ||
			    got(&p[n], " 503 "));
	for (n = 0; n < LIMIT + MORE; n++) {
		SERVE_UNTIL(got(&p[n], "\r\n1\r\na\r\n") ||
			    got(&p[n], " 503 "));
		busy += peer_has(&p[n], " 503 ");
	}
	CHECK(busy == MORE);
	for (n = 0; n < LIMIT + MORE; n++) {
		if (!peer_has(&p[n], " 503 ") && n % 2) {
			peer_say(&p[n], "b");
			SERVE_UNTIL(got_all(&p[n]));
			CHECK(peer_has(&p[n], "\r\n1\r\nb\r\n0\r\n\r\n"));
		}
		peer_close(&p[n]);
	}
	SERVE_UNTIL(has_no_children());
}

/* the program wants to know nothing of children, or knows them all */
static void
sigchld(void)
{
	signal(SIGCHLD, SIG_IGN);
	CHECK(peer_has(ask(GET("/bin/quick")), "quick"));
	start(GET("/brief/silent"));
	SERVE_UNTIL(got_all(&a));
	SERVE_UNTIL(has_ended(leader) && has_ended(child));
	peer_close(&a);
	signal(SIGCHLD, SIG_DFL);

	start(GET("/brief/begun"));
	CHECK(!kill(leader, SIGKILL) && !kill(child, SIGKILL));
	while (waitpid(leader, NULL, 0) < 0)
		;
	SERVE_UNTIL(got_all(&a));
	SERVE_UNTIL(has_no_children());
	peer_close(&a);
}

static int port;

static void
create(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 110);
	lws_set_log_level(LLL_ERR | LLL_WARN, keep_log);
	i.protocols = protocols;
	i.mounts = &bin;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	port = default_port(cx);
}

int
main(void)
{
	int fds;

	tree("silent", "", "wait");
	tree("begun", "printf 'A: b\\n\\nbegun'", "wait");
	tree("stubborn", "trap '' TERM", "while :; do wait; done");
	tree("lingers", "printf 'A: b\\n\\ndone'", "exec >&-; wait");
	tree("leaves", "printf 'A: b\\n\\ndone'", "exit 0");
	script("quick", "printf 'A: b\\n\\nquick'\n");
	script("cat", "printf 'A: b\\n\\n'; exec cat\n");
	create();
	CHECK(peer_has(ask(GET("/bin/quick")), "quick"));
	fds = open_descriptors();
	time_is_up();
	client_goes();
	background();
	many();
	sigchld();
	CHECK(open_descriptors() == fds);

	start(GET("/bin/silent"));
	lws_vhost_destroy(lws_get_vhost_by_name(cx, "default"));
	both_end();
	lws_context_destroy(cx);

	create();
	start(GET("/bin/stubborn"));
	lws_context_destroy(cx);
	cx = NULL;
	CHECK(has_ended(leader) && has_no_children());
	SERVE_UNTIL(has_ended(child));
	peer_close(&a);
	return 0;
}
