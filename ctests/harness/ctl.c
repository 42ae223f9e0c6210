/*
 * The control channel. The driver writes one command a line to our stdin and
 * we answer after the trace lines with one line that starts with '@'. The
 * server runs only while a command runs, so steps are totally ordered.
 *
 *   settle KEY:RX[:fin] ...  wait until that much has arrived, then run until
 *                            nothing happens any more
 *   until MS TEXT            run until a trace line with TEXT, or MS are over
 *   act WHO ACTION           act on a connection (wN), or '-' for none
 *   quit                     destroy the context and end
 *
 * KEY is the peer's port, or the name of an abstract unix address. What has
 * arrived is asked from the kernel (TCP_INFO), so neither delayed delivery
 * nor a busy machine changes how bytes are cut.
 */
#include "srv.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#define MAX_CONNS 1200
#define QUIET_PASSES 6
#define MAX_LINES 20000		/* of trace, in one run until quiet */

static struct {
	char key[24];
	int fd;			/* -1: was there, and is gone */
	int ended;		/* for the program: the socket may linger */
} conns[MAX_CONNS];
static int conn_count;

static long
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int
peer_key(int fd, char *key, size_t room)
{
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
		struct sockaddr_storage ss;
	} u;
	socklen_t len = sizeof(u);

	if (getpeername(fd, &u.sa, &len))
		return -1;
	if (u.sa.sa_family == AF_INET)
		snprintf(key, room, "%d", ntohs(u.in.sin_port));
	else if (u.sa.sa_family == AF_INET6)
		snprintf(key, room, "%d", ntohs(u.in6.sin6_port));
	else if (len > sizeof(sa_family_t) + 1)
		snprintf(key, room, "%.*s",
			 (int)(len - sizeof(sa_family_t) - 1),
			 u.un.sun_path + 1);
	else
		return -1;
	return 0;
}

/* a connection came in: remember which fd belongs to that peer */
void
ctl_fd(int fd)
{
	char key[sizeof(conns[0].key)];

	if (conn_count < MAX_CONNS && !peer_key(fd, key, sizeof(key))) {
		memcpy(conns[conn_count].key, key, sizeof(key));
		conns[conn_count].ended = 0;
		conns[conn_count++].fd = fd;
	}
}

/* the connection is destroyed, whatever becomes of its socket */
void
ctl_ended(int fd)
{
	for (int n = 0; n < conn_count; n++)
		if (fd >= 0 && conns[n].fd == fd)
			conns[n].ended = 1;
}

static int
conn_find(const char *key)
{
	for (int n = conn_count; n-- > 0;)
		if (!strcmp(conns[n].key, key))
			return n;
	return -1;
}

/* the fd may be closed by now, and even be somebody else's */
static int
conn_alive(int n)
{
	char key[sizeof(conns[0].key)];

	return conns[n].fd >= 0 &&
	       !peer_key(conns[n].fd, key, sizeof(key)) &&
	       !strcmp(key, conns[n].key);
}

static int
tcp_info(int fd, struct tcp_info *ti)
{
	socklen_t len = sizeof(*ti);

	memset(ti, 0, sizeof(*ti));
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, ti, &len);
}

static unsigned long long
sent(const struct tcp_info *ti)
{
	return ti->tcpi_bytes_sent - ti->tcpi_bytes_retrans +
	       ti->tcpi_notsent_bytes;
}

/* 1: the peer's bytes (and FIN) are here, or the connection is gone */
static int
arrived(const char *key, unsigned long long rx, int fin)
{
	int n = conn_find(key);
	struct tcp_info ti;

	if (n < 0)
		return 0;
	if (!conn_alive(n) || tcp_info(conns[n].fd, &ti))
		return 1;
	if (ti.tcpi_bytes_received < rx)
		return 0;
	return !fin || ti.tcpi_state != 1;	/* 1: established */
}

/* we have ended our side: all that the peer can still read is on its way */
static int
fin_sent(const struct tcp_info *ti)
{
	return ti->tcpi_state == 4 || ti->tcpi_state == 5 || /* fin wait */
	       ti->tcpi_state == 9 || ti->tcpi_state == 11; /* both ended */
}

/* changes whenever bytes move on any connection */
static unsigned long long
progress(void)
{
	unsigned long long sum = tr_lines;

	for (int n = 0; n < conn_count; n++) {
		struct tcp_info ti;
		int waiting = 0;

		if (!conn_alive(n))
			continue;
		if (!tcp_info(conns[n].fd, &ti))
			sum += sent(&ti) + ti.tcpi_bytes_received;
		if (!ioctl(conns[n].fd, FIONREAD, &waiting))
			sum += (unsigned long long)waiting << 32;
	}
	return sum;
}

static int
run_until_quiet(void)
{
	unsigned long long was = progress();
	unsigned long start = tr_lines;

	for (int quiet = 0; quiet < QUIET_PASSES; quiet++) {
		unsigned long long is;

		if (!cx || lws_service(cx, -1) < 0)
			return -1;
		if (tr_lines - start > MAX_LINES) {
			tr_line("! does not settle");
			return -1;
		}
		is = progress();
		if (is != was)
			quiet = -1;
		was = is;
	}
	return 0;
}

static void
wait_arrived(const char *key, unsigned long long rx, int fin)
{
	long end = now_ms() + 5000;

	while (!arrived(key, rx, fin)) {
		if (conn_find(key) < 0 && run_until_quiet())
			return;
		if (now_ms() > end) {
			tr_line("! peer's bytes did not arrive");
			return;
		}
		poll(NULL, 0, 1);
	}
}

static void
report(const char *word)
{
	printf("@%s", word);
	for (int n = 0; n < conn_count; n++) {
		struct tcp_info ti;

		if (!conn_alive(n))
			conns[n].fd = -1;
		else if (tcp_info(conns[n].fd, &ti))
			printf(" %s:?", conns[n].key);
		else if (!conns[n].ended || !fin_sent(&ti))
			printf(" %s:%llu", conns[n].key, sent(&ti));
	}
	printf("\n");
	fflush(stdout);
}

static void
settle(char *args)
{
	char *tok, *save = NULL;

	for (tok = strtok_r(args, " \n", &save); tok;
	     tok = strtok_r(NULL, " \n", &save)) {
		char key[24];
		unsigned long long rx = 0;
		char fin[4] = "";

		if (sscanf(tok, "%23[^:]:%llu:%3s", key, &rx, fin) >= 2)
			wait_arrived(key, rx, fin[0] == 'f');
	}
	run_until_quiet();
	report("settled");
}

/* stdout is watched through a copy of the last line's text: see tr_until */
static void
until(char *args)
{
	char *text = args;
	long start = now_ms(), ms = strtol(args, &text, 10);
	unsigned long seen = tr_lines;

	while (*text == ' ')
		text++;
	text[strcspn(text, "\n")] = '\0';
	tr_watch(text);
	while (cx && !tr_watch_hit && now_ms() - start < ms &&
	       lws_service(cx, -1) >= 0) {
		if (seen == tr_lines)
			poll(NULL, 0, 1);
		seen = tr_lines;
	}
	printf("@%s %ld\n", tr_watch_hit ? "yes" : "no", now_ms() - start);
	fflush(stdout);
	tr_watch(NULL);
}

static void
outside(char *args)
{
	struct call c = { "-", NULL, -1, NULL, NULL, 0, 0, 0 };
	char *what = strchr(args, ' ');

	args[strcspn(args, "\n")] = '\0';
	if (what) {
		*what++ = '\0';
		c.wsi = tr_wsi_by_name(args);
		if (!c.wsi && strcmp(args, "-"))
			tr_line("! no connection %s", args);
		else
			act_list(&c, what);
	}
	printf("@acted\n");
	fflush(stdout);
}

void
ctl_loop(void)
{
	char line[4096];

	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "settle", 6))
			settle(line + 6);
		else if (!strncmp(line, "until ", 6))
			until(line + 6);
		else if (!strncmp(line, "act ", 4))
			outside(line + 4);
		else if (!strncmp(line, "quit", 4))
			break;
		else
			printf("@what?\n");
	}
}
