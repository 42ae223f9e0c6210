/*
 * Test client: the command line.
 */
#include "client.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (64 << 20)

struct options options = {
    .port = -1,
    .version = -1,
    .deflate = 1,
    .count = -1,
    .seconds = 20,
    .log_level = LLL_ERR | LLL_WARN,
};

enum { OPT_SELFSIGNED = 256, OPT_NO_HOSTNAME, OPT_EXPIRED, OPT_URL, OPT_HOST, OPT_FILE };

static const struct option long_options[] = {
    { "url", required_argument, NULL, OPT_URL },
    { "port", required_argument, NULL, 'p' },
    { "host", required_argument, NULL, OPT_HOST },
    { "ssl", no_argument, NULL, 's' },
    { "strict-ssl", no_argument, NULL, 'S' },
    { "allow-selfsigned", no_argument, NULL, OPT_SELFSIGNED },
    { "skip-hostname", no_argument, NULL, OPT_NO_HOSTNAME },
    { "allow-expired", no_argument, NULL, OPT_EXPIRED },
    { "ssl-ca", required_argument, NULL, 'A' },
    { "ssl-cert", required_argument, NULL, 'C' },
    { "ssl-key", required_argument, NULL, 'K' },
    { "protocol", required_argument, NULL, 'P' },
    { "justmirror", no_argument, NULL, 'j' },
    { "message", required_argument, NULL, 'm' },
    { "file", required_argument, NULL, OPT_FILE },
    { "post", no_argument, NULL, 'o' },
    { "method", required_argument, NULL, 'X' },
    { "keep-alive", no_argument, NULL, 'k' },
    { "count", required_argument, NULL, 'n' },
    { "version", required_argument, NULL, 'v' },
    { "undeflated", no_argument, NULL, 'u' },
    { "timeout", required_argument, NULL, 't' },
    { "debug", required_argument, NULL, 'd' },
    { "help", no_argument, NULL, 'h' },
    { NULL, 0, NULL, 0 },
};

static void usage(FILE *to)
{
    fprintf(to,
            "Usage: test-client [options] [--url] URL\n"
            "  URL: ws:// wss:// http:// https:// or raw://; without that it is ws (wss with --ssl);\n"
            "  ws://+/path/of/socket:/ and the like go to a unix socket\n"
            "  -p, --port N             instead of the URL's\n"
            "      --host NAME          in the request, in place of the address\n"
            "  -s, --ssl                TLS; any certificate will do, also a self-signed one\n"
            "  -S, --strict-ssl         TLS; the certificate must be right (as in wss:// and https://)\n"
            "      --allow-selfsigned, --skip-hostname, --allow-expired: all but this must be right\n"
            "  -A, --ssl-ca FILE        who signs servers' certificates, PEM (the system's)\n"
            "  -C, --ssl-cert FILE, -K, --ssl-key FILE: a certificate of our own\n"
            "  -P, --protocol LIST      websocket subprotocols to offer (dumb-increment-protocol);\n"
            "                           lws-mirror-protocol draws and waits to see it; others print\n"
            "                           what comes\n"
            "  -j, --justmirror         -P lws-mirror-protocol\n"
            "  -m, --message TEXT       send it: a message, the body of a POST, or a line; may be repeated\n"
            "      --file FILE          the same with what is in it, as binary\n"
            "  -o, --post               http: POST in place of GET (also: -X, --method METHOD)\n"
            "  -k, --keep-alive         http: several requests on one connection\n"
            "  -n, --count N            so many messages, lines (raw) or requests, then end; 0: until\n"
            "                           the server ends it\n"
            "  -v, --version N          websocket version to ask for (13)\n"
            "  -u, --undeflated         offer no permessage-deflate\n"
            "  -t, --timeout N          give up after so many seconds (%d)\n"
            "  -d, --debug N            log level: sum of 1 errors, 2 warnings, 4 notices, 8 info ...\n"
            "What the server says goes to stdout. Status 0: all came; 1: not; 2: wrong options.\n",
            options.seconds);
}

static int number(const char *text, int max, int *out)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    if (errno || end == text || *end || n < 0 || n > max) {
        fprintf(stderr, "test-client: %s is not a number from 0 to %d\n", text, max);
        return -1;
    }
    *out = (int)n;

    return 0;
}

static struct message *next_message(void)
{
    if (options.message_count == MESSAGES_MAX) {
        fprintf(stderr, "test-client: more than %d messages\n", MESSAGES_MAX);
        return NULL;
    }

    return &options.messages[options.message_count++];
}

static int add_text(char *text)
{
    struct message *m = next_message();

    if (!m)
        return -1;
    m->data = text;
    m->len = strlen(text);

    return 0;
}

static int add_file(const char *name)
{
    struct message *m = next_message();
    FILE *f = fopen(name, "rb");
    size_t room = 0, n;

    if (!m || !f) {
        fprintf(stderr, "test-client: cannot read %s\n", name);
        if (f)
            fclose(f);
        return -1;
    }
    m->binary = 1;
    do { /* it may be a pipe: its length is known at its end */
        char *more = realloc(m->data, room + 65536);

        if (!more || room > FILE_MAX) {
            fprintf(stderr, "test-client: %s is too large\n", name);
            fclose(f);
            return -1;
        }
        m->data = more;
        n = fread(m->data + room, 1, 65536, f);
        room += n;
    } while (n);
    m->len = room;
    fclose(f);

    return 0;
}

static int is_scheme(const char *name)
{
    return !strcmp(options.scheme, name);
}

/* Splits the URL, which may be a mere address. */
static int read_url(const char *url)
{
    int n, port, given = options.port;

    n = snprintf(options.url, sizeof(options.url), "%s%s", strstr(url, "://") ? "" :
                 options.tls_flags ? "wss://" : "ws://", url);
    if (n < 0 || (size_t)n >= sizeof(options.url) ||
        lws_parse_uri(options.url, &options.scheme, &options.address, &port, &options.path)) {
        fprintf(stderr, "test-client: not understood: %s\n", url);
        return -1;
    }
    options.port = given >= 0 ? given : port;
    snprintf(options.request_path, sizeof(options.request_path), "%s%s",
             options.path[0] == '/' ? "" : "/", options.path);
    if (is_scheme("wss") || is_scheme("https"))
        options.tls_flags |= LCCSCF_USE_SSL;
    else if (!is_scheme("ws") && !is_scheme("http") && !is_scheme("raw")) {
        fprintf(stderr, "test-client: what is %s://?\n", options.scheme);
        return -1;
    }

    return 0;
}

/* What was not said follows from the rest. */
static int fill_in(const char *url)
{
    int is_ws;

    if (!url) {
        fprintf(stderr, "test-client: where to?\n");
        return -1;
    }
    if (read_url(url))
        return -1;
    is_ws = is_scheme("ws") || is_scheme("wss");
    if (is_ws && !options.subprotocols)
        options.subprotocols = "dumb-increment-protocol";
    if (options.count >= 0)
        return 0;
    if (is_scheme("http") || is_scheme("https"))
        options.count = 1;
    else if (is_ws && !strcmp(options.subprotocols, "dumb-increment-protocol"))
        options.count = 10;
    else if (is_ws && !strcmp(options.subprotocols, "lws-mirror-protocol"))
        options.count = 20;
    else
        options.count = options.message_count; /* an answer for each */

    return 0;
}

static const char *url_option;

/* One option; 0, -1 when it is wrong. */
static int take(int c)
{
    switch (c) {
    case OPT_URL: url_option = optarg; return 0;
    case OPT_HOST: options.host = optarg; return 0;
    case OPT_FILE: return add_file(optarg);
    case OPT_SELFSIGNED: options.tls_flags |= LCCSCF_ALLOW_SELFSIGNED; return 0;
    case OPT_NO_HOSTNAME: options.tls_flags |= LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK; return 0;
    case OPT_EXPIRED: options.tls_flags |= LCCSCF_ALLOW_EXPIRED; return 0;
    case 'p': return number(optarg, 65535, &options.port);
    case 's':
        options.tls_flags |= LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_EXPIRED |
                             LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
        return 0;
    case 'S': options.tls_flags |= LCCSCF_USE_SSL; return 0;
    case 'A': options.ca = optarg; return 0;
    case 'C': options.cert = optarg; return 0;
    case 'K': options.key = optarg; return 0;
    case 'P': options.subprotocols = optarg; return 0;
    case 'j': options.subprotocols = "lws-mirror-protocol"; return 0;
    case 'm': return add_text(optarg);
    case 'o': options.method = "POST"; return 0;
    case 'X': options.method = optarg; return 0;
    case 'k': options.keep_alive = 1; return 0;
    case 'n': return number(optarg, 1000000, &options.count);
    case 'v': return number(optarg, 255, &options.version);
    case 'u': options.deflate = 0; return 0;
    case 't': return number(optarg, 86400, &options.seconds);
    case 'd': return number(optarg, 4095, &options.log_level);
    default: return -1;
    }
}

int options_read(int argc, char **argv)
{
    int c;

    while ((c = getopt_long(argc, argv, "p:sSA:C:K:P:jm:oX:kn:v:ut:d:h", long_options, NULL)) != -1) {
        if (c == 'h') {
            usage(stdout);
            return 1;
        }
        if (take(c)) {
            usage(stderr);
            return -1;
        }
    }
    if (optind < argc)
        url_option = argv[optind];

    return fill_in(url_option);
}
