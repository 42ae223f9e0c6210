/*
 * For tests of scripts: writes them, serves them, and asks for them. All
 * processes are children of scripts that this program has asked for.
 */
#ifndef CTESTS_CGI_H
#define CTESTS_CGI_H

#include <libwebsockets.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

static struct lws_context *cx;
static char logged[65536], now_doing[64];

static inline void
keep_log(int level, const char *line)
{
	(void)level;
	if (strlen(logged) + strlen(line) < sizeof(logged))
		strcat(logged, line);
}

/* a script below cgi-bin */
static inline void
script(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	mkdir("cgi-bin", 0755);
	snprintf(path, sizeof(path), "cgi-bin/%s", name);
	f = fopen(path, "w");
	CHECK(f);
	fputs("#!/bin/sh\n", f);
	fputs(text, f);
	CHECK(!fclose(f));
	CHECK(!chmod(path, 0755));
}

static inline long
now_msecs(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* one turn of the service, which does not wait for long */
static inline void
turn(void)
{
	if (cx && lws_service(cx, -1) >= 0)
		poll(NULL, 0, 1);
}

/* serves until the condition holds */
#define SERVE_UNTIL(cond) do { \
	for (long end_ = now_msecs() + 20000; !(cond); turn()) \
		if (now_msecs() > end_) { \
			printf("%s: %s\n%s\n", __func__, now_doing, logged); \
			CHECK(!#cond); \
		} \
} while (0)

static inline int
got(struct peer *p, const char *text)
{
	peer_read(p);
	return peer_has(p, text);
}

static inline int
got_all(struct peer *p)
{
	peer_read(p);
	return p->eof;
}

/* what the server says to a request, until it closes */
static inline struct peer *
ask(const char *request)
{
	static struct peer p;

	CHECK(!peer_open(&p, default_port(cx)));
	peer_say(&p, request);
	for (long end = now_msecs() + 20000; !got_all(&p); turn())
		if (now_msecs() > end) {
			printf("%s\n%s\n%s\n", request, p.buf, logged);
			CHECK(!"an answer in time");
		}
	peer_close(&p);
	return &p;
}

#define GET(path) \
	"GET " path " HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n"
#define POST(path, len) \
	"POST " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" \
	"Content-Length: " len "\r\n\r\n"

/* the number in a file, 0 while there is none */
static inline int
number_in(const char *path)
{
	FILE *f = fopen(path, "r");
	int n = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%d", &n) != 1)
		n = 0;
	fclose(f);
	return n;
}

/* gone, or at least no more than a zombie of somebody else */
static inline int
has_ended(int pid)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return 1;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state == 'Z';
}

/* neither running nor dead children are left */
static inline int
has_no_children(void)
{
	siginfo_t info;

	/* looks, and leaves the reaping to the library */
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 &&
	       errno == ECHILD;
}

#endif
