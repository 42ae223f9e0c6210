/*
 * Test server: static pages, three websocket protocols and a form on one port,
 * with or without TLS.
 * See ../README.md; --help lists the options.
 */
#include "server.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS_MAX 32

/* a library may be built without it: then it is NULL here, and --daemon says so */
extern __typeof__(lws_daemonize) lws_daemonize __attribute__((weak));

struct options {
    int port;
    const char *iface;
    const char *unix_socket;
    const char *resource_path;
    const char *lock_file; /* not NULL: run in the background */
    int ssl;
    int ssl_verify_client;
    int deflate;
    const char *ssl_cert;
    const char *ssl_key;
    const char *ssl_ca;
    int uid;
    int gid;
    int log_level;
    int threads;
};

static struct lws_context *context;
static atomic_int stopping;

static const struct lws_http_mount form_mount = {
    .mountpoint = "/form",
    .mountpoint_len = 5,
    .origin = "form-demo",
    .protocol = "form-demo",
    .origin_protocol = LWSMPRO_CALLBACK,
};

static struct lws_http_mount pages_mount = {
    .mount_next = &form_mount,
    .mountpoint = "/",
    .mountpoint_len = 1,
    .def = "index.html",
    .origin_protocol = LWSMPRO_FILE,
};

static const struct lws_extension extensions[] = {
    { "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate" },
    { NULL, NULL, NULL },
};

static const struct option long_options[] = {
    { "port", required_argument, NULL, 'p' },
    { "iface", required_argument, NULL, 'i' },
    { "unix-socket", required_argument, NULL, 'U' },
    { "resource-path", required_argument, NULL, 'r' },
    { "ssl", no_argument, NULL, 's' },
    { "ssl-cert", required_argument, NULL, 'C' },
    { "ssl-key", required_argument, NULL, 'K' },
    { "ssl-ca", required_argument, NULL, 'A' },
    { "ssl-verify-client", no_argument, NULL, 'v' },
    { "deflate", no_argument, NULL, 'z' },
    { "daemon", optional_argument, NULL, 'D' },
    { "uid", required_argument, NULL, 'u' },
    { "gid", required_argument, NULL, 'g' },
    { "log-level", required_argument, NULL, 'd' },
    { "threads", required_argument, NULL, 'j' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static void usage(FILE *to)
{
    fprintf(to,
            "Usage: test-server [options]\n"
            "  -p, --port N             listen on TCP port N (7681; 0: any free one)\n"
            "  -i, --iface NAME         only on this interface or address\n"
            "  -U, --unix-socket PATH   on a unix socket instead of TCP\n"
            "  -r, --resource-path DIR  the pages (" TEST_SERVER_PAGES ")\n"
            "  -s, --ssl                https and wss (needs -C and -K)\n"
            "  -C, --ssl-cert FILE      certificate, PEM, with its chain\n"
            "  -K, --ssl-key FILE       its private key, PEM\n"
            "  -A, --ssl-ca FILE        who signs clients' certificates, PEM\n"
            "  -v, --ssl-verify-client  only clients with a certificate of these\n"
            "  -z, --deflate            compress websocket messages for clients that can\n"
            "  -j, --threads N          service threads (1 to %d)\n"
            "  -D, --daemon[=LOCKFILE]  run in the background, log to syslog\n"
            "  -u, --uid N, -g, --gid N change to this user and group after binding\n"
            "  -d, --log-level N        sum of 1 errors, 2 warnings, 4 notices, 8 info, 16 debug\n",
            THREADS_MAX);
}

static int number(const char *text, int max, int *out)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    if (errno || end == text || *end || n < 0 || n > max) {
        fprintf(stderr, "test-server: %s is not a number from 0 to %d\n", text, max);
        return -1;
    }
    *out = (int)n;

    return 0;
}

/* Returns 0 to go on, 1 when help was asked for, -1 on a mistake. */
static int read_options(int argc, char **argv, struct options *o)
{
    int c;

    while ((c = getopt_long(argc, argv, "p:i:U:r:sC:K:A:vzDu:g:d:j:h", long_options, NULL)) != -1) {
        int bad = 0;

        switch (c) {
        case 'p': bad = number(optarg, 65535, &o->port); break;
        case 'i': o->iface = optarg; break;
        case 'U': o->unix_socket = optarg; break;
        case 'r': o->resource_path = optarg; break;
        case 's': o->ssl = 1; break;
        case 'C': o->ssl_cert = optarg; break;
        case 'K': o->ssl_key = optarg; break;
        case 'A': o->ssl_ca = optarg; break;
        case 'v': o->ssl_verify_client = 1; break;
        case 'z': o->deflate = 1; break;
        case 'D': o->lock_file = optarg ? optarg : "/tmp/lws-test-server.lock"; break;
        case 'u': bad = number(optarg, 65535, &o->uid); break;
        case 'g': bad = number(optarg, 65535, &o->gid); break;
        case 'd': bad = number(optarg, 4095, &o->log_level); break;
        case 'j': bad = number(optarg, THREADS_MAX, &o->threads); break;
        case 'h': usage(stdout); return 1;
        default: bad = -1;
        }
        if (bad) {
            usage(stderr);
            return -1;
        }
    }
    if (o->ssl && (!o->ssl_cert || !o->ssl_key)) {
        fprintf(stderr, "test-server: --ssl needs --ssl-cert and --ssl-key\n");
        return -1;
    }

    return 0;
}

static void on_signal(int sig)
{
    (void)sig;
    atomic_store(&stopping, 1);
    lws_cancel_service(context);
}

static void *serve(void *arg)
{
    int tsi = (int)(intptr_t)arg;

    while (!atomic_load(&stopping))
        if (lws_service_tsi(context, 0, tsi) < 0)
            break;

    return NULL;
}

static void serve_in_threads(int count)
{
    pthread_t threads[THREADS_MAX];
    int n, started = 1;

    for (n = 1; n < count; n++, started++)
        if (pthread_create(&threads[n], NULL, serve, (void *)(intptr_t)n)) {
            lwsl_err("only %d of %d threads could be started\n", started, count);
            break;
        }
    serve(NULL); /* this thread is number 0 */
    for (n = 1; n < started; n++)
        pthread_join(threads[n], NULL);
}

static void use_ssl(struct lws_context_creation_info *info, const struct options *o)
{
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info->ssl_cert_filepath = o->ssl_cert;
    info->ssl_private_key_filepath = o->ssl_key;
    info->ssl_ca_filepath = o->ssl_ca;
    if (o->ssl_verify_client)
        info->options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
}

static struct lws_context *create_context(const struct options *o)
{
    /* protocols[0] answers plain http, here by the mounts alone; { 0 } ends the table */
    static struct lws_protocols protocols[6] = {
        { .name = "http", .callback = lws_callback_http_dummy },
    };
    struct lws_context_creation_info info;

    protocols[1] = counter_protocol;
    protocols[2] = mirror_protocol;
    protocols[3] = status_protocol;
    protocols[4] = form_protocol;

    memset(&info, 0, sizeof(info));
    info.port = o->port;
    info.iface = o->iface;
    info.protocols = protocols;
    info.mounts = &pages_mount;
    info.uid = (uid_t)o->uid;
    info.gid = (gid_t)o->gid;
    info.count_threads = (unsigned int)o->threads;
    info.vhost_name = "localhost";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;
    if (o->ssl)
        use_ssl(&info, o);
    if (o->deflate)
        info.extensions = extensions;
    if (o->unix_socket) {
        info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
        info.iface = o->unix_socket;
        info.port = 0; /* others are refused together with a socket's path */
    }

    return lws_create_context(&info);
}

static int go_background(const struct options *o)
{
    if (!lws_daemonize) {
        fprintf(stderr, "test-server: this library cannot run in the background\n");
        return -1;
    }
    if (lws_daemonize(o->lock_file)) {
        fprintf(stderr, "test-server: cannot run in the background with lock file %s\n",
                o->lock_file);
        return -1;
    }
    lws_set_log_level(o->log_level, lwsl_emit_syslog);

    return 0;
}

int main(int argc, char **argv)
{
    struct options o = {
        .port = 7681, .resource_path = TEST_SERVER_PAGES, .uid = -1, .gid = -1,
        .log_level = LLL_ERR | LLL_WARN | LLL_NOTICE, .threads = 1,
    };
    struct sigaction action = { .sa_handler = on_signal };
    int n = read_options(argc, argv, &o);

    if (n)
        return n < 0 ? 2 : 0;
    lws_set_log_level(o.log_level, NULL);
    if (o.lock_file && go_background(&o))
        return 1;
    pages_mount.origin = o.resource_path;
    context = create_context(&o);
    if (!context) {
        lwsl_err("the server could not be started\n");
        return 1;
    }
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (o.unix_socket)
        lwsl_notice("serving on unix socket %s\n", o.unix_socket);
    else
        lwsl_notice("serving on %s://localhost:%d\n", o.ssl ? "https" : "http",
                    lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "localhost")));

    serve_in_threads(lws_get_count_threads(context));

    lws_context_destroy(context);
    if (o.lock_file)
        unlink(o.lock_file);
    lwsl_notice("ended\n");

    return 0;
}
