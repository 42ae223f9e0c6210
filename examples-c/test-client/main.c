/*
 * Test client: websockets, http and plain TCP, with or without TLS.
 * See ../README.md; --help lists the options.
 */
#include "client.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct lws_context *context;
static volatile sig_atomic_t over;
static int exit_status = 1;

void client_finished(int status, const char *why)
{
    if (over)
        return;
    over = 1;
    exit_status = status;
    if (why)
        fprintf(stderr, "test-client: %s\n", why);
}

void client_print(const void *data, size_t len)
{
    if (fwrite(data, 1, len, stdout) != len || fflush(stdout))
        client_finished(1, "cannot write to stdout");
}

static void on_signal(int sig)
{
    (void)sig;
    over = 1;
    lws_cancel_service(context);
}

static void on_timeout(lws_sorted_usec_list_t *sul)
{
    (void)sul;
    client_finished(1, "time is up");
}

/* Which of ours speaks it. */
static const struct lws_protocols *speaker(void)
{
    if (options.scheme[0] == 'h')
        return &http_protocol;
    if (options.scheme[0] == 'r')
        return &raw_protocol;
    if (!strcmp(options.subprotocols, counter_protocol.name))
        return &counter_protocol;
    if (!strcmp(options.subprotocols, mirror_protocol.name))
        return &mirror_protocol;

    return &chat_protocol;
}

int client_connect(struct lws_context *in_context)
{
    const struct lws_protocols *with = speaker();
    struct lws_client_connect_info info;

    memset(&info, 0, sizeof(info));
    info.context = in_context;
    info.address = options.address;
    info.port = options.port;
    info.path = options.request_path;
    info.host = info.origin = options.host ? options.host : options.address;
    info.ssl_connection = options.tls_flags;
    info.ietf_version_or_minus_one = options.version;
    info.alpn = "http/1.1";
    info.local_protocol_name = with->name;
    if (with == &http_protocol) {
        info.method = options.method ? options.method : "GET";
        if (options.keep_alive)
            info.ssl_connection |= LCCSCF_PIPELINE;
    } else if (with == &raw_protocol) {
        info.method = "RAW";
    } else {
        info.protocol = options.subprotocols;
    }

    /* NULL: it has failed, and CLIENT_CONNECTION_ERROR may have said why */
    return lws_client_connect_via_info(&info) ? 0 : -1;
}

static struct lws_context *create_context(void)
{
    static struct lws_protocols protocols[6]; /* { 0 } ends the table */
    static const struct lws_extension extensions[] = {
        { "permessage-deflate", lws_extension_callback_pm_deflate,
          "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
        { NULL, NULL, NULL },
    };
    struct lws_context_creation_info info;

    protocols[0] = http_protocol;
    protocols[1] = counter_protocol;
    protocols[2] = mirror_protocol;
    protocols[3] = chat_protocol;
    protocols[4] = raw_protocol;

    memset(&info, 0, sizeof(info));
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.client_ssl_ca_filepath = options.ca;
    info.client_ssl_cert_filepath = options.cert;
    info.client_ssl_private_key_filepath = options.key;
    if (options.deflate)
        info.extensions = extensions;

    return lws_create_context(&info);
}

int main(int argc, char **argv)
{
    struct sigaction action = { .sa_handler = on_signal };
    lws_sorted_usec_list_t timer;
    int n = options_read(argc, argv);

    if (n)
        return n < 0 ? 2 : 0;
    lws_set_log_level(options.log_level, NULL);
    context = create_context();
    if (!context) {
        fprintf(stderr, "test-client: the library could not be set up\n");
        return 1;
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    memset(&timer, 0, sizeof(timer));
    lws_sul_schedule(context, 0, &timer, on_timeout, (lws_usec_t)options.seconds * LWS_US_PER_SEC);

    if (client_connect(context))
        client_finished(1, "could not connect");
    while (!over)
        if (lws_service(context, 0) < 0)
            break;

    lws_sul_schedule(context, 0, &timer, NULL, LWS_SET_TIMER_USEC_CANCEL);
    over = 1; /* what is told while the rest is closed changes nothing */
    lws_context_destroy(context);

    return exit_status;
}
