/*
 * Giving up root: by numbers and by names, in lws_create_context or, with
 * EXPLICIT_VHOSTS, in lws_finalize_startup. Each case is a process of its
 * own; without root there is nothing to see. ctest: no-valgrind
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;

static void
show(const char *when)
{
	int ids[2] = { 77, 77 };
	gid_t groups[8];
	uid_t r, e, s;
	int n;

	getresuid(&r, &e, &s);
	n = getgroups(8, groups);
	printf("  %s: uid %d %d %d gid %d groups", when, (int)r, (int)e, (int)s,
	       (int)getgid());
	for (int k = 0; k < n; k++)
		printf(" %d", (int)groups[k]);
	if (cx) {
		lws_get_effective_uid_gid(cx, &ids[0], &ids[1]);
		printf(" effective %d %d", ids[0], ids[1]);
	}
	puts("");
}

/* what the thread may do, as a mask */
static void
show_caps(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "CapEff", 6))
			printf("  %s", line);
	if (f)
		fclose(f);
}

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	 void *in, size_t len)
{
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		show("PROTOCOL_INIT");
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

struct wanted {
	int uid, gid;
	const char *user, *group;
	uint64_t options;
	int cap;
};

static void
one(const struct wanted *w)
{
	struct lws_context_creation_info i;

	memset(&i, 0, sizeof(i));
	i.protocols = protocols;
	i.uid = w->uid;
	i.gid = w->gid;
	i.username = w->user;
	i.groupname = w->group;
	i.options = w->options;
	i.pcontext = &cx;
	if (w->cap) {
		i.caps[0] = w->cap;
		i.count_caps = 1;
	}
	cx = lws_create_context(&i);
	printf("  created %s\n", cx ? "yes" : "NULL");
	if (cx) {
		show("created");
		printf("  lws_finalize_startup=%d\n", lws_finalize_startup(cx));
		lws_service(cx, -1);
	}
	show("at the end");
	show_caps();
	if (cx)
		lws_context_destroy(cx);
	fflush(stdout);
}

int
main(void)
{
	static const struct wanted cases[] = {
		{ -1, -1, NULL, NULL, 0, 0 },
		{ 0, 0, NULL, NULL, 0, 0 },
		{ 65534, 65534, NULL, NULL, 0, 0 },
		{ 65534, -1, NULL, NULL, 0, 0 },
		{ -1, 65534, NULL, NULL, 0, 0 },
		{ 12345, 12345, NULL, NULL, 0, 0 },
		{ -1, -1, "nobody", "nogroup", 0, 0 },
		{ -1, -1, "nobody", NULL, 0, 0 },
		{ -1, -1, "nosuch", "nogroup", 0, 0 },
		{ -1, -1, "nobody", "nosuch", 0, 0 },
		{ -1, -1, "nobody", "nogroup", 0, 10 },
		{ 65534, 65534, NULL, NULL, LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		  0 },
		{ 65534, -1, NULL, NULL, LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		  0 },
	};

	alarm(60);
	lws_set_log_level(0, NULL);
	if (getuid()) {
		puts("not root");
		return 0;
	}
	for (size_t n = 0; n < LWS_ARRAY_SIZE(cases); n++) {
		const struct wanted *w = &cases[n];
		int status = 0;
		pid_t pid;

		printf("uid %d gid %d %s:%s options %llx cap %d\n", w->uid,
		       w->gid, w->user ? w->user : "-",
		       w->group ? w->group : "-",
		       (unsigned long long)w->options, w->cap);
		fflush(stdout);
		pid = fork();
		CHECK(pid >= 0);
		if (!pid) {
			one(w);
			_exit(0);
		}
		CHECK(waitpid(pid, &status, 0) == pid);
		printf("  ended with %d\n", status);
	}
	return 0;
}
