/*
 * The configurable server of the comparison harness: shared declarations.
 *
 * srv.c     command line, context and vhosts
 * proto.c   the callbacks: trace, rules, then a small built-in behaviour
 * ext.c     websocket extensions
 * act.c     what rules and the control channel can make the server do
 * ctl.c     the control channel: run until nothing happens any more
 */
#ifndef CTESTS_SRV_H
#define CTESTS_SRV_H

#include <libwebsockets.h>
#include <stdlib.h>
#include <unistd.h>

#include "trace.h"

#define MAX_RULES 64
#define MAX_VHOSTS 8
#define MAX_MOUNTS 24
#define MAX_PVOS 24

/* "on:p1/RECEIVE#2?hi=act;act" : the 2nd RECEIVE of p1 with `in` == hi */
struct rule {
	char proto[8];		/* empty: any */
	int reason;
	int nth;		/* 0: every time */
	const char *in;		/* NULL: any */
	const char *acts;
	int hits;
};

/* one callback in flight, or a call from outside of callbacks */
struct call {
	const char *label;
	struct lws *wsi;
	int reason;
	void *user;
	void *in;
	size_t len;
	int ret;
	int stop;		/* do not go on to the built-in behaviour */
};

extern struct lws_context *cx;
extern struct rule rules[MAX_RULES];
extern int rule_count;
extern const char *www;		/* directory that file mounts serve */
extern struct lws_protocols protos[];
extern int show_tid, show_cancel, quiet_state;

const struct lws_extension *ext_list(const char *words);
void act_list(struct call *c, const char *acts);
void act_forget(const struct lws *wsi);
void builtin(struct call *c);
void ctl_loop(void);
void ctl_fd(int fd);
void ctl_ended(int fd);

#endif
