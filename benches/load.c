/*
 * The load generator of the benchmark (bench.py starts and commands it). One thread, one epoll.
 *
 *   load -p PORT -S SERVER_PID [-P echo|whole|broadcast] [-r | -G PATH] [-t | -T] [-z] [-s SIZE]
 *        [-w IN_FLIGHT] [-a OPENED_AT_ONCE]
 *
 * -r: raw TCP instead of ws; -G: http, a message is the answer to a GET of PATH. -t: over TLS; -T: and from the second
 * connection on with the session of the first. -z: permessage-deflate, -j: of JSON. Commands on stdin, one a line; each prints one line when it is done:
 *
 *   open N       N more connections that will carry messages
 *   idle N       N more connections that will not; http: after one request each
 *   check        messages of several sizes with contents of their own come back whole, in order, right
 *   run MS       messages for MS ms: "ran messages wall_ns server_cpu_ns"
 *   count N      the same for N messages
 *   upgrade MS IN_FLIGHT    connect, upgrade, close, again and again: "ran upgrades wall_ns server_cpu_ns"
 *
 * "run" and "count" go from all quiet to all quiet: nothing is refilled at the end, every message that was sent is
 * waited for and counted, and the server's CPU time is read when it sleeps. With broadcast, connection 0 speaks, all hear it,
 * and each message heard counts. Anything unexpected ends the program with a message and status 1.
 */
#define _GNU_SOURCE
#include "conn.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MS 30000	/* a server that says nothing for so long has failed */
#define ROUNDS 16		/* broadcasts that may be under way */
#define SPEAKING_US 10		/* per hearer; see speak() */

static struct target target;
static int server_pid, window = 1, broadcasting;
static uint32_t at_once = 256;	/* connections being opened: less than any listen backlog */
static int ep;
static uint32_t serial;
static struct conn **conns;
static uint32_t nconns;

/* The run that is under way. */
static struct {
	struct sink sink;
	int checking;
	uint64_t quota;		/* messages that may still be begun */
	uint64_t begun, done;
	uint32_t heard[ROUNDS], rounds_done;
	uint64_t deadline;
} run;

static void ignore_message(struct conn *c)
{
	(void)c;
}

static uint8_t *frames;	/* `window` identical frames: as many as are due go out in one send */
static size_t frame_len;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void *must(void *p)
{
	if (!p)
		die("out of memory", NULL);
	return p;
}

/* ---- CPU time of the server: all its threads, read when they sleep ---- */

static uint64_t server_cpu(void)
{
	char path[300];
	uint64_t sum = 0;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", server_pid);
	d = opendir(path);
	if (!d)
		die("the server is gone", NULL);
	while ((e = readdir(d))) {
		unsigned long long ns = 0;
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", server_pid, e->d_name);
		f = fopen(path, "r");
		if (!f || fscanf(f, "%llu", &ns) != 1)
			die("schedstat", NULL);
		fclose(f);
		sum += ns;
	}
	closedir(d);
	return sum;
}

static uint64_t settled_cpu(void)
{
	uint64_t before, after = server_cpu();
	int same = 0, tries = 0;

	while (same < 3 && tries++ < 2000) {
		usleep(2000);
		before = after;
		after = server_cpu();
		same = before == after ? same + 1 : 0;
	}
	return after;
}

/* ---- connections ---- */

static void watch(struct conn *c, int op, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(ep, op, c->fd, &e))
		die("epoll_ctl", c);
}

static int wait_events(struct epoll_event *e, int max)
{
	int n = epoll_wait(ep, e, max, SILENCE_MS);

	if (n < 0)
		die("epoll_wait", NULL);
	errno = 0;
	if (!n)
		die("no answer from the server", NULL);
	return n;
}

static void begin_conn(struct conn *c)
{
	conn_start(c, &target, serial++);
	watch(c, EPOLL_CTL_ADD, EPOLLOUT);
}

/* Connected, and TLS is set up; 1 when that is all there is to do. */
static int transport_ready(struct conn *c)
{
	if (target.raw || target.path) {
		c->state = CONN_OPEN;
		return 1;
	}
	conn_send_upgrade(c, &target);
	return 0;
}

/* One step of connecting; 1 when the connection is open. */
static int step_conn(struct conn *c, uint32_t events)
{
	errno = 0;
	if (c->state == CONN_CONNECTING) {
		int err = 0;
		socklen_t l = sizeof(err);

		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &l);
		errno = err;
		if (err)
			die("connect", c);
		watch(c, EPOLL_CTL_MOD, EPOLLIN);
		if (!target.secure)
			return transport_ready(c);
		secure_start(c, &target);
	}
	if (c->state == CONN_SECURING)
		return secure_step(c, &target) && transport_ready(c);
	return (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) ? conn_read_upgrade(c, &target) : 0;
}

/* An idle http connection has been used once: 1 when its answer is complete. */
static int first_answer(struct conn *c)
{
	static const struct sink nobody = { NULL, ignore_message };
	char buf[4096];
	ssize_t n = conn_recv(c, buf, sizeof(buf), 0);

	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		die("connection lost", c);
	conn_feed(c, &target, &nobody, (uint8_t *)buf, (size_t)n);
	return c->received == 1;
}

static int step_idle(struct conn *c, uint32_t events)
{
	if (c->state == CONN_OPEN)
		return first_answer(c);
	if (!step_conn(c, events))
		return 0;
	if (!target.path)
		return 1;
	if (conn_send(c, frames, frame_len) != (ssize_t)frame_len)
		die("send", c);
	return 0;
}

static void open_conns(uint32_t count, int active)
{
	uint32_t started = 0, opened = 0;
	struct epoll_event e[64];

	if (active)
		conns = must(realloc(conns, (nconns + count) * sizeof(*conns)));
	while (opened < count) {
		int n, k;

		while (started < count && started - opened < at_once) {
			struct conn *c = must(calloc(1, sizeof(*c)));

			c->index = active ? nconns : 0;
			if (active)
				conns[nconns++] = c;
			begin_conn(c);
			started++;
		}
		n = wait_events(e, 64);
		for (k = 0; k < n; k++)
			opened += (uint32_t)(active ? step_conn : step_idle)(e[k].data.ptr, e[k].events);
	}
}

/* ---- messages ---- */

/*
 * Sizes of the check: the one asked for, and those around which frame headers change. Raw has no boundaries to find; the
 * reference fails on compressed messages of changing sizes.
 */
static size_t check_size(uint32_t seq)
{
	static const size_t sizes[] = { 1, 125, 126, 127, 1000, 4096, 4097, 65535 };
	size_t s = sizes[seq / 2 % 8];

	return target.raw || target.path || target.squeezed || seq % 2 == 0 || s > target.size ? target.size : s;
}

static void queue_own(struct conn *c)
{
	size_t payload = check_size(c->sent), need = frame_size(&target, payload);

	if (!c->due)
		c->own_len = c->out_pos = 0;
	if (c->own_len + need > c->own_cap) {
		c->own_cap = (c->own_len + need) * 2;
		c->own = must(realloc(c->own, c->own_cap));
	}
	need = frame_build(&target, c->own + c->own_len, broadcasting ? 0 : c->index, c->sent, payload);
	c->own_len += need;
	c->out = c->own;
	c->out_len = c->own_cap; /* never reached: does not repeat */
	c->due += need;
}

static void begin_messages(struct conn *c, unsigned int count)
{
	run.begun += count;
	while (count--) {
		if (run.checking) {
			queue_own(c);
		} else {
			c->out = frames;
			c->out_len = frame_len * (size_t)window;
			c->due += frame_len;
		}
		c->sent++;
	}
}

static void flush(struct conn *c)
{
	int left = conn_flush(c);

	if (left != c->wants_out) {
		c->wants_out = left;
		watch(c, EPOLL_CTL_MOD, left ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
}

static unsigned int allowed(unsigned int want)
{
	if (run.deadline && now_ns() >= run.deadline)
		run.quota = 0;
	if (want > run.quota)
		want = (unsigned int)run.quota;
	run.quota -= want;
	return want;
}

static void check_payload(struct conn *c, const uint8_t *p, size_t len)
{
	size_t n;

	for (n = 0; n < len; n++)
		if (p[n] != content(&target, broadcasting ? 0 : c->index, c->received, c->msg_len + n))
			die("content differs", c);
}

static void check_message(struct conn *c)
{
	if (c->msg_len != check_size(c->received))
		die("length differs", c);
	run.done++;
}

static void timed_message(struct conn *c)
{
	if (c->msg_len != target.size)
		die("length differs", c);
	run.done++;
}

/* Broadcast: a round is over when everyone has heard it; then connection 0 may speak again. */
static unsigned int rounds_over(const struct conn *c, uint32_t before)
{
	unsigned int over = 0;

	for (; before != c->received; before++)
		run.heard[before % ROUNDS]++;
	while (run.heard[run.rounds_done % ROUNDS] == nconns) {
		run.heard[run.rounds_done++ % ROUNDS] = 0;
		over++;
	}
	return over;
}

/*
 * In a timed broadcast the hearers listen when the server is through with the round. If they read while it still sends,
 * the two cores fight for the same sockets, and one and the same server needs now 5, now 10 us a message.
 */
static void speak(struct conn *c, unsigned int count)
{
	begin_messages(c, count);
	flush(c);
	if (broadcasting && !run.checking)
		usleep(SPEAKING_US * nconns + 500);
}

static void on_event(struct conn *c, uint32_t events)
{
	static uint8_t buf[256 * 1024];
	uint32_t before = c->received;
	unsigned int more;
	ssize_t n;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		do { /* what TLS has decrypted wakes nobody */
			n = conn_recv(c, buf, sizeof(buf), 0);
			if (n < 0 && errno == EAGAIN)
				break;
			if (n <= 0)
				die("connection lost", c);
			errno = 0;
			conn_feed(c, &target, &run.sink, buf, (size_t)n);
		} while (target.secure);
		more = broadcasting ? rounds_over(c, before) : c->received - before;
		if (broadcasting)
			c = conns[0];
		more = more ? allowed(more) : 0;
		if (more)
			speak(c, more);
	}
	if (c->due || c->wants_out)
		flush(c);
}

static void reset_run(int checking)
{
	uint32_t k;

	memset(&run, 0, sizeof(run));
	run.checking = checking;
	run.sink.payload = checking ? check_payload : NULL;
	run.sink.message = checking ? check_message : timed_message;
	for (k = 0; k < nconns; k++)
		conns[k]->sent = conns[k]->received = 0, conns[k]->out_pos = 0;
}

/* From all quiet to all quiet. */
static void run_messages(void)
{
	uint64_t hearers = broadcasting ? nconns : 1;
	struct epoll_event e[256];
	uint32_t k;

	for (k = 0; k < (broadcasting ? 1 : nconns); k++) {
		speak(conns[k], allowed((unsigned int)window));
	}
	while (run.done < run.begun * hearers) {
		int n = wait_events(e, 256), i;

		for (i = 0; i < n; i++)
			on_event(e[i].data.ptr, e[i].events);
	}
}

static void report(uint64_t messages, uint64_t wall, uint64_t cpu)
{
	printf("ran %llu %llu %llu\n", (unsigned long long)messages, (unsigned long long)wall, (unsigned long long)cpu);
}

static void command_check(void)
{
	reset_run(1);
	/* Every size at least once on each connection, but not more than some 64 MB in all. */
	run.quota = 16ull * (uint64_t)(broadcasting ? 1 : nconns);
	if (run.quota * target.size > 64u << 20)
		run.quota = (64u << 20) / target.size;
	if (run.quota < (uint64_t)window)
		run.quota = (uint64_t)window;
	run_messages();
	printf("checked %llu\n", (unsigned long long)run.done);
}

static void command_run(uint64_t ms, uint64_t count)
{
	uint64_t cpu, start;

	reset_run(0);
	run.quota = ms ? UINT64_MAX : count;
	cpu = settled_cpu();
	start = now_ns();
	run.deadline = ms ? start + ms * 1000000u : 0;
	run_messages();
	start = now_ns() - start;
	report(run.done, start, settled_cpu() - cpu);
}

static void command_upgrade(uint64_t ms, unsigned int in_flight)
{
	struct conn *c = must(calloc(in_flight, sizeof(*c)));
	uint64_t done = 0, cpu = settled_cpu(), start = now_ns(), deadline = start + ms * 1000000u;
	unsigned int open = 0;
	struct epoll_event e[64];

	if (target.resume && !serial)
		open_conns(1, 1); /* it brings the session */
	for (; open < in_flight; open++)
		begin_conn(&c[open]);
	while (open) {
		int n = wait_events(e, 64), k;

		for (k = 0; k < n; k++) {
			struct conn *x = e[k].data.ptr;

			if (!step_conn(x, e[k].events))
				continue;
			conn_close(x);
			done++;
			if (now_ns() < deadline)
				begin_conn(x);
			else
				open--;
		}
	}
	start = now_ns() - start;
	report(done, start, settled_cpu() - cpu);
	free(c);
}

static void command(const char *line)
{
	unsigned long a = 0, b = 0;

	if (sscanf(line, "open %lu", &a) == 1) {
		open_conns((uint32_t)a, 1);
		printf("opened %lu\n", a);
	} else if (sscanf(line, "idle %lu", &a) == 1) {
		open_conns((uint32_t)a, 0);
		printf("opened %lu\n", a);
	} else if (!strncmp(line, "check", 5)) {
		command_check();
	} else if (sscanf(line, "run %lu", &a) == 1) {
		command_run(a, 0);
	} else if (sscanf(line, "count %lu", &a) == 1) {
		command_run(0, a);
	} else if (sscanf(line, "upgrade %lu %lu", &a, &b) == 2) {
		command_upgrade(a, (unsigned int)b);
	} else {
		die("unknown command", NULL);
	}
	fflush(stdout);
}

static void make_frames(void)
{
	int k;

	frame_len = frame_size(&target, target.size);
	frames = must(malloc(frame_len * (size_t)window));
	frame_len = frame_build(&target, frames, 0, 0, target.size);
	for (k = 1; k < window; k++)
		frame_build(&target, frames + frame_len * (size_t)k, 0, 0, target.size);
}

int main(int argc, char **argv)
{
	char line[128];
	int c;

	target.protocol = "echo";
	target.size = 20;
	while ((c = getopt(argc, argv, "a:p:S:P:rG:tTzjs:w:")) != -1)
		switch (c) {
		case 'a': at_once = (uint32_t)atoi(optarg); break;
		case 'p': target.port = atoi(optarg); break;
		case 'S': server_pid = atoi(optarg); break;
		case 'P': target.protocol = optarg; break;
		case 'r': target.raw = 1; break;
		case 'G': target.path = optarg; break;
		case 'T': target.resume = 1; /* fall through */
		case 't': target.secure = 1; break;
		case 'j': target.json = 1; /* fall through */
		case 'z': target.squeezed = 1; break;
		case 's': target.size = strtoul(optarg, NULL, 10); break;
		case 'w': window = atoi(optarg); break;
		default: return 2;
		}
	broadcasting = !strcmp(target.protocol, "broadcast");
	if (!target.port || !server_pid || !target.size || window < 1 || (broadcasting && window >= ROUNDS / 2))
		die("bad arguments", NULL);
	ep = epoll_create1(EPOLL_CLOEXEC);
	make_frames();
	while (fgets(line, sizeof(line), stdin))
		command(line);
	return 0;
}
