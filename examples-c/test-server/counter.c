/*
 * dumb-increment-protocol: every connection has a number that goes up by one
 * each 50 ms and is sent as text. "reset\n" puts it back to 0; "closeme\n"
 * makes the server close the connection with a reason.
 */
#include "server.h"

#include <stdio.h>
#include <string.h>

#define TICK_US (50 * LWS_US_PER_MS)

/* What each connection keeps. The library zeroes it. */
struct session {
    unsigned int number;
    int closing; /* our close frame is on its way: nothing may follow it */
};

static int says(const void *in, size_t len, const char *word)
{
    return len == strlen(word) && !memcmp(in, word, len);
}

static int send_number(struct lws *wsi, unsigned int number)
{
    unsigned char buf[LWS_PRE + 16];
    char *text = (char *)buf + LWS_PRE;
    int n = snprintf(text, sizeof(buf) - LWS_PRE, "%u", number);

    /* less than n: the connection is gone, and returning -1 ends it */
    return lws_write(wsi, buf + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n ? -1 : 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t len)
{
    static const char why[] = "closed because you asked";
    struct session *session = user;
    unsigned char reason_text[sizeof(why)];

    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        lws_set_timer_usecs(wsi, TICK_US);
        break;

    case LWS_CALLBACK_TIMER:
        if (session->closing)
            break;
        session->number++;
        lws_callback_on_writable(wsi);
        lws_set_timer_usecs(wsi, TICK_US);
        break;

    case LWS_CALLBACK_SERVER_WRITEABLE:
        return session->closing ? 0 : send_number(wsi, session->number);

    case LWS_CALLBACK_RECEIVE:
        if (says(in, len, "reset\n"))
            session->number = 0;
        if (says(in, len, "closeme\n")) {
            memcpy(reason_text, why, sizeof(why));
            lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, reason_text,
                             sizeof(why) - 1);
            session->closing = 1;
            return -1;
        }
        break;

    default:
        break;
    }

    return 0;
}

const struct lws_protocols counter_protocol = {
    .name = "dumb-increment-protocol",
    .callback = callback,
    .per_session_data_size = sizeof(struct session),
};
