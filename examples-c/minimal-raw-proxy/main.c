/*
 * A TCP proxy: what is accepted is passed on to another host, both ways.
 *
 *     minimal-raw-proxy PORT HOST HOST_PORT       (PORT 0: any free one)
 *
 * The vhost accepts with the role "raw-proxy", so the incoming side of a pair has
 * the callbacks LWS_CALLBACK_RAW_PROXY_SRV_*; the connection that is made for it,
 * with the method "RAW" on the same protocol, has LWS_CALLBACK_RAW_PROXY_CLI_*.
 * What one side brings waits in a queue for the other. When it is long, reading from
 * the one pauses, so a slow side slows the fast one down and memory stays bounded.
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_HIGH (64 * 1024) /* pause reading above this many bytes */
#define QUEUE_LOW (16 * 1024)  /* and go on below this */

enum { INCOMING, ONWARD };

static struct lws_context *context;
static volatile sig_atomic_t stopping;
static const char *onward_host;
static int onward_port;

struct piece {
    struct piece *next;
    size_t len;
    unsigned char buf[]; /* LWS_PRE bytes of room, then what came */
};

/* One end of a pair, and what waits to be written to it. */
struct side {
    struct lws *wsi; /* NULL when it has gone */
    struct piece *head;
    struct piece *last;
    size_t bytes;
    int is_connected;
    int paused; /* it is not read from, since the other side is slow */
};

struct pair {
    struct side sides[2];
};

static struct pair *pair_of(struct lws *wsi)
{
    return lws_get_opaque_user_data(wsi);
}

static void pause_reading(struct side *side, int pause)
{
    if (side->wsi && side->paused != pause) {
        side->paused = pause;
        lws_rx_flow_control(side->wsi, !pause);
    }
}

/* An incoming connection: its onward one is begun. What it sends meanwhile stays in the kernel. */
static int begin(struct lws *wsi)
{
    struct lws_client_connect_info info;
    struct pair *pair = calloc(1, sizeof(*pair));

    if (!pair)
        return -1;
    lws_set_opaque_user_data(wsi, pair);
    pair->sides[INCOMING].wsi = wsi;
    pair->sides[INCOMING].is_connected = 1;
    pause_reading(&pair->sides[INCOMING], 1);

    memset(&info, 0, sizeof(info));
    info.context = context;
    info.vhost = lws_get_vhost(wsi);
    info.address = info.host = onward_host;
    info.port = onward_port;
    info.method = "RAW";
    info.local_protocol_name = lws_get_protocol(wsi)->name;
    info.opaque_user_data = pair;
    info.pwsi = &pair->sides[ONWARD].wsi;

    return lws_client_connect_via_info(&info) ? 0 : -1;
}

static int connected(struct pair *pair)
{
    pair->sides[ONWARD].is_connected = 1;
    pause_reading(&pair->sides[INCOMING], 0);
    lws_callback_on_writable(pair->sides[ONWARD].wsi);

    return 0;
}

/* What one side has brought waits for the other. */
static int pass_on(struct pair *pair, int from, const void *in, size_t len)
{
    struct side *to = &pair->sides[!from];
    struct piece *piece;

    if (!to->wsi)
        return -1;
    piece = malloc(sizeof(*piece) + LWS_PRE + len);
    if (!piece)
        return -1;
    piece->next = NULL;
    piece->len = len;
    memcpy(piece->buf + LWS_PRE, in, len);
    if (to->head)
        to->last->next = piece;
    else
        to->head = piece;
    to->last = piece;
    to->bytes += len;
    if (to->bytes > QUEUE_HIGH)
        pause_reading(&pair->sides[from], 1);
    if (to->is_connected)
        lws_callback_on_writable(to->wsi);

    return 0;
}

static void drop_first(struct side *side)
{
    struct piece *piece = side->head;

    side->head = piece->next;
    side->bytes -= piece->len;
    free(piece);
}

static int write_first(struct pair *pair, int at)
{
    struct side *side = &pair->sides[at], *other = &pair->sides[!at];

    if (side->head) {
        /* what the socket does not take now, the library keeps and sends by itself */
        if (lws_write(side->wsi, side->head->buf + LWS_PRE, side->head->len, LWS_WRITE_RAW) < 0)
            return -1;
        drop_first(side);
        if (side->bytes < QUEUE_LOW)
            pause_reading(other, 0);
    }
    if (side->head)
        lws_callback_on_writable(side->wsi);

    /* the other end has gone, and all it had said is passed on */
    return !side->head && !other->wsi ? -1 : 0;
}

/* One side has gone: the other follows when it has got everything. */
static void gone(struct pair *pair, int at)
{
    struct side *side = &pair->sides[at], *other = &pair->sides[!at];

    side->wsi = NULL;
    while (side->head)
        drop_first(side);
    if (!other->wsi) {
        free(pair);
        return;
    }
    if (other->is_connected)
        lws_callback_on_writable(other->wsi); /* comes when all is written */
    else
        lws_set_timeout(other->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static int proxy_callback(struct lws *wsi, enum lws_callback_reasons reason,
                          void *user, void *in, size_t len)
{
    (void)user;

    switch (reason) {
    case LWS_CALLBACK_RAW_PROXY_SRV_ADOPT:
        return begin(wsi);
    case LWS_CALLBACK_RAW_PROXY_CLI_ADOPT:
        return connected(pair_of(wsi));
    case LWS_CALLBACK_RAW_PROXY_SRV_RX:
        return pass_on(pair_of(wsi), INCOMING, in, len);
    case LWS_CALLBACK_RAW_PROXY_CLI_RX:
        return pass_on(pair_of(wsi), ONWARD, in, len);
    case LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE:
        return write_first(pair_of(wsi), INCOMING);
    case LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE:
        return write_first(pair_of(wsi), ONWARD);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        lwsl_warn("%s:%d: %s\n", onward_host, onward_port, in ? (const char *)in : "failed");
        gone(pair_of(wsi), ONWARD);
        return 0;
    case LWS_CALLBACK_RAW_PROXY_SRV_CLOSE:
        if (pair_of(wsi))
            gone(pair_of(wsi), INCOMING);
        return 0;
    case LWS_CALLBACK_RAW_PROXY_CLI_CLOSE:
        gone(pair_of(wsi), ONWARD);
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    { .name = "raw-proxy", .callback = proxy_callback },
    { .name = NULL },
};

static void on_signal(int sig)
{
    (void)sig;
    stopping = 1;
    lws_cancel_service(context);
}

int main(int argc, char **argv)
{
    struct lws_context_creation_info info;

    if (argc != 4) {
        fprintf(stderr, "Usage: minimal-raw-proxy PORT HOST HOST_PORT\n");
        return 2;
    }
    onward_host = argv[2];
    onward_port = atoi(argv[3]);

    memset(&info, 0, sizeof(info));
    info.port = atoi(argv[1]);
    info.protocols = protocols;
    info.vhost_name = "localhost";
    info.pt_serv_buf_size = 32 * 1024; /* one read brings at most this much */
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
    info.listen_accept_role = "raw-proxy";
    info.listen_accept_protocol = "raw-proxy";
    context = lws_create_context(&info);
    if (!context)
        return 1;

    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    lwsl_notice("listening on port %d\n",
                lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "localhost")));
    while (!stopping && lws_service(context, 0) >= 0)
        ;
    lws_context_destroy(context);

    return 0;
}
