/*
 * Callback traces: one line a callback, the same on every run. No pointers,
 * no times, no port numbers. Connections get small numbers in the order in
 * which they appear: wN for a connection, lN for a listener.
 *
 * Linked into every program of the harness; meant for programs with one
 * service thread.
 */
#ifndef CTESTS_TRACE_H
#define CTESTS_TRACE_H

#include <libwebsockets.h>
#include <stdio.h>
#include <string.h>

#include "names.h"

extern unsigned long tr_lines;	/* lines printed so far */
extern int tr_watch_hit;

/* one line of trace, newline added */
void tr_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* the one line of a callback; `label` is the name the callback goes by */
void tr_callback(const char *label, struct lws *wsi, int reason, void *user,
		 void *in, size_t len);

/* look out for a text in the lines to come; NULL ends it */
void tr_watch(const char *text);

/* bytes as text, in a buffer that lives for three more calls */
const char *tr_text(const void *p, size_t len);
unsigned int tr_sum(const void *p, size_t len);

/* "w3", and back again (NULL when there is no such connection) */
const char *tr_wsi_name(const struct lws *wsi, int reason);
struct lws *tr_wsi_by_name(const char *name);
void tr_forget(const struct lws *wsi);

/* "NULL", "new" (zeroed), "seen", "GARBAGE", or "args" */
const char *tr_user(struct lws *wsi, int reason, void *user);
int tr_is_broadcast(int reason);

#endif
