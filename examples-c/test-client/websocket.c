/*
 * Test client: websocket subprotocols.
 *
 * dumb-increment-protocol: prints the numbers that come.
 * lws-mirror-protocol: draws lines on the shared board, and waits to be sent
 * each of them, in order; what others draw in between does not matter.
 * Any other: sends the messages of the command line, prints what comes.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COMMAND_MAX 48

struct session {
    int heard; /* messages that came, or own lines that came back */
    int sent;
    int ending; /* our close frame is on its way: nothing may follow it */
    unsigned int seed, seed_back; /* the lines drawn, and those awaited */
    char part[COMMAND_MAX];
    size_t part_len;
};

static int end_well(struct lws *wsi, struct session *s)
{
    static unsigned char why[] = "enough";

    s->ending = 1;
    lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, why, sizeof(why) - 1);

    return -1; /* sends the close frame; CLIENT_CLOSED comes when the server has answered it */
}

static int is_enough(const struct session *s)
{
    return options.count && s->heard >= options.count;
}

/* What all three have in common. */
static int common(struct lws *wsi, enum lws_callback_reasons reason, struct session *s, void *in,
                  size_t len)
{
    char why[256];

    switch (reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        snprintf(why, sizeof(why), "no connection: %.*s", (int)len, in ? (const char *)in : "");
        client_finished(1, why);
        break;

    case LWS_CALLBACK_CLIENT_CLOSED:
        if (is_enough(s) || !options.count)
            client_finished(0, NULL);
        else {
            snprintf(why, sizeof(why), "closed by the server after %d of %d", s->heard, options.count);
            client_finished(1, why);
        }
        break;

    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        /* in: the code, two bytes, then its reason */
        if (len >= 2)
            fprintf(stderr, "test-client: the server closes with %d %.*s\n",
                    ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1], (int)len - 2,
                    (const char *)in + 2);
        break;

    default:
        return lws_callback_http_dummy(wsi, reason, s, in, len);
    }

    return 0;
}

/* Prints a piece of a message; 1 at its end. */
static int print_piece(struct lws *wsi, const void *in, size_t len)
{
    client_print(in, len);
    if (!lws_is_final_fragment(wsi))
        return 0;
    if (!lws_frame_is_binary(wsi))
        client_print("\n", 1);

    return 1;
}

static int receive(struct lws *wsi, struct session *s, const void *in, size_t len)
{
    if (s->ending || !print_piece(wsi, in, len))
        return 0;
    s->heard++;

    return is_enough(s) ? end_well(wsi, s) : 0;
}

static int callback_counter(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                            size_t len)
{
    if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
        return receive(wsi, user, in, len);

    return common(wsi, reason, user, in, len);
}

/* ---- messages of the command line ---- */

static int send_message(struct lws *wsi, const struct message *m)
{
    /* room for what the library may put before it */
    unsigned char *buf = malloc(LWS_PRE + m->len);
    int n;

    if (!buf)
        return -1;
    if (m->len)
        memcpy(buf + LWS_PRE, m->data, m->len);
    n = lws_write(wsi, buf + LWS_PRE, m->len, m->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
    free(buf);

    return n < (int)m->len ? -1 : 0;
}

static int callback_chat(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t len)
{
    struct session *s = user;

    switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        if (options.message_count)
            lws_callback_on_writable(wsi);
        return 0;

    case LWS_CALLBACK_CLIENT_WRITEABLE:
        if (s->ending || s->sent == options.message_count)
            return 0;
        if (send_message(wsi, &options.messages[s->sent++]))
            return -1;
        if (s->sent < options.message_count)
            lws_callback_on_writable(wsi);
        return 0;

    case LWS_CALLBACK_CLIENT_RECEIVE:
        return receive(wsi, s, in, len);

    default:
        return common(wsi, reason, s, in, len);
    }
}

/* ---- the drawing board ---- */

/* The next line of a sequence that the seed stands for: what was drawn can be told again. */
static int line(unsigned int *seed, char *to, size_t room)
{
    unsigned int n[5];
    int k;

    for (k = 0; k < 5; k++)
        n[k] = (*seed = *seed * 1103515245u + 12345u) >> 8;

    return snprintf(to, room, "d #%06x %u %u %u %u;", n[0] & 0xffffff, n[1] % 1000, n[2] % 1000,
                    n[3] % 1000, n[4] % 1000);
}

static int draw(struct lws *wsi, struct session *s)
{
    unsigned char buf[LWS_PRE + COMMAND_MAX];
    int n = line(&s->seed, (char *)buf + LWS_PRE, COMMAND_MAX);

    s->sent++;

    return lws_write(wsi, buf + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n ? -1 : 0;
}

/* A whole command has come: ours, or somebody else's. */
static void look(struct session *s)
{
    unsigned int seed = s->seed_back;
    char mine[COMMAND_MAX];
    int n = line(&seed, mine, sizeof(mine));

    if (s->heard == s->sent || (size_t)n != s->part_len || memcmp(mine, s->part, s->part_len))
        return;
    s->seed_back = seed;
    s->heard++;
    client_print(mine, (size_t)n);
    client_print("\n", 1);
}

/* The server may join commands, and messages may come in pieces. */
static int mirrored(struct lws *wsi, struct session *s, const char *in, size_t len)
{
    if (s->ending)
        return 0;
    for (; len; in++, len--) {
        if (s->part_len < sizeof(s->part))
            s->part[s->part_len++] = *in;
        if (*in == ';') {
            look(s);
            s->part_len = 0;
        }
    }

    return is_enough(s) ? end_well(wsi, s) : 0;
}

static int callback_mirror(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                           size_t len)
{
    struct session *s = user;

    switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        s->seed = s->seed_back = (unsigned int)time(NULL) ^ (unsigned int)(uintptr_t)s;
        lws_callback_on_writable(wsi);
        return 0;

    case LWS_CALLBACK_CLIENT_WRITEABLE:
        if (s->ending || (options.count && s->sent == options.count))
            return 0;
        if (draw(wsi, s))
            return -1;
        lws_callback_on_writable(wsi);
        return 0;

    case LWS_CALLBACK_CLIENT_RECEIVE:
        return mirrored(wsi, s, in, len);

    default:
        return common(wsi, reason, s, in, len);
    }
}

const struct lws_protocols counter_protocol = {
    .name = "dumb-increment-protocol",
    .callback = callback_counter,
    .per_session_data_size = sizeof(struct session),
};

const struct lws_protocols mirror_protocol = {
    .name = "lws-mirror-protocol",
    .callback = callback_mirror,
    .per_session_data_size = sizeof(struct session),
};

const struct lws_protocols chat_protocol = {
    .name = "chat",
    .callback = callback_chat,
    .per_session_data_size = sizeof(struct session),
};
