/*
 * lws-status: tells every connection who is connected, as JSON, each time
 * somebody comes or goes:
 *
 *     {"library":"...","count":2,"clients":[{"peer":"127.0.0.1","agent":"...","seconds":3}, ...]}
 *
 * At most SHOWN_MAX clients are listed; "count" is how many there are.
 */
#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHOWN_MAX 50
#define AGENT_MAX 256
#define PEER_MAX 64
#define CLIENT_JSON_MAX (2 * (AGENT_MAX + PEER_MAX) + 64)

struct roll {
    pthread_mutex_t lock;
    struct lws_dll2_owner clients; /* sessions, oldest first */
};

struct session {
    struct lws_dll2 list; /* in roll.clients */
    char peer[PEER_MAX];
    char agent[AGENT_MAX];
    time_t since;
};

/* Copies src as the inside of a JSON string; what is not plain ASCII becomes '?'. */
static size_t json_text(char *dst, const char *src)
{
    char *p = dst;

    for (; *src; src++) {
        if (*src == '"' || *src == '\\')
            *p++ = '\\';
        *p++ = (*src < ' ' || *src > '~') ? '?' : *src;
    }

    return (size_t)(p - dst);
}

static size_t json_client(char *dst, const struct session *s, time_t now, int first)
{
    char *p = dst;

    p += sprintf(p, "%s{\"peer\":\"", first ? "" : ",");
    p += json_text(p, s->peer);
    p += sprintf(p, "\",\"agent\":\"");
    p += json_text(p, s->agent);
    p += sprintf(p, "\",\"seconds\":%ld}", (long)(now - s->since));

    return (size_t)(p - dst);
}

static size_t json_roll(char *dst, struct roll *roll)
{
    time_t now = time(NULL);
    char *p = dst;
    int shown = 0;

    pthread_mutex_lock(&roll->lock);
    p += sprintf(p, "{\"library\":\"%.32s\",\"count\":%u,\"clients\":[",
                 lws_get_library_version(), (unsigned int)roll->clients.count);
    lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(&roll->clients)) {
        if (shown < SHOWN_MAX)
            p += json_client(p, lws_container_of(d, struct session, list), now, !shown);
        shown++;
    } lws_end_foreach_dll(d);
    pthread_mutex_unlock(&roll->lock);
    p += sprintf(p, "]}");

    return (size_t)(p - dst);
}

static int send_roll(struct lws *wsi, struct roll *roll)
{
    unsigned char *buf = malloc(LWS_PRE + 128 + SHOWN_MAX * CLIENT_JSON_MAX);
    size_t len;
    int n;

    if (!buf)
        return -1;
    len = json_roll((char *)buf + LWS_PRE, roll);
    n = lws_write(wsi, buf + LWS_PRE, len, LWS_WRITE_TEXT);
    free(buf);

    return n < (int)len ? -1 : 0;
}

static void arrive(struct lws *wsi, struct roll *roll, struct session *s)
{
    /* the request's headers are here only until ESTABLISHED returns */
    if (lws_hdr_copy(wsi, s->agent, sizeof(s->agent), WSI_TOKEN_HTTP_USER_AGENT) < 1)
        snprintf(s->agent, sizeof(s->agent), "unnamed");
    lws_get_peer_simple(wsi, s->peer, sizeof(s->peer));
    s->since = time(NULL);
    pthread_mutex_lock(&roll->lock);
    lws_dll2_add_tail(&s->list, &roll->clients);
    pthread_mutex_unlock(&roll->lock);
}

static void leave(struct roll *roll, struct session *s)
{
    pthread_mutex_lock(&roll->lock);
    lws_dll2_remove(&s->list);
    pthread_mutex_unlock(&roll->lock);
}

static int create_roll(struct lws *wsi)
{
    struct roll *roll = lws_protocol_vh_priv_zalloc(
        lws_get_vhost(wsi), lws_get_protocol(wsi), sizeof(*roll));

    if (!roll)
        return -1;
    pthread_mutex_init(&roll->lock, NULL);

    return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t len)
{
    struct session *s = user;
    struct roll *roll;

    (void)in;
    (void)len;

    if (reason == LWS_CALLBACK_PROTOCOL_INIT)
        return create_roll(wsi);

    roll = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
    if (!roll)
        return 0;

    switch (reason) {
    case LWS_CALLBACK_PROTOCOL_DESTROY:
        pthread_mutex_destroy(&roll->lock);
        break;

    case LWS_CALLBACK_ESTABLISHED:
        arrive(wsi, roll, s);
        lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
        break;

    case LWS_CALLBACK_CLOSED:
        leave(roll, s);
        lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
        break;

    case LWS_CALLBACK_SERVER_WRITEABLE:
        return send_roll(wsi, roll);

    default:
        break;
    }

    return 0;
}

const struct lws_protocols status_protocol = {
    .name = "lws-status",
    .callback = callback,
    .per_session_data_size = sizeof(struct session),
};
