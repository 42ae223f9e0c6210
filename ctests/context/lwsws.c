/*
 * The configuration files of lwsws: global settings, vhosts with protocols
 * and mounts, and files that cannot be used.
 */
#include <libwebsockets.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <unistd.h>

#include "peer.h"

static char strings[32768];
static struct lws_context *cx;
static struct peer peer;
static int port;

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK(f);
	fputs(text, f);
	CHECK(!fclose(f));
}

/* a port that nobody has now */
static int
free_port(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof a));
	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	close(fd);
	return ntohs(a.sin_port);
}

static void
options(const char *indent, const struct lws_protocol_vhost_options *o)
{
	for (; o; o = o->next)
		printf("%s%s=%s\n", indent, o->name, o->value);
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	pump_events++;
	if (reason == LWS_CALLBACK_PROTOCOL_INIT) {
		printf("%s up on %s\n", lws_get_protocol(wsi)->name,
		       lws_get_vhost_name(lws_get_vhost(wsi)));
		options("  ", in);
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ "p1", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

#define TEXT(s) ((s) ? (s) : "none")

static void
globals(const char *dir)
{
	struct lws_context_creation_info i;
	char *at = strings;
	int left = sizeof strings, r;

	memset(&i, 0, sizeof i);
	r = lwsws_get_config_globals(&i, dir, &at, &left);
	printf("globals of %s: %d, in order %d\n", dir, r,
	       at >= strings && left >= 0 && (left < (int)sizeof strings) == (at > strings));
	printf("uid %d gid %d user %s group %s threads %u\n", i.uid, i.gid,
	       TEXT(i.username), TEXT(i.groupname), i.count_threads);
	printf("server %s timeout %u alpn %s files %d options %llx\n",
	       TEXT(i.server_string), i.timeout_secs, TEXT(i.alpn),
	       i.rlimit_nofile, (unsigned long long)i.options);
	options("refused: ", i.reject_service_keywords);
}

static int
vhosts(const char *dir)
{
	struct lws_context_creation_info i;
	char *at = strings;
	int left = sizeof strings, r;

	quiet_info(&i, 60);
	i.protocols = protocols;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	r = lwsws_get_config_vhosts(cx, &i, dir, &at, &left);
	printf("vhosts of %s: %d\n", dir, r);
	return r;
}

static void
fetch(const char *path)
{
	const char *end;

	CHECK(!peer_open(&peer, port));
	peer_say(&peer, "GET ");
	peer_say(&peer, path);
	peer_say(&peer, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	pump(&cx, 3);
	while (peer_read(&peer))
		pump(&cx, 3);
	end = strstr(peer.buf, "\r\n");
	CHECK(end && end - peer.buf > 9);
	/* the version is not compared: the reference redirects as HTTP/1.0 */
	printf("%s: %.*s\n", path, (int)(end - peer.buf - 9), peer.buf + 9);
	for (end = strtok(peer.buf, "\r\n"); end; end = strtok(NULL, "\r\n"))
		if (!strncmp(end, "location", 8) || !strncmp(end, "cache", 5) ||
		    !strncmp(end, "x-", 2) || !strncmp(end, "content-type", 12))
			printf("  %s\n", end);
	peer_close(&peer);
	pump(&cx, 3);
}

static void
bad(const char *what, const char *conf)
{
	printf("%s\n", what);
	put("bad/conf", conf);
	vhosts("bad");
	lws_context_destroy(cx);
}

int
main(void)
{
	lws_set_log_level(0, NULL);
	CHECK(!mkdir("good", 0700) && !mkdir("good/conf.d", 0700));
	CHECK(!mkdir("bad", 0700) && !mkdir("bad/conf.d", 0700));
	CHECK(!mkdir("files", 0700));
	put("files/start.html", "<b>start</b>");
	put("files/data.odd", "data");
	put("good/conf", "# first\n{ \"global\": {\n"
	    "\"username\": \"nobody\", # who\n\"groupname\": \"nogroup\",\n"
	    "\"uid\": \"65534\", \"gid\": 65533, \"count-threads\": \"1\",\n"
	    "\"server-string\": \"a # \\\"server\\\"\", \"timeout-secs\": \"7\",\n"
	    "\"default-alpn\": \"http/1.1\", \"rlimit-nofile\": \"99\",\n"
	    "\"reject-service-keywords\": [{ \"bot\": \"404 No\", \"b\": \"500 x\" }, { \"c\": \"400 y\" }],\n"
	    "\"init-ssl\": \"yes\", \"unknown\": \"x\" } }\n");
	put("good/conf.d/20", "{ \"global\": { \"server-string\": \"second\" } }");
	port = free_port();
	lws_snprintf(strings, sizeof strings, "{ \"vhosts\": [ {\n"
	    "\"name\": \"first\", \"port\": \"%d\", \"interface\": \"lo\",\n"
	    "\"headers\": [{ \"x-one\": \"1\", \"x-two\": \"2\" }], \"keepalive_timeout\": \"17\",\n"
	    "\"ws-protocols\": [{ \"p1\": { \"status\": \"ok\", \"x\": \"y\" } }],\n"
	    "\"mounts\": [ { \"mountpoint\": \"/\", \"origin\": \"file://files\", \"default\": \"start.html\",\n"
	    " \"cache-max-age\": \"60\", \"cache-reuse\": \"1\", \"cache-revalidate\": \"on\", \"cache-intermediaries\": \"no\",\n"
	    " \"extra-mimetypes\": { \".odd\": \"text/odd\" } },\n"
	    "{ \"mountpoint\": \"/call\", \"origin\": \"callback://p1\", \"pmo\": [{ \"a\": \"b\" }] },\n"
	    "{ \"mountpoint\": \"/away\", \"origin\": \">http://example.com/there\" } ]\n"
	    "} ] }", port);
	put("good/conf.d/10", strings);
	globals("good");
	if (!vhosts("good")) {
		pump(&cx, 3);
		fetch("/");
		fetch("/data.odd");
		fetch("/none");
		fetch("/call");
		fetch("/away");
	}
	lws_context_destroy(cx);

	globals("none");
	bad("no port", "{ \"vhosts\": [ { \"name\": \"x\" } ] }");
	bad("no vhost", "{ \"global\": { \"uid\": \"1\" } }");
	bad("no json", "{ \"vhosts\": [ { \"name\": } ] }");
	bad("no origin", "{ \"vhosts\": [ { \"port\": \"1\", \"mounts\": [ { \"mountpoint\": \"/\" } ] } ] }");
	bad("odd origin", "{ \"vhosts\": [ { \"port\": \"1\", \"mounts\": [ { \"mountpoint\": \"/\", \"origin\": \"odd://x\" } ] } ] }");
	globals("bad");
	return 0;
}
