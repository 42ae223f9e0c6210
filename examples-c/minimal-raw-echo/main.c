/*
 * A TCP server without http: each connection gets back the bytes it sends.
 *
 *     minimal-raw-echo [PORT]       (7681; try: nc localhost 7681)
 *
 * One buffer per connection is enough, because reading pauses until what came
 * has been written.
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct lws_context *context;
static volatile sig_atomic_t stopping;

/* What each connection keeps. The library zeroes it. */
struct session {
    size_t len;
    unsigned char buf[LWS_PRE + 4096]; /* one read brings at most 4096 bytes, unless configured */
};

static int take(struct lws *wsi, struct session *s, const void *in, size_t len)
{
    if (s->len || len > sizeof(s->buf) - LWS_PRE) {
        lwsl_err("%d bytes came while %d were waiting\n", (int)len, (int)s->len);
        return -1;
    }
    memcpy(s->buf + LWS_PRE, in, len);
    s->len = len;
    lws_rx_flow_control(wsi, 0);
    lws_callback_on_writable(wsi);

    return 0;
}

static int give(struct lws *wsi, struct session *s)
{
    size_t len = s->len;

    if (!len)
        return 0;
    /* what the socket does not take now, the library keeps and sends by itself */
    if (lws_write(wsi, s->buf + LWS_PRE, len, LWS_WRITE_RAW) < 0)
        return -1;
    s->len = 0;
    lws_rx_flow_control(wsi, 1);

    return 0;
}

static int echo_callback(struct lws *wsi, enum lws_callback_reasons reason,
                         void *user, void *in, size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_RAW_RX:
        return take(wsi, user, in, len);
    case LWS_CALLBACK_RAW_WRITEABLE:
        return give(wsi, user);
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    { .name = "raw-echo", .callback = echo_callback,
      .per_session_data_size = sizeof(struct session) },
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

    memset(&info, 0, sizeof(info));
    info.port = argc > 1 ? atoi(argv[1]) : 7681;
    info.protocols = protocols;
    info.vhost_name = "localhost";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
    /* what an accepted connection is, instead of http */
    info.listen_accept_role = "raw-skt";
    info.listen_accept_protocol = "raw-echo";
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
