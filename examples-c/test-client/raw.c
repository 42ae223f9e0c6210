/*
 * Test client: plain TCP, or what is inside of TLS. Sends the messages of the
 * command line, each as a line; prints what comes.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    int sent;
    int lines; /* that came */
};

static int send_line(struct lws *wsi, struct session *s)
{
    const struct message *m = &options.messages[s->sent];
    unsigned char *buf;
    size_t len;
    int n;

    if (s->sent == options.message_count)
        return 0;
    len = m->len + (m->binary ? 0 : 2);
    buf = malloc(LWS_PRE + len);
    if (!buf)
        return -1;
    if (m->len)
        memcpy(buf + LWS_PRE, m->data, m->len);
    if (!m->binary)
        memcpy(buf + LWS_PRE + m->len, "\r\n", 2);
    s->sent++;
    n = len ? lws_write(wsi, buf + LWS_PRE, len, LWS_WRITE_RAW) : 0;
    free(buf);
    if (n < (int)len)
        return -1;
    if (s->sent < options.message_count)
        lws_callback_on_writable(wsi);

    return 0;
}

static int receive(struct session *s, const char *in, size_t len)
{
    const char *end = in + len;

    client_print(in, len);
    while ((in = memchr(in, '\n', (size_t)(end - in)))) {
        s->lines++;
        in++;
    }
    if (!options.count || s->lines < options.count)
        return 0;
    client_finished(0, NULL);

    return -1;
}

static int callback_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t len)
{
    struct session *s = user;
    char why[256];

    switch (reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        snprintf(why, sizeof(why), "no connection: %.*s", (int)len, in ? (const char *)in : "");
        client_finished(1, why);
        break;

    case LWS_CALLBACK_RAW_CONNECTED:
        lws_callback_on_writable(wsi);
        break;

    case LWS_CALLBACK_RAW_WRITEABLE:
        return send_line(wsi, s);

    case LWS_CALLBACK_RAW_RX:
        return receive(s, in, len);

    case LWS_CALLBACK_RAW_CLOSE:
        if (options.count && s->lines < options.count)
            client_finished(1, "the server ended it early");
        else
            client_finished(0, NULL);
        break;

    default:
        break;
    }

    return 0;
}

const struct lws_protocols raw_protocol = {
    .name = "raw",
    .callback = callback_raw,
    .per_session_data_size = sizeof(struct session),
};
