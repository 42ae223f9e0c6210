/*
 * The client side of Autobahn's tests: asks the fuzzing server how many cases
 * it has, connects once for each and sends back what comes, then lets it write
 * its report.
 *
 *     autobahn-client PORT AGENT [RX_BUFFER_SIZE [plain]]
 *
 * "plain": permessage-deflate is not offered. Exit status 0 when all cases
 * were run; what came of them is in the report.
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_HIGH (64 * 1024) /* pause reading above this many bytes */
#define QUEUE_LOW (16 * 1024)  /* and go on below this */

struct fragment {
    struct fragment *next;
    size_t len;
    int is_first, is_final, is_binary;
    unsigned char buf[]; /* LWS_PRE bytes of room, then the payload */
};

/* What waits to be sent back on the one connection that there is. */
static struct fragment *head, *last;
static size_t queued;
static int paused;

static struct lws_context *context;
static int destroyed, failed, count, counts;

static int enqueue(struct lws *wsi, const void *in, size_t len)
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
    if (head)
        last->next = f;
    else
        head = f;
    last = f;
    queued += len;
    if (queued > QUEUE_HIGH && !paused) {
        paused = 1;
        lws_rx_flow_control(wsi, 0);
    }
    lws_callback_on_writable(wsi);

    return 0;
}

static void drop_first(void)
{
    struct fragment *f = head;

    head = f->next;
    queued -= f->len;
    free(f);
}

static int send_first(struct lws *wsi)
{
    struct fragment *f = head;
    int flags, n;

    if (!f)
        return 0;
    flags = lws_write_ws_flags(f->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
                               f->is_first, f->is_final);
    n = lws_write(wsi, f->buf + LWS_PRE, f->len, (enum lws_write_protocol)flags);
    if (n < (int)f->len)
        return -1;
    drop_first();
    if (paused && queued < QUEUE_LOW) {
        paused = 0;
        lws_rx_flow_control(wsi, 1);
    }
    if (head)
        lws_callback_on_writable(wsi);

    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t len)
{
    const char *digits = in;

    (void)user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (!counts)
            return enqueue(wsi, in, len);
        while (len--)
            count = count * 10 + (*digits++ - '0');
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return send_first(wsi);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        fprintf(stderr, "failed: %.*s\n", (int)len, in ? digits : "");
        failed = 1;
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        destroyed = 1;
        return 0;
    default:
        return 0;
    }
}

static struct lws_protocols protocols[] = {
    { .name = "autobahn", .callback = callback },
    { .name = NULL },
};

static const struct lws_extension extensions[] = {
    { "permessage-deflate", lws_extension_callback_pm_deflate,
      "permessage-deflate; client_max_window_bits" },
    { NULL, NULL, NULL },
};

/* One connection from its beginning to its end. */
static int visit(int port, const char *path)
{
    struct lws_client_connect_info info;
    char host[40];

    snprintf(host, sizeof(host), "127.0.0.1:%d", port);
    memset(&info, 0, sizeof(info));
    info.context = context;
    info.address = "127.0.0.1";
    info.host = host;
    info.port = port;
    info.path = path;
    info.local_protocol_name = "autobahn";
    destroyed = failed = paused = 0;
    if (!lws_client_connect_via_info(&info))
        return -1;
    while (!destroyed)
        if (lws_service(context, 0) < 0)
            return -1;
    while (head)
        drop_first();

    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    struct lws_context_creation_info info;
    int port, n, result = 1;
    char path[200];

    if (argc < 3)
        return 2;
    port = atoi(argv[1]);
    memset(&info, 0, sizeof(info));
    if (argc > 3)
        protocols[0].rx_buffer_size = (size_t)atoi(argv[3]);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.extensions = argc > 4 ? NULL : extensions;
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.timeout_secs = 300; /* the server answers when its report is written */
    lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
    context = lws_create_context(&info);
    if (!context)
        return 1;

    counts = 1;
    if (visit(port, "/getCaseCount"))
        goto out;
    counts = 0;
    fprintf(stderr, "%d cases\n", count);
    for (n = 1; n <= count; n++) {
        snprintf(path, sizeof(path), "/runCase?case=%d&agent=%s", n, argv[2]);
        if (visit(port, path))
            goto out;
    }
    snprintf(path, sizeof(path), "/updateReports?agent=%s", argv[2]);
    result = visit(port, path) ? 1 : 0;
out:
    lws_context_destroy(context);

    return result;
}
