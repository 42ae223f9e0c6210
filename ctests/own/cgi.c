/*
 * CGI mounts: what a script is told, what becomes of its output, bodies in
 * both directions, and everything that a script may get wrong.
 * ctest: only=ours waits
 */
#define _GNU_SOURCE
#include "cgi.h"

#include <fcntl.h>

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};
static struct lws_protocol_vhost_options
	env2 = { NULL, NULL, "SERVER_SOFTWARE", "mine" },
	env1 = { &env2, NULL, "FROM_MOUNT", "a b=c" };
static struct lws_http_mount
	one = { .mountpoint = "/one/", .mountpoint_len = 5,
		.origin = "cgi-bin/env", .origin_protocol = LWSMPRO_CGI },
	bin = { .mount_next = &one, .mountpoint = "/bin",
		.mountpoint_len = 4, .origin = "cgi-bin",
		.origin_protocol = LWSMPRO_CGI, .cgienv = &env1,
		.cgi_timeout = 60 };

static void
scripts(void)
{
	char cwd[512], text[600];
	FILE *f;

	CHECK(getcwd(cwd, sizeof(cwd)));
	script("env", "printf 'Content-Type: text/plain\\n\\n'; env; pwd\n");
	script("fds", "printf 'A: b\\n\\n'; exec ls -x /proc/self/fd\n");
	script("signals", "printf 'A: b\\n\\n'\n"
			  "exec cat /proc/self/status\n");
	script("cat", "printf 'Content-Type: x/y\\r\\n'\n"
		      "[ -z \"$CONTENT_LENGTH\" ] || printf "
		      "'Content-Length: %s\\r\\n' $CONTENT_LENGTH\n"
		      "printf '\\r\\n'; exec cat\n");
	script("count", "printf 'A: b\\n\\n'; exec wc -c\n");
	script("status", "printf 'Status: 418 Tea\\nX-A: b\\n"
			 "Connection: keep-alive\\n\\nshort'\n");
	script("location", "printf 'Location: /elsewhere\\n\\n'\n");
	script("unchanged", "printf 'Status: 304\\nETag: \"x\"\\n\\nno body'\n");
	script("nothing", "exit 0\n");
	script("garbage", "echo 'this is no header'; echo; echo body\n");
	script("endless", "while echo A: bcdefghijklmnop; do :; done\n");
	script("half", "printf 'A: b\\n'\n");
	script("less", "printf 'Content-Length: 100\\n\\nonly'\n");
	script("more", "printf 'Content-Length: 4\\n\\nfourmore'\n");
	script("deaf", "printf 'A: b\\n\\ndeaf'; exec <&-; exec >&-\n");
	script("complain", "echo one >&2; printf 'two\\nth' >&2\n"
			   "printf 'A: b\\n\\n'; printf '\\033ree' >&2\n");
	script("big", "printf 'A: b\\n\\n'\n"
		      "exec head -c 20000000 /dev/zero\n");
	snprintf(text, sizeof(text), "while [ ! -e '%s/go' ]; do sleep 0.05; "
		 "done\nprintf 'A: b\\n\\n'; exec wc -c\n", cwd);
	script("slow", text);
	script("plain", "");
	CHECK(!chmod("cgi-bin/plain", 0644));
	script("noexec", "");
	f = fopen("cgi-bin/noexec", "w");
	CHECK(f && fputs("#!/no/such/interpreter\n", f) >= 0 && !fclose(f));
	mkdir("cgi-bin/sub", 0755);
	script("sub/deep", "printf 'A: b\\n\\n'; echo $PATH_INFO\n");
	CHECK(!symlink("/bin/ls", "cgi-bin/link") || errno == EEXIST);
}

static void
environment(void)
{
	struct peer *p = ask("GET /bin/env/x%20y/z?a=1&b=%26+c&d HTTP/1.1\r\n"
			     "Host: h:1\r\nConnection: close\r\n"
			     "Proxy: http://evil/\r\nX-Own: 1\r\n"
			     "Cookie: k=v\r\nUser-Agent: me\r\n"
			     "Authorization: Basic abc\r\n"
			     "X_Own: spoofed\r\n\r\n");
	static const char * const there[] = {
		"HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n",
		"GATEWAY_INTERFACE=CGI/1.1\n", "REQUEST_METHOD=GET\n",
		"SCRIPT_NAME=/bin/env\n", "PATH_INFO=/x y/z\n",
		"QUERY_STRING=a=1&b=%26+c&d\n", "SERVER_NAME=h\n",
		"SERVER_PROTOCOL=HTTP/1.1\n", "REMOTE_ADDR=127.0.0.1\n",
		"HTTP_X_OWN=1\n", "HTTP_COOKIE=k=v\n", "HTTP_HOST=h:1\n",
		"HTTP_USER_AGENT=me\n", "SERVER_SOFTWARE=mine\n",
		"FROM_MOUNT=a b=c\n", "\n/tmp\n", "/cgi-bin/env\n"
	}, * const absent[] = {
		"HTTP_PROXY", "HTTP_AUTHORIZATION", "spoofed",
		"CONTENT_LENGTH", "HTTPS", "HOME="
	};

	for (size_t n = 0; n < sizeof(there) / sizeof(*there); n++) {
		if (!peer_has(p, there[n]))
			printf("%s\n%s\n", there[n], p->buf);
		CHECK(peer_has(p, there[n]));
	}
	for (size_t n = 0; n < sizeof(absent) / sizeof(*absent); n++)
		CHECK(!peer_has(p, absent[n]));
	p = ask(GET("/one/x"));
	CHECK(peer_has(p, "SCRIPT_NAME=/one\n"));
	CHECK(peer_has(p, "PATH_INFO=/x\n"));
}

/* a program that forgets close-on-exec, and ignores signals */
static void
nothing_is_inherited(void)
{
	struct peer *p;

	CHECK(open("/dev/null", O_RDONLY) >= 0);
	signal(SIGUSR2, SIG_IGN);
	p = ask(GET("/bin/fds"));
	/* 3 is the folder that ls lists */
	CHECK(peer_has(p, "\r\n0  1  2  3\n"));
	p = ask(GET("/bin/signals"));
	CHECK(peer_has(p, "SigBlk:\t0000000000000000\n"));
	CHECK(peer_has(p, "SigCgt:\t0000000000000000\n"));
	/* of those that programs can set */
	CHECK(!(strtoull(strstr(p->buf, "SigIgn:\t") + 8, NULL, 16) &
		0x7fffffff));
	signal(SIGUSR2, SIG_DFL);
}

static void
answers(void)
{
	struct peer *p = ask(GET("/bin/status"));

	CHECK(peer_has(p, "HTTP/1.1 418 "));
	CHECK(peer_has(p, "X-A: b\r\n"));
	CHECK(!peer_has(p, "Status"));
	CHECK(!peer_has(p, "keep-alive"));
	CHECK(peer_has(p, "transfer-encoding: chunked\r\n"));
	CHECK(peer_has(p, "connection: close\r\n"));
	CHECK(peer_has(p, "\r\n\r\n5\r\nshort\r\n0\r\n\r\n"));

	p = ask("GET /bin/status HTTP/1.0\r\n\r\n");
	CHECK(peer_has(p, "HTTP/1.0 418 "));
	CHECK(!peer_has(p, "chunked"));
	CHECK(peer_has(p, "\r\n\r\nshort"));
	CHECK(!peer_has(p, "short\r"));

	p = ask(GET("/bin/location"));
	CHECK(peer_has(p, "HTTP/1.1 302 "));
	CHECK(peer_has(p, "Location: /elsewhere\r\n"));

	p = ask("HEAD /bin/status HTTP/1.1\r\nConnection: close\r\n\r\n");
	CHECK(peer_has(p, "X-A: b\r\n"));
	CHECK(p->len > 4 && !memcmp(p->buf + p->len - 4, "\r\n\r\n", 4));

	p = ask(GET("/bin/unchanged"));
	CHECK(peer_has(p, "HTTP/1.1 304 "));
	CHECK(peer_has(p, "ETag: \"x\"\r\n"));
	CHECK(p->len > 4 && !memcmp(p->buf + p->len - 4, "\r\n\r\n", 4));
	CHECK(!peer_has(p, "chunked"));

	p = ask(GET("/bin/more"));
	CHECK(peer_has(p, "content-length: 4\r\n"));
	CHECK(p->len > 8 && !memcmp(p->buf + p->len - 8, "\r\n\r\nfour", 8));

	p = ask(GET("/bin/sub/deep/more"));
	CHECK(peer_has(p, "\r\n/more\n\r\n"));
	CHECK(peer_has(ask(GET("/bin/sub/deep?x")), "200 OK"));
}

/* several on one connection, the next requests sent before an answer */
static void
keep_alive(void)
{
	static struct peer p;

	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "GET /bin/status HTTP/1.1\r\n\r\n"
		     "HEAD /bin/status HTTP/1.1\r\n\r\n"
		     "POST /bin/cat HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
		     "POST /bin/deaf HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
		     "wasteGET /bin/unchanged HTTP/1.1\r\n\r\n"
		     "POST /bin/none HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
		     "GET /bin/less HTTP/1.1\r\n\r\n"
		     "GET /bin/env HTTP/1.1\r\n\r\n");
	SERVE_UNTIL(got_all(&p));
	CHECK(peer_has(&p, "chunked\r\n\r\n5\r\nshort\r\n0\r\n\r\nHTTP/1.1 4"));
	CHECK(peer_has(&p, "chunked\r\n\r\nHTTP/1.1 200 "));
	CHECK(peer_has(&p, "content-length: 5\r\n\r\nhelloHTTP/1.1 200 OK"));
	CHECK(peer_has(&p, "4\r\ndeaf\r\n0\r\n\r\nHTTP/1.1 304"));
	CHECK(peer_has(&p, "404 Not Found"));
	/* less than it has promised: the connection cannot go on */
	CHECK(peer_has(&p, "content-length: 100\r\n\r\nonly"));
	CHECK(!memcmp(p.buf + p.len - 4, "only", 4));
	peer_close(&p);
}

static void
failures(void)
{
	static const struct {
		const char *request, *status, *says;
	} bad[] = {
		{ GET("/bin/nothing"), "502", "has written nothing" },
		{ GET("/bin/garbage"), "502", "no header line" },
		{ GET("/bin/endless"), "502", "too long" },
		{ GET("/bin/half"), "502", "ends before" },
		{ GET("/bin/plain"), "500", "not executable" },
		{ GET("/bin/noexec"), "500", "cannot be run" },
		{ GET("/bin/none"), "404", "no script" },
		{ GET("/bin/none/more"), "404", "no script" },
		{ GET("/bin"), "404", "no script" },
		{ GET("/bin/"), "404", "no script" },
		{ GET("/bin/sub"), "404", "no script" },
		{ GET("/bin/%2e%2e/cgi"), "404", "" },
		{ GET("/bin/sub/..%2f..%2f..%2f/bin/ls"), "404", "" },
		{ POST("/bin/none", "3") "abc", "404", "no script" },
	};

	for (size_t n = 0; n < sizeof(bad) / sizeof(*bad); n++) {
		struct peer *p;
		const char *preload = getenv("LD_PRELOAD");
		char status[16];

		/* it dies when an exec fails */
		if (preload && strstr(preload, "vgpreload") &&
		    strstr(bad[n].request, "noexec"))
			continue;

		*logged = '\0';
		p = ask(bad[n].request);
		snprintf(status, sizeof(status), "HTTP/1.1 %s ",
			 bad[n].status);
		if (!peer_has(p, status) || !strstr(logged, bad[n].says))
			printf("%s%s%s", bad[n].request, p->buf, logged);
		CHECK(peer_has(p, status));
		CHECK(strstr(logged, bad[n].says));
	}
	*logged = '\0';
	CHECK(peer_has(ask(GET("/bin/complain")), "200 OK"));
	CHECK(strstr(logged, "CGI-stderr: one\n"));
	CHECK(strstr(logged, "CGI-stderr: two\n"));
	CHECK(strstr(logged, "CGI-stderr: th?ree\n"));
}

#define MEGA (1 << 20)

/* sends what the socket takes; bytes sent so far */
static size_t
push(struct peer *p, const char *data, size_t len, size_t sent)
{
	while (sent < len) {
		ssize_t n = send(p->fd, data + sent, len - sent,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	return sent;
}

/* a chunked body becomes the bytes that it stands for; their number */
static size_t
unchunk(char *body)
{
	char *from = body, *to = body, *end;
	size_t len;

	while ((len = strtoul(from, &end, 16))) {
		CHECK(!memcmp(end, "\r\n", 2));
		memmove(to, end + 2, len);
		to += len;
		from = end + 2 + len;
		CHECK(!memcmp(from, "\r\n", 2));
		from += 2;
	}
	CHECK(!strcmp(end, "\r\n\r\n"));
	return (size_t)(to - body);
}

/* a megabyte to a script and back */
static void
upload(int chunked)
{
	static struct peer p;
	static char data[MEGA], body[MEGA + 4096], back[2 * MEGA];
	size_t len = 0, sent = 0, at = 0, size, have = 0;
	char *start;

	for (size_t n = 0; n < MEGA; n++)
		data[n] = (char)(rand() >> 8);
	while (chunked && at < MEGA) {
		size_t piece = (size_t)(rand() % 60000) + 1;

		if (piece > MEGA - at)
			piece = MEGA - at;
		len += (size_t)sprintf(body + len, "%zx;x=y\r\n", piece);
		memcpy(body + len, data + at, piece);
		memcpy(body + len + piece, "\r\n", 2);
		len += piece + 2;
		at += piece;
	}
	if (chunked)
		len += (size_t)sprintf(body + len, "0\r\n\r\n");
	else
		memcpy(body, data, len = MEGA);
	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, chunked ? "POST /bin/cat HTTP/1.1\r\n"
			       "Connection: close\r\n"
			       "Transfer-Encoding: chunked\r\n\r\n" :
			       POST("/bin/cat", "1048576"));
	do {
		ssize_t n;

		sent = push(&p, body, len, sent);
		turn();
		while ((n = recv(p.fd, back + have, sizeof(back) - have,
				 MSG_DONTWAIT)) > 0)
			have += (size_t)n;
		if (!n)
			break;
	} while (1);
	back[have] = '\0';
	CHECK(sent == len);
	start = memmem(back, have, "\r\n\r\n", 4);
	CHECK(start);
	start += 4;
	size = have - (size_t)(start - back);
	if (chunked)
		size = unchunk(start);
	CHECK(size == MEGA && !memcmp(start, data, MEGA));
	peer_close(&p);
}

static long
resident_kb(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	CHECK(f && fscanf(f, "%*d %ld", &pages) == 1);
	fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* a client that does not read must not make us keep the output */
static void
slow_client(void)
{
	static struct peer p;
	size_t all = 0;
	long before = resident_kb();

	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, "GET /bin/big HTTP/1.0\r\n\r\n");
	for (int n = 0; n < 300; n++)
		turn();
	CHECK(resident_kb() - before < 4096);
	while (!p.eof) {
		turn();
		all += peer_read(&p);
		peer_reset(&p);
	}
	CHECK(all > 20000000 && all < 20001000);
	CHECK(resident_kb() - before < 4096);
	peer_close(&p);
}

/* a script that does not read must not make us keep the body */
static void
slow_script(void)
{
	static struct peer p;
	static char data[16 * MEGA];
	size_t sent = 0, was;
	int quiet = 0;
	long before = resident_kb();

	unlink("go");
	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, POST("/bin/slow", "16777216"));
	while (quiet < 200) {
		was = sent;
		sent = push(&p, data, sizeof(data), sent);
		quiet = was == sent ? quiet + 1 : 0;
		turn();
	}
	CHECK(sent < sizeof(data));
	CHECK(resident_kb() - before < 4096);
	CHECK(!fclose(fopen("go", "w")));
	while (sent < sizeof(data)) {
		sent = push(&p, data, sizeof(data), sent);
		turn();
	}
	SERVE_UNTIL(got_all(&p));
	CHECK(peer_has(&p, "16777216\n"));
	peer_close(&p);
}

int
main(void)
{
	struct lws_context_creation_info i;
	struct peer *p;
	int fds;

	scripts();
	quiet_info(&i, 110);
	lws_set_log_level(LLL_ERR | LLL_WARN, keep_log);
	i.protocols = protocols;
	i.mounts = &bin;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 3);
	environment();
	nothing_is_inherited();
	fds = open_descriptors();
	answers();
	keep_alive();
	failures();
	p = ask("POST /bin/count HTTP/1.1\r\nConnection: close\r\n"
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x\r\ndefg\r\n"
		"0\r\nT: t\r\n\r\n");
	CHECK(peer_has(p, "\r\n7\n"));
	p = ask("PUT /bin/count HTTP/1.1\r\nConnection: close\r\n"
		"Expect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd");
	CHECK(peer_has(p, "\r\n4\n"));
	CHECK(peer_has(ask(POST("/bin/count", "0")), "\r\n0\n"));
	upload(0);
	upload(1);
	slow_client();
	slow_script();
	SERVE_UNTIL(has_no_children());
	CHECK(open_descriptors() == fds);
	lws_context_destroy(cx);
	CHECK(!cx);
	return 0;
}
