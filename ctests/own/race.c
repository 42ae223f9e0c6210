/*
 * Several addresses at a time: one that is silent does not keep the next
 * from winning, descriptors come and go in pairs, and whatever is under way
 * ends with its context. getaddrinfo is this program's own.
 * ctest: only=ours waits
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

/* exported, and declared nowhere */
struct lws *lws_client_reset(struct lws **wsi, int ssl, const char *address,
			     int port, const char *path, const char *host,
			     char weak);

#define FDS 256

static struct lws_context *cx;
static int connected, destroyed, failed, created, handles;
static char error[300];
static int port;
static const char *addresses;	/* of every name, comma separated */
static short polled[FDS];	/* events by descriptor, for an own poll() */
static int own_poll, added, deleted;
static int deed, deed_at, poll_events, done;
static struct lws *wsi;

/* the library's look-ups come here */
int
getaddrinfo(const char *name, const char *service,
	    const struct addrinfo *hints, struct addrinfo **res)
{
	struct addrinfo **last = res;
	char list[200], *save = NULL;

	(void)name;
	(void)service;
	(void)hints;
	*res = NULL;
	lws_snprintf(list, sizeof(list), "%s", addresses);
	for (char *a = strtok_r(list, ",", &save); a;
	     a = strtok_r(NULL, ",", &save)) {
		struct {
			struct addrinfo info;
			struct sockaddr_in addr;
		} *e = calloc(1, sizeof(*e));

		e->addr.sin_family = AF_INET;
		inet_pton(AF_INET, a, &e->addr.sin_addr);
		e->info.ai_family = AF_INET;
		e->info.ai_socktype = SOCK_STREAM;
		e->info.ai_addr = (struct sockaddr *)&e->addr;
		e->info.ai_addrlen = sizeof(e->addr);
		*last = &e->info;
		last = &e->info.ai_next;
	}
	return *res ? 0 : EAI_NONAME;
}

void
freeaddrinfo(struct addrinfo *res)
{
	while (res) {
		struct addrinfo *next = res->ai_next;

		free(res);
		res = next;
	}
}

enum { NOTHING, KILL, RESET, DESTROY, REFUSE, DEEDS };

/* what the program does while it is told of a descriptor */
static int
act(void)
{
	if (!deed || ++poll_events != deed_at)
		return 0;
	done = 1;
	switch (deed) {
	case KILL:
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK,
				LWS_TO_KILL_SYNC);
		break;
	case RESET:
		addresses = "127.0.1.2";
		CHECK(lws_client_reset(&wsi, 0, "other.example", port, "/",
				       "other.example", 0) == wsi);
		break;
	case DESTROY:
		lws_context_destroy(cx);
		break;
	case REFUSE:
		return 1;
	}
	return 0;
}

static int
cb(struct lws *w, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	struct lws_pollargs *pa = in;

	(void)user;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_ADD_POLL_FD:
		added++;
		CHECK(pa->fd >= 0 && pa->fd < FDS && !polled[pa->fd]);
		polled[pa->fd] = (short)pa->events;
		return act();
	case LWS_CALLBACK_DEL_POLL_FD:
		deleted++;
		CHECK(polled[pa->fd]);
		polled[pa->fd] = 0;
		act();
		break;
	case LWS_CALLBACK_CHANGE_MODE_POLL_FD:
		CHECK(polled[pa->fd]);
		polled[pa->fd] = (short)pa->events;
		break;
	case LWS_CALLBACK_WSI_CREATE:
		created++;
		CHECK(w == wsi);
		break;
	case LWS_CALLBACK_RAW_CONNECTED:
		connected++;
		CHECK(w == wsi && lws_get_socket_fd(w) >= 0);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		failed++;
		CHECK(w == wsi);
		lws_snprintf(error, sizeof(error), "%s", (char *)in);
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		CHECK(w == wsi);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 }
};

static int
listener(const char *address, int backlog)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, address, &a.sin_addr);
	CHECK(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)));
	CHECK(!bind(fd, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(fd, backlog));
	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	port = ntohs(a.sin_port);
	return fd;
}

/* a listener whose queue is full: who connects hears nothing */
static void
silent(const char *address)
{
	struct sockaddr_in a;

	listener(address, 0);
	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, address, &a.sin_addr);
	for (int n = 0; n < 2; n++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		struct pollfd p = { fd, POLLOUT, 0 };

		connect(fd, (struct sockaddr *)&a, sizeof(a));
		poll(&p, 1, n ? 0 : 1000);
	}
}

static void
begin(unsigned secs)
{
	struct lws_context_creation_info i;

	memset(polled, 0, sizeof(polled));
	added = deleted = 0;
	handles = open_descriptors();
	quiet_info(&i, 100);
	i.port = CONTEXT_PORT_NO_LISTEN;
	i.protocols = protocols;
	i.connect_timeout_secs = secs;
	cx = lws_create_context(&i);
	CHECK(cx);
	if (!own_poll)
		lws_service(cx, -1);
}

static void
connect_to(const char *list, const char *method)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	connected = destroyed = failed = created = 0;
	error[0] = '\0';
	addresses = list;
	i.context = cx;
	i.address = i.host = "several.example";
	i.port = port;
	i.path = "/";
	i.method = method;
	i.pwsi = &wsi;
	CHECK(lws_client_connect_via_info(&i) == wsi);
}

static void
turn(int ms)
{
	struct pollfd p[FDS];
	int n = 0;

	if (!own_poll) {
		lws_service(cx, ms);
		return;
	}
	for (int fd = 0; fd < FDS; fd++)
		if (polled[fd]) {
			p[n].fd = fd;
			p[n].events = polled[fd];
			p[n++].revents = 0;
		}
	ms = lws_service_adjust_timeout(cx, ms, 0);
	if (!ms)
		lws_service_tsi(cx, -1, 0);
	if (poll(p, (nfds_t)n, ms) > 0)
		while (n--)
			if (p[n].revents && polled[p[n].fd])
				lws_service_fd(cx, &p[n]);
	lws_service_fd(cx, NULL);
}

static void
until(const int *flag)
{
	time_t start = time(NULL);

	while (!*flag && time(NULL) - start < 20)
		turn(20);
	CHECK(*flag);
}

static void
end(void)
{
	lws_context_destroy(cx);
	CHECK(destroyed == 1 && connected + failed == 1);
	CHECK(added == deleted);
	/* the thread that looked the name up may be a moment late */
	for (int n = 0; n < 2000 && open_descriptors() != handles; n++)
		usleep(1000);
	CHECK(open_descriptors() == handles);
}

/* where the connection went */
static void
goes_to(const char *want)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);

	until(&connected);
	CHECK(!getpeername(lws_get_socket_fd(wsi), (struct sockaddr *)&a,
			   &len));
	CHECK(!strcmp(inet_ntoa(a.sin_addr), want));
	CHECK(created == 1 && !failed);
}

static void
all(void)
{
	struct timespec t0, t1;
	long ms;

	begin(20);
	clock_gettime(CLOCK_MONOTONIC, &t0);
	connect_to("127.0.1.1,127.0.1.2", "RAW");
	goes_to("127.0.1.2");
	clock_gettime(CLOCK_MONOTONIC, &t1);
	ms = (t1.tv_sec - t0.tv_sec) * 1000 +
	     (t1.tv_nsec - t0.tv_nsec) / 1000000;
	printf("past a silent address in %ld ms\n", ms);
	CHECK(ms >= 240);
	end();

	begin(20);	/* those that refuse cost no time, the last wins */
	connect_to("127.0.1.8,127.0.1.9,127.0.1.2", "RAW");
	goes_to("127.0.1.2");
	end();

	begin(20);	/* a runner refuses, the next wins */
	connect_to("127.0.1.1,127.0.1.9,127.0.1.2", "RAW");
	goes_to("127.0.1.2");
	end();

	begin(20);	/* all refuse: the last one is named */
	connect_to("127.0.1.8,127.0.1.9", "RAW");
	until(&destroyed);
	CHECK(!strncmp(error, "Unable to connect: 127.0.1.9:", 29));
	CHECK(strstr(error, "Connection refused"));
	end();

	begin(20);	/* no name */
	connect_to("", "GET");
	until(&destroyed);
	CHECK(strstr(error, "Unable to connect: looking up several.example"));
	end();

	for (int stage = 0; stage < 4; stage++) {
		begin(20);
		connect_to("127.0.1.1,127.0.1.3", stage & 1 ? "GET" : "RAW");
		if (stage > 1)	/* the second one is under way */
			while (added < 3)
				turn(20);
		if (stage == 3)
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK,
					LWS_TO_KILL_SYNC);
		end();
	}
}

/* in the middle of it the connection ends, or begins anew, or all ends */
static void
deeds(void)
{
	for (int what = KILL; what < DEEDS; what++)
		for (int n = 1; n < 6; n++) {
			time_t start = time(NULL);

			/* it waits for the silent one if the other is refused */
			if (!(n & 1) && what != KILL)
				continue;
			begin(20);
			turn(0);
			poll_events = done = 0;
			deed = what;
			deed_at = n;
			connect_to("127.0.1.1,127.0.1.2", "GET");
			while (!destroyed && !created &&
			       time(NULL) - start < 20)
				turn(20);
			CHECK(done || n > 4);
			deed = NOTHING;
			lws_context_destroy(cx);
			CHECK(destroyed == 1 && failed <= 1);
			CHECK(added == deleted);
		}
}

/* silent ones and one that refuses */
static void
timed_out(void)
{
	begin(1);
	connect_to("127.0.1.1,127.0.1.9,127.0.1.3", "GET");
	until(&destroyed);
	CHECK(strstr(error, "127.0.1.1:") && strstr(error, ", 127.0.1.3:"));
	CHECK(strstr(error, ": timed out") && !strstr(error, "127.0.1.9"));
	end();
}

int
main(void)
{
	listener("127.0.1.2", 64);
	silent("127.0.1.1");
	silent("127.0.1.3");
	all();
	timed_out();
	own_poll = 1;
	all();
	deeds();
	puts("race: done");
	return 0;
}
