/*
 * A folder of scripts (CGI): each request below /cgi-bin runs the one it names.
 *
 *     minimal-cgi [PORT [FOLDER [NAME=VALUE]...]]       (7681, scripts)
 *
 * http://localhost:7681/cgi-bin/hello.sh/any/thing?a=b runs FOLDER/hello.sh with PATH_INFO=/any/thing and
 * QUERY_STRING=a=b; what it writes is the answer. Each NAME=VALUE is in the environment of all scripts. So this clones:
 *
 *     ln -s /usr/lib/git-core/git-http-backend scripts/git
 *     minimal-cgi 7681 scripts GIT_PROJECT_ROOT=/srv/git GIT_HTTP_EXPORT_ALL=1
 *     git clone http://localhost:7681/cgi-bin/git/some-repository.git
 *
 * Needs a library with CGI, which Debian's is not.
 */
#include <libwebsockets.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLES 32

static struct lws_context *context;
static volatile sig_atomic_t stopping;

/* lws_callback_http_dummy() moves the bytes between client and script; a program may do that by itself */
static const struct lws_protocols protocols[] = {
    { .name = "http", .callback = lws_callback_http_dummy },
    { .name = NULL },
};

static struct lws_protocol_vhost_options variables[VARIABLES];

static struct lws_http_mount scripts = {
    .mountpoint = "/cgi-bin",
    .mountpoint_len = 8,
    .origin = "scripts",
    .origin_protocol = LWSMPRO_CGI,
    .cgi_timeout = 30, /* seconds, then the script and all it has started end */
};

static void on_signal(int sig)
{
    (void)sig;
    stopping = 1;
    lws_cancel_service(context);
}

/* NAME=VALUE becomes an entry of the list that the mount points to */
static int add_variable(int n, char *text)
{
    char *equals = strchr(text, '=');

    if (!equals || n >= VARIABLES)
        return -1;
    *equals = '\0';
    variables[n].name = text;
    variables[n].value = equals + 1;
    variables[n].next = scripts.cgienv;
    scripts.cgienv = &variables[n];

    return 0;
}

int main(int argc, char **argv)
{
    struct lws_context_creation_info info;
    int n;

    if (argc > 2)
        scripts.origin = argv[2];
    for (n = 3; n < argc; n++)
        if (add_variable(n - 3, argv[n])) {
            lwsl_err("not NAME=VALUE, or too many: %s\n", argv[n]);
            return 2;
        }
    memset(&info, 0, sizeof(info));
    info.port = argc > 1 ? atoi(argv[1]) : 7681;
    info.protocols = protocols;
    info.mounts = &scripts;
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
