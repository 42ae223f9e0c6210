/*
 * Test client: http. A request, with a body where the command line has one; the
 * answer's body goes to stdout, its status to stderr. -n N: N requests, one after
 * the other.
 */
#include "client.h"

#include <stdio.h>
#include <string.h>

#define PIECE 4096 /* of a body that is sent */

struct session {
    size_t sent;
    int status;
    int completed;
};

static int answered;

static const struct message *body(void)
{
    return options.message_count ? &options.messages[0] : NULL;
}

static int append_headers(struct lws *wsi, unsigned char **p, size_t room)
{
    const struct message *m = body();
    unsigned char *end = *p + room;
    const char *kind = m && m->binary ? "application/octet-stream" : "application/x-www-form-urlencoded";
    char length[24];
    int n;

    if (!m)
        return 0;
    n = snprintf(length, sizeof(length), "%zu", m->len);
    if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE,
                                     (const unsigned char *)kind, (int)strlen(kind), p, end) ||
        lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH,
                                     (const unsigned char *)length, n, p, end))
        return -1;
    if (!m->len)
        return 0;
    lws_client_http_body_pending(wsi, 1); /* the library waits for it */
    lws_callback_on_writable(wsi);

    return 0;
}

static int send_body(struct lws *wsi, struct session *s)
{
    unsigned char buf[LWS_PRE + PIECE];
    const struct message *m = body();
    size_t n;
    int last;

    if (!m || s->sent == m->len)
        return 0;
    n = m->len - s->sent < PIECE ? m->len - s->sent : PIECE;
    last = s->sent + n == m->len;
    memcpy(buf + LWS_PRE, m->data + s->sent, n);
    if (last)
        lws_client_http_body_pending(wsi, 0);
    if (lws_write(wsi, buf + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n)
        return -1;
    s->sent += n;
    if (!last)
        lws_callback_on_writable(wsi);

    return 0;
}

/* Has the library read on; what it finds comes as RECEIVE_CLIENT_HTTP_READ. */
static int read_on(struct lws *wsi)
{
    char buf[LWS_PRE + 4096], *p = buf + LWS_PRE;
    int room = sizeof(buf) - LWS_PRE;

    return lws_http_client_read(wsi, &p, &room) < 0 ? -1 : 0;
}

static void next_or_end(struct lws *wsi, const struct session *s)
{
    char why[64];

    if (s->status >= 400) {
        snprintf(why, sizeof(why), "the answer is %d", s->status);
        client_finished(1, why);
    } else if (options.count && ++answered >= options.count) {
        client_finished(0, NULL);
    } else if (client_connect(lws_get_context(wsi))) {
        client_finished(1, "could not connect again");
    }
}

static int callback_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t len)
{
    struct session *s = user;
    char why[256];

    switch (reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        snprintf(why, sizeof(why), "no answer: %.*s", (int)len, in ? (const char *)in : "");
        client_finished(1, why);
        break;

    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return append_headers(wsi, in, len);

    case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
        return send_body(wsi, s);

    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
        s->status = (int)lws_http_client_http_response(wsi);
        fprintf(stderr, "test-client: status %d\n", s->status);
        break;

    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
        return read_on(wsi);

    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
        client_print(in, len);
        break;

    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
        s->completed = 1;
        if (!options.keep_alive)
            break; /* the next one when this connection is gone */
        next_or_end(wsi, s);
        s->completed = 2;
        break;

    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
        if (!s->completed)
            client_finished(1, "the connection ended before the answer did");
        else if (s->completed == 1)
            next_or_end(wsi, s);
        break;

    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }

    return 0;
}

const struct lws_protocols http_protocol = {
    .name = "http",
    .callback = callback_http,
    .per_session_data_size = sizeof(struct session),
};
