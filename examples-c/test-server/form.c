/*
 * form-demo: an http protocol on the callback mount "/form". A POST of an
 * urlencoded form is answered by a page that lists its fields; GET and HEAD say
 * what to do. The body is gathered as it comes, up to BODY_MAX bytes; a larger
 * one is read to its end and answered 413.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX 8192
/* each byte of the body becomes at most 6 ("&quot;"), each field adds a table row */
#define PAGE_MAX (7 * 1024 + BODY_MAX * 24)

struct session {
    char *page; /* what HTTP_WRITEABLE will send, after LWS_PRE bytes of room */
    size_t page_len;
    size_t body_len;
    int too_large;
    char body[BODY_MAX + 1];
};

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<title>Form</title><link rel=\"icon\" href=\"/icon.svg\">"
    "<link rel=\"stylesheet\" href=\"/style.css\"></head><body><main>";
static const char page_tail[] =
    "<p><a href=\"/\">Back to the test page</a></p></main></body></html>\n";

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes one name or value up to '&', '=' or the end; returns where it stopped. */
static const char *append_decoded(const char *p, char **out)
{
    for (; *p && *p != '&' && *p != '='; p++) {
        char c = *p == '+' ? ' ' : *p;

        if (c == '%' && hex(p[1]) >= 0 && hex(p[2]) >= 0) {
            c = (char)(hex(p[1]) * 16 + hex(p[2]));
            p += 2;
        }
        switch (c) {
        case '<': *out += sprintf(*out, "&lt;"); break;
        case '>': *out += sprintf(*out, "&gt;"); break;
        case '&': *out += sprintf(*out, "&amp;"); break;
        case '"': *out += sprintf(*out, "&quot;"); break;
        case '\0': *out += sprintf(*out, "?"); break;
        default: *(*out)++ = c;
        }
    }

    return p;
}

static char *append_fields(const char *p, char *out)
{
    out += sprintf(out, "<h1>The form as it arrived</h1><table><tr><th>Field</th><th>Value</th></tr>");
    while (*p) {
        out += sprintf(out, "<tr><td>");
        p = append_decoded(p, &out);
        out += sprintf(out, "</td><td>");
        while (*p == '=')
            p = append_decoded(p + 1, &out);
        out += sprintf(out, "</td></tr>");
        while (*p == '&')
            p++;
    }

    return out + sprintf(out, "</table>");
}

static int make_page(struct session *s, int is_post)
{
    char *out;

    s->page = malloc(LWS_PRE + PAGE_MAX);
    if (!s->page)
        return -1;
    out = s->page + LWS_PRE;
    out += sprintf(out, "%s", page_head);
    s->body[s->body_len] = '\0';
    if (s->too_large)
        out += sprintf(out, "<h1>Too much</h1><p>This form takes %d bytes.</p>", BODY_MAX);
    else if (is_post)
        out = append_fields(s->body, out);
    else
        out += sprintf(out, "<h1>Nothing sent</h1><p>This page answers the form of the test page.</p>");
    out += sprintf(out, "%s", page_tail);
    s->page_len = (size_t)(out - (s->page + LWS_PRE));

    return 0;
}

static void drop_page(struct session *s)
{
    free(s->page);
    s->page = NULL;
}

/* Sends status and headers; the page follows when the connection can take it. */
static int start_reply(struct lws *wsi, struct session *s, int is_post)
{
    unsigned char buf[LWS_PRE + 1024], *start = buf + LWS_PRE, *p = start;
    unsigned char *end = buf + sizeof(buf) - 1;
    unsigned int status = s->too_large ? HTTP_STATUS_REQ_ENTITY_TOO_LARGE : HTTP_STATUS_OK;

    if (make_page(s, is_post) ||
        lws_add_http_common_headers(wsi, status, "text/html; charset=utf-8",
                                    s->page_len, &p, end) ||
        lws_finalize_write_http_header(wsi, start, &p, end))
        return -1;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI)) {
        drop_page(s);
        return lws_http_transaction_completed(wsi) ? -1 : 0;
    }
    lws_callback_on_writable(wsi);

    return 0;
}

static int finish_reply(struct lws *wsi, struct session *s)
{
    unsigned char *start = (unsigned char *)s->page + LWS_PRE;
    int n;

    if (!s->page)
        return 0;
    n = lws_write(wsi, start, s->page_len, LWS_WRITE_HTTP_FINAL);
    drop_page(s);
    if (n < 0)
        return -1;

    /* nonzero: no further request on this connection, so close it */
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static void take_body(struct session *s, const void *in, size_t len)
{
    if (len > BODY_MAX - s->body_len) {
        s->too_large = 1;
        return;
    }
    if (len)
        memcpy(s->body + s->body_len, in, len);
    s->body_len += len;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason,
                    void *user, void *in, size_t len)
{
    struct session *s = user;

    switch (reason) {
    case LWS_CALLBACK_HTTP:
        if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
            return 0; /* the body comes next */
        return start_reply(wsi, s, 0);

    case LWS_CALLBACK_HTTP_BODY:
        take_body(s, in, len);
        return 0;

    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return start_reply(wsi, s, 1);

    case LWS_CALLBACK_HTTP_WRITEABLE:
        return finish_reply(wsi, s);

    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (s)
            drop_page(s); /* the client left before it was sent */
        return 0;

    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

const struct lws_protocols form_protocol = {
    .name = "form-demo",
    .callback = callback,
    .per_session_data_size = sizeof(struct session),
};
