/*
 * A name server that never answers delays nobody else: while a name is
 * looked up, a connection of the same service thread echoes on. The program
 * has an /etc/resolv.conf of its own, which names a socket that swallows.
 * ctest: only=ours no-valgrind
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "origin.h"
#include "peer.h"

#define NAME "name.that.nobody.answers.example"

static struct lws_context *cx;
static struct origin server;
static struct lws *echoing, *waiting;
static int is_up, echoes, asked, failed;
static long long sent_at, slowest, total;
static char error[200];

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	unsigned char b[LWS_PRE + 1];
	long long us;

	(void)user;
	if (wsi == waiting && reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR) {
		lws_snprintf(error, sizeof(error), "%s", (char *)in);
		failed++;
	}
	if (wsi != echoing)
		return 0;
	switch (reason) {
	case LWS_CALLBACK_RAW_CONNECTED:
		is_up = 1;
		break;
	case LWS_CALLBACK_RAW_RX:
		CHECK(len == 1);
		us = lws_now_usecs() - sent_at;
		total += us;
		if (us > slowest)
			slowest = us;
		echoes++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_RAW_WRITEABLE:
		b[LWS_PRE] = 'e';
		sent_at = lws_now_usecs();
		CHECK(lws_write(wsi, b + LWS_PRE, 1, LWS_WRITE_RAW) == 1);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws *
connect_to(const char *address, int port, struct lws **place)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.address = i.host = address;
	i.port = port;
	i.method = "RAW";
	i.pwsi = place;
	return lws_client_connect_via_info(&i);
}

/* echoes what has come; swallows what the name server is asked */
static void
turn(int names)
{
	char question[512];

	lws_service(cx, -1);
	while (recv(names, question, sizeof(question), MSG_DONTWAIT) > 0)
		asked++;
	if (origin_accept(&server) && origin_read(&server)) {
		origin_send(&server, server.got, server.len);
		server.len = 0;
	}
}

/* the address of a socket that swallows; -1 where this is not permitted */
static int
own_names(char *conf)
{
	int names = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), file;
	struct sockaddr_in a;
	char text[100];

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_port = htons(53);
	/* of 127.0.0.0/8, a place of this process's own */
	a.sin_addr.s_addr = htonl(0x7f350000u | (unsigned)(getpid() & 0xfffe));
	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    bind(names, (struct sockaddr *)&a, sizeof(a)))
		return -1;
	file = mkstemp(conf);
	CHECK(file >= 0);
	lws_snprintf(text, sizeof(text), "nameserver %s\noptions timeout:1 "
		     "attempts:1\n", inet_ntoa(a.sin_addr));
	CHECK(write(file, text, strlen(text)) == (ssize_t)strlen(text));
	close(file);
	if (mount(conf, "/etc/resolv.conf", NULL, MS_BIND, NULL))
		return -1;
	return names;
}

int
main(void)
{
	struct lws_context_creation_info i;
	char conf[] = "/tmp/lws-resolv-XXXXXX";
	int names = own_names(conf), before;
	time_t start;

	if (names < 0) {
		puts("skipped: a resolv.conf of its own takes privileges");
		unlink(conf);
		return 0;
	}
	origin_open(&server);
	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 2);
	CHECK(connect_to("127.0.0.1", server.port, &echoing));
	start = time(NULL);
	while (echoes < 100 && time(NULL) - start < 20)
		turn(names);
	CHECK(is_up && echoes >= 100);
	total = slowest = 0;
	before = echoes;
	CHECK(connect_to(NAME, 80, &waiting));
	while (!failed && time(NULL) - start < 60) {
		turn(names);
	}
	/* the name was asked for, and many echoes were there before it failed */
	CHECK(failed == 1 && asked > 0);
	CHECK(strstr(error, "Unable to connect: looking up " NAME ": "));
	CHECK(echoes - before >= 1000);
	printf("%d echoes while the name was looked up: %lld us each, the "
	       "slowest %lld us\n", echoes - before,
	       total / (echoes - before), slowest);

	/* a context that goes meanwhile does not wait either */
	failed = 0;
	before = asked;
	CHECK(connect_to(NAME, 80, &waiting));
	while (asked == before && time(NULL) - start < 60)
		turn(names);
	lws_context_destroy(cx);
	CHECK(failed == 1);
	umount2("/etc/resolv.conf", MNT_DETACH);
	unlink(conf);
	origin_close(&server);
	close(names);
	return 0;
}
