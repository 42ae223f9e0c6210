/*
 * A program's own poll array, kept by the poll-fd callbacks, and a turn of
 * its loop. Everything that the library wants to know about descriptors goes
 * through here: no lws_service.
 */
#ifndef CTESTS_OWN_H
#define CTESTS_OWN_H

#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

#define OWN_MAX 64

static struct pollfd own[OWN_MAX];
static int own_count, own_locked, own_adds, own_dels, own_changes;

static int
own_find(int fd)
{
	for (int n = 0; n < own_count; n++)
		if (own[n].fd == fd)
			return n;
	return -1;
}

/* 1: it was one of the poll-fd callbacks */
static int
own_callback(enum lws_callback_reasons reason, void *in)
{
	struct lws_pollargs *pa = in;
	int n;

	switch (reason) {
	case LWS_CALLBACK_LOCK_POLL:
		CHECK(!own_locked);
		own_locked = 1;
		return 1;
	case LWS_CALLBACK_UNLOCK_POLL:
		CHECK(own_locked);
		own_locked = 0;
		return 1;
	case LWS_CALLBACK_ADD_POLL_FD:
		CHECK(own_locked && own_find(pa->fd) < 0 &&
		      own_count < OWN_MAX);
		own[own_count].fd = pa->fd;
		own[own_count].revents = 0;
		own[own_count++].events = (short)pa->events;
		own_adds++;
		return 1;
	case LWS_CALLBACK_DEL_POLL_FD:
		n = own_find(pa->fd);
		/* exactly one for each ADD */
		CHECK(own_locked && n >= 0);
		own[n] = own[--own_count];
		own_dels++;
		return 1;
	case LWS_CALLBACK_CHANGE_MODE_POLL_FD:
		n = own_find(pa->fd);
		CHECK(own_locked && n >= 0);
		CHECK(own[n].events == pa->prev_events);
		own[n].events = (short)pa->events;
		own_changes++;
		return 1;
	default:
		return 0;
	}
}

/* one turn: 1 when something was ready */
static int
own_turn(struct lws_context *cx, int ms)
{
	struct pollfd ready[OWN_MAX];
	int count;

	if (!lws_service_adjust_timeout(cx, ms ? ms : 1, 0))
		lws_service_tsi(cx, -1, 0);
	count = own_count;
	memcpy(ready, own, sizeof(ready));
	if (poll(ready, (nfds_t)count, ms) <= 0) {
		lws_service_fd(cx, NULL);
		return 0;
	}
	for (int n = 0; n < count; n++)
		if (ready[n].revents && own_find(ready[n].fd) >= 0)
			lws_service_fd(cx, &ready[n]);
	return 1;
}

/* turns until nothing has been ready a few times */
static void
own_pump(struct lws_context *cx)
{
	for (int n = 0; n < 4; n++) {
		unsigned long was = pump_events;

		if (own_turn(cx, 0) || was != pump_events)
			n = -1;
	}
}

#endif
