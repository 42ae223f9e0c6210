/*
 * The other end of a connection, for programs that serve and talk to
 * themselves in one thread: plain non-blocking sockets, and "pump", which
 * lets the library work until nothing happens any more.
 */
#ifndef CTESTS_PEER_H
#define CTESTS_PEER_H

#include <libwebsockets.h>
#include <stddef.h>

struct peer {
	int fd;
	int eof;		/* the server closed, or reset it */
	size_t len;		/* bytes received so far ... */
	char buf[65536];	/* ... of which the first are kept here */
};

extern unsigned long pump_events;	/* callbacks count themselves here */

/* runs the service, without waiting, until `quiet` passes brought nothing */
void pump(struct lws_context **cx, int quiet);

/* polls the peers too, for at most ms, until done() or the context is gone */
int pump_until(struct lws_context **cx, int (*done)(void), int ms);

/* an empty info for a program that says nothing and ends after `seconds` */
void quiet_info(struct lws_context_creation_info *i, unsigned seconds);

/* the port the kernel gave to the vhost "default" */
int default_port(struct lws_context *cx);

/* how many descriptors this process has open */
int open_descriptors(void);

int peer_open(struct peer *p, int port);
int peer_open_unix(struct peer *p, const char *path);
void peer_send(struct peer *p, const void *data, size_t len);
void peer_say(struct peer *p, const char *text);
void peer_upgrade(struct peer *p, const char *protocol);
void peer_frame(struct peer *p, int op_and_fin, const void *data, size_t len);
size_t peer_read(struct peer *p);	/* takes what is there; new bytes */
int peer_has(const struct peer *p, const char *text);
void peer_reset(struct peer *p);	/* forget what was received */
void peer_close(struct peer *p);
void peer_rst(struct peer *p);

/* ends the program when a check fails */
void check_at(int ok, const char *what, const char *file, int line);
#define CHECK(x) check_at(!!(x), #x, __FILE__, __LINE__)

#endif
