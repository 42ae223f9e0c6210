/*
 * A server of one connection at a time inside the test program, for tests of
 * clients: it does nothing by itself, the program lets it act between passes.
 */
#ifndef CTESTS_ORIGIN_H
#define CTESTS_ORIGIN_H

#include <stddef.h>

struct origin {
	int listener;
	int port;
	int fd;			/* the connection, -1 without */
	int eof;
	size_t len;		/* what came, NUL behind it */
	char got[65536];
};

void origin_open(struct origin *o);
int origin_accept(struct origin *o);	/* 1: there is a connection */
size_t origin_read(struct origin *o);	/* what is new */
int origin_has(const struct origin *o, const char *text);
void origin_send(struct origin *o, const void *data, size_t len);
void origin_drop(struct origin *o);	/* closes the connection */
void origin_close(struct origin *o);

#endif
