/*
 * lws-mirror-protocol: a drawing board that all connections share.
 *
 * Clients send text made of commands, each ended by ';':
 *
 *     d #rrggbb x1 y1 x2 y2;      a line (coordinates 0..99999)
 *     c #rrggbb x y radius;       a circle
 *     c;                          wipe the board
 *
 * Every command is checked, put into one ring of the vhost and sent to all
 * clients, its sender included, so that all boards see the same order. A new
 * client first gets what is in the ring. A client too slow to keep up loses the
 * oldest commands; the ring never grows.
 *
 * With several service threads the ring is reached from all of them: the lock
 * guards it, and is never held while calling the library.
 */
#include "server.h"

#include <ctype.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define RING_COMMANDS 8192
#define COMMAND_MAX 40
#define MESSAGE_MAX 4096

struct command {
    unsigned char len;
    char text[COMMAND_MAX];
};

struct board {
    pthread_mutex_t lock;
    uint64_t first; /* number of the oldest command in the ring */
    uint64_t next;  /* number that the next command will get */
    struct command ring[RING_COMMANDS];
};

struct session {
    uint64_t tail; /* number of the next command this client has not seen */
    char part[COMMAND_MAX];
    size_t part_len;
    int too_long; /* skip to the next ';' */
};

static int is_coordinates(const char *p, const char *end, int count)
{
    while (count--) {
        int digits = 0;

        if (p == end || *p++ != ' ')
            return 0;
        for (; p < end && isdigit((unsigned char)*p); p++)
            digits++;
        if (digits < 1 || digits > 5)
            return 0;
    }

    return p == end;
}

static int is_wipe(const char *command)
{
    return command[0] == 'c' && command[1] == ';';
}

static int is_command(const char *p, size_t len)
{
    size_t n;

    if (len == 2 && !memcmp(p, "c;", 2))
        return 1;
    if (len < 10 || (memcmp(p, "d #", 3) && memcmp(p, "c #", 3)))
        return 0;
    for (n = 3; n < 9; n++)
        if (!isxdigit((unsigned char)p[n]))
            return 0;

    return is_coordinates(p + 9, p + len - 1, p[0] == 'd' ? 4 : 3);
}

static void add_command(struct board *board, const char *text, size_t len)
{
    struct command *c;

    pthread_mutex_lock(&board->lock);
    if (is_wipe(text))
        board->first = board->next; /* what is wiped need not be kept */
    c = &board->ring[board->next % RING_COMMANDS];
    memcpy(c->text, text, len);
    c->len = (unsigned char)len;
    board->next++;
    if (board->next - board->first > RING_COMMANDS)
        board->first = board->next - RING_COMMANDS;
    pthread_mutex_unlock(&board->lock);
}

/* Takes a piece of a message; commands may be cut anywhere. Returns how many were added. */
static int take(struct board *board, struct session *s, const char *in, size_t len)
{
    int added = 0;

    for (; len; in++, len--) {
        if (*in == '\n' || *in == '\r')
            continue;
        if (s->part_len < sizeof(s->part))
            s->part[s->part_len++] = *in;
        else
            s->too_long = 1;
        if (*in != ';')
            continue;
        if (!s->too_long && is_command(s->part, s->part_len)) {
            add_command(board, s->part, s->part_len);
            added++;
        }
        s->part_len = 0;
        s->too_long = 0;
    }

    return added;
}

/* Where a newcomer starts: at the oldest command, unless that only wipes an empty board. */
static uint64_t history_start(struct board *board)
{
    uint64_t n;

    pthread_mutex_lock(&board->lock);
    n = board->first;
    if (n < board->next && is_wipe(board->ring[n % RING_COMMANDS].text))
        n++;
    pthread_mutex_unlock(&board->lock);

    return n;
}

/* Fills buf with whole commands the client has not seen. Sets *more when some are left. */
static size_t gather(struct board *board, struct session *s, unsigned char *buf,
                     size_t size, int *more)
{
    size_t used = 0;

    pthread_mutex_lock(&board->lock);
    if (s->tail < board->first)
        s->tail = board->first;
    for (; s->tail < board->next; s->tail++) {
        const struct command *c = &board->ring[s->tail % RING_COMMANDS];

        if (used + c->len > size)
            break;
        memcpy(buf + used, c->text, c->len);
        used += c->len;
    }
    *more = s->tail < board->next;
    pthread_mutex_unlock(&board->lock);

    return used;
}

static int send_commands(struct lws *wsi, struct board *board, struct session *s)
{
    unsigned char buf[LWS_PRE + MESSAGE_MAX];
    int more;
    size_t n = gather(board, s, buf + LWS_PRE, MESSAGE_MAX, &more);

    if (n && lws_write(wsi, buf + LWS_PRE, n, LWS_WRITE_TEXT) < (int)n)
        return -1;
    if (more)
        lws_callback_on_writable(wsi);

    return 0;
}

static int create_board(struct lws *wsi)
{
    struct board *board = lws_protocol_vh_priv_zalloc(
        lws_get_vhost(wsi), lws_get_protocol(wsi), sizeof(*board));

    if (!board)
        return -1;
    pthread_mutex_init(&board->lock, NULL);

    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t len)
{
    struct session *s = user;
    struct board *board;

    if (reason == LWS_CALLBACK_PROTOCOL_INIT)
        return create_board(wsi);

    /* NULL when the reason is not about a vhost's protocol */
    board = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
    if (!board)
        return 0;

    switch (reason) {
    case LWS_CALLBACK_PROTOCOL_DESTROY:
        pthread_mutex_destroy(&board->lock);
        break;

    case LWS_CALLBACK_ESTABLISHED:
        s->tail = history_start(board);
        lws_callback_on_writable(wsi);
        break;

    case LWS_CALLBACK_RECEIVE:
        if (lws_is_first_fragment(wsi))
            s->part_len = 0;
        if (take(board, s, in, len))
            lws_callback_on_writable_all_protocol(lws_get_context(wsi),
                                                  lws_get_protocol(wsi));
        break;

    case LWS_CALLBACK_SERVER_WRITEABLE:
        return send_commands(wsi, board, s);

    default:
        break;
    }

    return 0;
}

const struct lws_protocols mirror_protocol = {
    .name = "lws-mirror-protocol",
    .callback = callback,
    .per_session_data_size = sizeof(struct session),
};
