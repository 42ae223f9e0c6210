/*
 * One client connection of the load generator: connecting, the ws upgrade, building requests and frames, taking answers
 * apart. No library but OpenSSL and zlib where they are the subject (secure.c, squeeze.c): what is measured is the server, and
 * this has to cost little and be exact. Does not wait for anything and decides nothing: load.c owns the epoll loop and
 * what is sent when.
 */
#ifndef BENCH_CONN_H
#define BENCH_CONN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct ssl_st;
struct z_stream_s;

enum conn_state { CONN_CONNECTING, CONN_SECURING, CONN_UPGRADING, CONN_OPEN };

/* How every connection of a run is made; filled from the command line. */
struct target {
	int port;
	int raw;		/* no ws: TCP, messages are `size` bytes */
	const char *path;	/* no ws: http GET of this, the answer has `size` bytes */
	int secure, resume;	/* TLS; with the session of the first connection */
	int squeezed, json;	/* permessage-deflate; what is compressed is JSON */
	const char *protocol;	/* ws subprotocol to ask for */
	size_t size;
};

/* Bytes of an answer's head that are kept while it is incomplete. */
#define HTTP_HEAD 1024

struct conn {
	int fd;
	enum conn_state state;
	struct ssl_st *ssl;
	struct z_stream_s *inflater;
	char *http_head;	/* http: the head so far; `head_len` counts it */
	uint32_t index;
	/* reading: header so far, payload still to come of this frame, length so far of this message */
	uint8_t head[14];
	unsigned int head_len;
	uint64_t frame_left;
	int frame_final, in_msg, msg_squeezed;
	size_t msg_len;
	uint32_t received;	/* messages */
	/* writing: what is due, from which buffer; a repeating buffer is sent again and again */
	const uint8_t *out;
	size_t out_len, out_pos, due;
	int wants_out;
	uint8_t *own;		/* check: frames made for this connection */
	size_t own_len, own_cap;
	uint32_t sent;
};

/* What the messages that arrive are used for; either may be NULL. `payload` gets pieces with their place. */
struct sink {
	void (*payload)(struct conn *c, const uint8_t *p, size_t len);
	void (*message)(struct conn *c);
};

void die(const char *what, const struct conn *c);
void conn_start(struct conn *c, const struct target *t, uint32_t serial);
void conn_send_upgrade(struct conn *c, const struct target *t);
/* 1 when the answer is complete and accepts; bytes after it are an error: the server has nothing to say yet. */
int conn_read_upgrade(struct conn *c, const struct target *t);
void conn_feed(struct conn *c, const struct target *t, const struct sink *sink, const uint8_t *p, size_t len);
/* Sends as much of what is due as the socket takes; 1 if some is left. */
int conn_flush(struct conn *c);

/* Does both ends of a message's way through TLS, if there is any; as recv and send, with EAGAIN. */
ssize_t conn_recv(struct conn *c, void *to, size_t len, int peek);
ssize_t conn_send(struct conn *c, const void *from, size_t len);
void conn_close(struct conn *c);

/* secure.c: begins TLS on a connected socket; goes on with it: 1 when it is complete. */
void secure_start(struct conn *c, const struct target *t);
int secure_step(struct conn *c, const struct target *t);
ssize_t secure_recv(struct conn *c, void *to, size_t len, int peek);
ssize_t secure_send(struct conn *c, const void *from, size_t len);
void secure_close(struct conn *c);

/* squeeze.c: a message compressed by itself, without the last four bytes; what is in a compressed piece. */
size_t squeeze(uint8_t *to, size_t room, const uint8_t *from, size_t len);
size_t squeeze_bound(size_t len);
void unsqueeze(struct conn *c, const uint8_t *p, size_t len, int last, void (*out)(struct conn *, const uint8_t *, size_t));
void unsqueeze_close(struct conn *c);

size_t frame_size(const struct target *t, size_t payload);
/* A masked binary frame (or the bare payload if raw) holding message number `seq` of connection `index`. */
size_t frame_build(const struct target *t, uint8_t *at, uint32_t index, uint32_t seq, size_t payload);
uint8_t content(const struct target *t, uint32_t index, uint32_t seq, size_t place);

#endif
