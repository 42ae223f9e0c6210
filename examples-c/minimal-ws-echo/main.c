/*
 * A websocket server that sends back what it gets, fragment by fragment.
 *
 *     minimal-ws-echo [PORT [RX_BUFFER_SIZE [CERTIFICATE KEY]]]       (7681, 0: the library's default)
 *
 * With a certificate and its key, PEM files, it speaks TLS: wss:// instead of ws://.
 * Clients that offer permessage-deflate get it: naming it in info.extensions is all.
 * Nothing may be written from RECEIVE directly: what came is queued, and goes out
 * when the library says the connection is writeable. When a client sends faster
 * than it reads, reading from it pauses, so that the queue stays small.
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_HIGH (64 * 1024) /* pause reading above this many bytes */
#define QUEUE_LOW (16 * 1024)  /* and go on below this */

static struct lws_context *context;
static volatile sig_atomic_t stopping;

struct fragment {
    struct fragment *next;
    size_t len;
    int is_first;
    int is_final;
    int is_binary;
    unsigned char buf[]; /* LWS_PRE bytes of room, then the payload */
};

/* What each connection keeps. The library zeroes it. */
struct session {
    struct fragment *head;
    struct fragment *last;
    size_t bytes;
    int paused;
};

static int enqueue(struct lws *wsi, struct session *s, const void *in, size_t len)
{
    struct fragment *f = malloc(sizeof(*f) + LWS_PRE + len);

    if (!f)
        return -1;
    f->next = NULL;
    f->len = len;
    f->is_first = lws_is_first_fragment(wsi);
    f->is_final = lws_is_final_fragment(wsi);
    f->is_binary = lws_frame_is_binary(wsi);
    if (len)
        memcpy(f->buf + LWS_PRE, in, len);
    if (s->head)
        s->last->next = f;
    else
        s->head = f;
    s->last = f;
    s->bytes += len;
    if (s->bytes > QUEUE_HIGH && !s->paused) {
        s->paused = 1;
        lws_rx_flow_control(wsi, 0);
    }
    lws_callback_on_writable(wsi);

    return 0;
}

static void drop_first(struct session *s)
{
    struct fragment *f = s->head;

    s->head = f->next;
    s->bytes -= f->len;
    free(f);
}

static int send_first(struct lws *wsi, struct session *s)
{
    struct fragment *f = s->head;
    int flags, n;

    if (!f)
        return 0;
    flags = lws_write_ws_flags(f->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
                               f->is_first, f->is_final);
    n = lws_write(wsi, f->buf + LWS_PRE, f->len, (enum lws_write_protocol)flags);
    if (n < (int)f->len)
        return -1;
    drop_first(s);
    if (s->paused && s->bytes < QUEUE_LOW) {
        s->paused = 0;
        lws_rx_flow_control(wsi, 1);
    }
    if (s->head)
        lws_callback_on_writable(wsi);

    return 0;
}

static int echo_callback(struct lws *wsi, enum lws_callback_reasons reason,
                         void *user, void *in, size_t len)
{
    struct session *s = user;

    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        return enqueue(wsi, s, in, len);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return send_first(wsi, s);
    case LWS_CALLBACK_CLOSED:
        while (s->head)
            drop_first(s);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static struct lws_protocols protocols[] = {
    { .name = "echo", .callback = echo_callback,
      .per_session_data_size = sizeof(struct session) },
    { .name = NULL },
};

static const struct lws_extension extensions[] = {
    { "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate" },
    { NULL, NULL, NULL },
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

    memset(&info, 0, sizeof(info));
    info.port = argc > 1 ? atoi(argv[1]) : 7681;
    if (argc > 2)
        protocols[0].rx_buffer_size = (size_t)atoi(argv[2]);
    info.protocols = protocols;
    info.extensions = extensions;
    info.vhost_name = "localhost";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_VALIDATE_UTF8;
    if (argc > 4) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = argv[3];
        info.ssl_private_key_filepath = argv[4];
    }
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
