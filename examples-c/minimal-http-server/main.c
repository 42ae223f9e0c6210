/*
 * A small web server: files from a folder, and one page made by code.
 *
 *     minimal-http-server [PORT [FOLDER]]       (7681, www)
 *
 * http://localhost:7681/ is FOLDER/index.html; /time is made by time_callback().
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct lws_context *context;
static volatile sig_atomic_t stopping;

/* What one request keeps between its callbacks. The library zeroes it. */
struct request {
    unsigned char buf[LWS_PRE + 64]; /* lws_write() needs LWS_PRE bytes of room before the text */
    size_t len;
};

static int send_headers(struct lws *wsi, struct request *r)
{
    unsigned char buf[LWS_PRE + 512], *start = buf + LWS_PRE, *p = start;
    unsigned char *end = buf + sizeof(buf) - 1;
    time_t now = time(NULL);

    r->len = strftime((char *)r->buf + LWS_PRE, sizeof(r->buf) - LWS_PRE,
                      "%Y-%m-%d %H:%M:%S UTC\n", gmtime(&now));
    if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", r->len, &p, end) ||
        lws_finalize_write_http_header(wsi, start, &p, end))
        return -1;
    /* the body goes out when the connection says it can take it */
    lws_callback_on_writable(wsi);

    return 0;
}

static int send_body(struct lws *wsi, struct request *r)
{
    if (lws_write(wsi, r->buf + LWS_PRE, r->len, LWS_WRITE_HTTP_FINAL) < (int)r->len)
        return -1;

    /* nonzero: the client wants no more on this connection; -1 closes it */
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int time_callback(struct lws *wsi, enum lws_callback_reasons reason,
                         void *user, void *in, size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return send_headers(wsi, user);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return send_body(wsi, user);
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    { .name = "http", .callback = lws_callback_http_dummy },
    { .name = "time", .callback = time_callback,
      .per_session_data_size = sizeof(struct request) },
    { .name = NULL },
};

static const struct lws_http_mount time_mount = {
    .mountpoint = "/time",
    .mountpoint_len = 5,
    .origin = "time", /* the protocol's name */
    .protocol = "time",
    .origin_protocol = LWSMPRO_CALLBACK,
};

static struct lws_http_mount file_mount = {
    .mount_next = &time_mount,
    .mountpoint = "/",
    .mountpoint_len = 1,
    .origin = "www", /* a folder */
    .def = "index.html",
    .origin_protocol = LWSMPRO_FILE,
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

    if (argc > 2)
        file_mount.origin = argv[2];
    memset(&info, 0, sizeof(info));
    info.port = argc > 1 ? atoi(argv[1]) : 7681;
    info.protocols = protocols;
    info.mounts = &file_mount;
    info.vhost_name = "localhost";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
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
