/*
 * A server with what test_http asks for with curl: files with and without a
 * password, a redirect, and /echo, which answers any request with its method,
 * the length of its body and a sum of it.
 *
 *     features DIRECTORY PASSWORD-FILE ACCESS-LOG
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct session {
    const char *method;
    unsigned long long length;
    unsigned long sum;
    int may_pack; /* ?pack in the URL: 1, ?pack=open: 2 */
};

static volatile sig_atomic_t is_over;

static void stop(int number)
{
    (void)number;
    is_over = 1;
}

static const char *method_of(struct lws *wsi)
{
    static const char *const names[] = { "GET", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "HEAD" };
    char *uri;
    int length, n = lws_http_get_uri_and_method(wsi, &uri, &length);

    return n >= 0 && n < 8 ? names[n] : "?";
}

static int has_body(struct lws *wsi)
{
    char length[32] = "";

    lws_hdr_copy(wsi, length, sizeof(length), WSI_TOKEN_HTTP_CONTENT_LENGTH);
    return strcmp(length, "") ? strcmp(length, "0") != 0 : lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
}

static int answer(struct lws *wsi, const struct session *s)
{
    unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof(buffer) - 1;
    char text[100];
    int length = snprintf(text, sizeof(text), "%s %llu %lu\n", s->method, s->length, s->sum);

    if (lws_add_http_header_status(wsi, HTTP_STATUS_OK, &p, end) ||
        (s->may_pack && lws_http_compression_apply(wsi, NULL, &p, end, 0)) ||
        lws_add_http_header_content_length(wsi, (lws_filepos_t)length, &p, end) ||
        (!strcmp(s->method, "OPTIONS") &&
         lws_add_http_header_by_name(wsi, (const unsigned char *)"allow:", (const unsigned char *)"GET, POST", 9, &p, end)) ||
        lws_finalize_write_http_header(wsi, start, &p, end))
        return 1;
    memcpy(start, text, (size_t)length);
    /* ?pack=open leaves it to lws_http_transaction_completed() to end a packed body */
    if (lws_write(wsi, start, (size_t)length, s->may_pack > 1 ? LWS_WRITE_HTTP : LWS_WRITE_HTTP_FINAL) != length)
        return 1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int callback_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct session *s = user;

    switch (reason) {
    case LWS_CALLBACK_HTTP:
        s->method = method_of(wsi);
        s->length = s->sum = 0;
        s->may_pack = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS);
        s->may_pack = s->may_pack > 4 ? 2 : s->may_pack > 0;
        if (has_body(wsi) || !strcmp(s->method, "POST"))
            return 0;
        return answer(wsi, s);
    case LWS_CALLBACK_HTTP_BODY:
        for (size_t n = 0; n < len; n++)
            s->sum = (s->sum * 31 + ((unsigned char *)in)[n]) & 0xffffffff;
        s->length += len;
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return answer(wsi, s);
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    { "files", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
    { "echo", callback_echo, sizeof(struct session), 0, 0, NULL, 0 },
    { NULL, NULL, 0, 0, 0, NULL, 0 },
};

static struct lws_http_mount mounts[] = {
    { .mount_next = &mounts[1], .mountpoint = "/old", .mountpoint_len = 4, .origin = "example.org/new",
      .origin_protocol = LWSMPRO_REDIR_HTTPS },
    { .mount_next = &mounts[2], .mountpoint = "/private", .mountpoint_len = 8, .def = "index.html",
      .origin_protocol = LWSMPRO_FILE },
    { .mount_next = &mounts[3], .mountpoint = "/echo", .mountpoint_len = 5, .origin = "echo", .protocol = "echo",
      .origin_protocol = LWSMPRO_CALLBACK },
    { .mountpoint = "/", .mountpoint_len = 1, .def = "index.html", .origin_protocol = LWSMPRO_FILE,
      .cache_max_age = 60, .cache_reusable = 1 },
};

int main(int argc, char **argv)
{
    struct lws_context_creation_info info;
    struct lws_context *context;

    if (argc < 4)
        return 1;
    memset(&info, 0, sizeof(info));
    info.protocols = protocols;
    info.mounts = mounts;
    info.log_filepath = argv[3];
    info.gid = info.uid = -1;
    mounts[1].origin = mounts[3].origin = argv[1];
    mounts[1].basic_auth_login_file = argv[2];
    signal(SIGTERM, stop);
    lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
    context = lws_create_context(&info);
    if (!context)
        return 1;
    fprintf(stderr, "listening on port %d\n", lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default")));
    while (!is_over && lws_service(context, 0) >= 0)
        ;
    lws_context_destroy(context);
    return 0;
}
