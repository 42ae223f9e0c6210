/*
 * Test client: what its files share.
 *
 * options.c reads the command line, main.c makes the context, connects and waits.
 * What is spoken lives in websocket.c, http.c and raw.c; each tells main.c by
 * client_finished() how it ended.
 */
#ifndef TEST_CLIENT_H
#define TEST_CLIENT_H

#include <libwebsockets.h>

#define MESSAGES_MAX 64

/* What a message, a request body or a line is made of. */
struct message {
    char *data;
    size_t len;
    int binary;
};

struct options {
    /* where: from the URL and --port */
    char url[1024]; /* the strings below point into it */
    const char *scheme;
    const char *address;
    const char *host; /* instead of the address in the request; or NULL */
    const char *path;
    char request_path[1024]; /* the path with its slash */
    int port;
    /* TLS */
    int tls_flags; /* LCCSCF_ bits */
    const char *ca, *cert, *key;
    /* what to say */
    const char *subprotocols;
    const char *method; /* http: NULL for GET */
    int version;
    int deflate;
    int keep_alive;
    struct message messages[MESSAGES_MAX];
    int message_count;
    int count; /* messages, lines or requests until it is enough; 0: until the server ends it */
    int seconds;
    int log_level;
};

extern struct options options;

/* Returns 0 to go on, 1 when help was asked for, -1 on a mistake. */
int options_read(int argc, char **argv);

/* Begins a connection as the options say; 0, or -1 when it could not even begin. */
int client_connect(struct lws_context *context);

/* All is over: the program's exit status, and why if it is not 0. */
void client_finished(int status, const char *why);

/* Writes to stdout; ends the client when that fails. */
void client_print(const void *data, size_t len);

/* websocket.c: one for each subprotocol with a meaning, and one for the others */
extern const struct lws_protocols counter_protocol, mirror_protocol, chat_protocol;
/* http.c */
extern const struct lws_protocols http_protocol;
/* raw.c */
extern const struct lws_protocols raw_protocol;

#endif
