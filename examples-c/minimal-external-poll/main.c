/*
 * The program owns the poll() loop: the library says which descriptors it wants
 * watched (LWS_CALLBACK_ADD_POLL_FD and its companions), and is given those
 * that are ready by lws_service_fd(). A timerfd of the program's own sits in the
 * same loop; once a second all websocket clients are told how often it fired.
 *
 *     minimal-external-poll [PORT]       (7681)
 *
 * The library must announce its descriptors; some builds do not, and the program
 * says so.
 */
#include <libwebsockets.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define FDS_MAX 1024
#define WAIT_MS 1000

static struct pollfd fds[FDS_MAX];
static int fd_count;
static int timer_fd;
static unsigned int ticks;
static volatile sig_atomic_t stopping;

static int find_fd(int fd)
{
    int n;

    for (n = 0; n < fd_count; n++)
        if (fds[n].fd == fd)
            return n;

    return -1;
}

static int add_fd(int fd, int events)
{
    if (fd_count == FDS_MAX)
        return -1; /* refused: the library closes the connection */
    fds[fd_count].fd = fd;
    fds[fd_count].events = (short)events;
    fds[fd_count].revents = 0;
    fd_count++;

    return 0;
}

static int poll_callback(enum lws_callback_reasons reason, const struct lws_pollargs *args)
{
    int n;

    if (reason == LWS_CALLBACK_ADD_POLL_FD)
        return add_fd(args->fd, args->events);
    n = find_fd(args->fd);
    if (n < 0)
        return 0;
    if (reason == LWS_CALLBACK_DEL_POLL_FD)
        fds[n] = fds[--fd_count];
    else
        fds[n].events = (short)args->events;

    return 0;
}

static int http_callback(struct lws *wsi, enum lws_callback_reasons reason,
                         void *user, void *in, size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_ADD_POLL_FD:
    case LWS_CALLBACK_DEL_POLL_FD:
    case LWS_CALLBACK_CHANGE_MODE_POLL_FD:
        return poll_callback(reason, in);

    case LWS_CALLBACK_HTTP:
        if (lws_return_http_status(wsi, HTTP_STATUS_OK, "Served from a poll() loop of the program"))
            return -1;
        return lws_http_transaction_completed(wsi) ? -1 : 0;

    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

static int tick_callback(struct lws *wsi, enum lws_callback_reasons reason,
                         void *user, void *in, size_t len)
{
    unsigned char buf[LWS_PRE + 16];
    int n;

    (void)user;
    (void)in;
    (void)len;
    if (reason != LWS_CALLBACK_SERVER_WRITEABLE)
        return 0;
    n = snprintf((char *)buf + LWS_PRE, sizeof(buf) - LWS_PRE, "%u", ticks);

    return lws_write(wsi, buf + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n ? -1 : 0;
}

static const struct lws_protocols protocols[] = {
    { .name = "http", .callback = http_callback },
    { .name = "tick", .callback = tick_callback },
    { .name = NULL },
};

static void own_event(struct lws_context *context)
{
    uint64_t times;

    if (read(timer_fd, &times, sizeof(times)) != sizeof(times))
        return;
    ticks += (unsigned int)times;
    lws_callback_on_writable_all_protocol(context, &protocols[1]);
}

/* From the end, because removing one puts the last into its place. */
static void serve_ready(struct lws_context *context)
{
    int n;

    for (n = fd_count - 1; n >= 0; n--) {
        struct pollfd ready;

        if (n >= fd_count || !fds[n].revents)
            continue;
        ready = fds[n]; /* a copy, as the array may change meanwhile */
        fds[n].revents = 0;
        if (ready.fd == timer_fd)
            own_event(context);
        else
            lws_service_fd(context, &ready);
    }
}

static void serve(struct lws_context *context)
{
    while (!stopping) {
        int n = poll(fds, (nfds_t)fd_count, lws_service_adjust_timeout(context, WAIT_MS, 0));

        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            serve_ready(context);
        lws_service_fd(context, NULL); /* no descriptor: just the timeouts that are due */
        /* what the library holds already needs no descriptor to become ready */
        while (!stopping && !lws_service_adjust_timeout(context, 1, 0))
            lws_service_tsi(context, -1, 0);
    }
}

static int make_timer(void)
{
    static const struct itimerspec each_second = { { 1, 0 }, { 1, 0 } };

    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

    return timer_fd < 0 || timerfd_settime(timer_fd, 0, &each_second, NULL) ||
           add_fd(timer_fd, POLLIN);
}

static void on_signal(int sig)
{
    (void)sig;
    stopping = 1; /* poll() returns with EINTR, or within WAIT_MS */
}

int main(int argc, char **argv)
{
    struct lws_context_creation_info info;
    struct lws_context *context;
    int ret = 0;

    memset(&info, 0, sizeof(info));
    info.port = argc > 1 ? atoi(argv[1]) : 7681;
    info.protocols = protocols;
    info.vhost_name = "localhost";
    info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    context = lws_create_context(&info);
    if (!context)
        return 1;
    if (!fd_count) {
        lwsl_err("this library does not announce its descriptors\n");
        ret = 1;
    } else if (make_timer()) {
        lwsl_err("no timer: %s\n", strerror(errno));
        ret = 1;
    } else {
        signal(SIGINT, on_signal);
        signal(SIGTERM, on_signal);
        lwsl_notice("listening on port %d\n",
                    lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "localhost")));
        serve(context);
    }
    lws_context_destroy(context);

    return ret;
}
