/*
 * Descriptors that the program hands over: pipes as raw files, socket pairs
 * as raw sockets and as http connections, with and without bytes that were
 * read before. ctest:
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "trace.h"

static struct lws_context *cx;
static struct lws_vhost *vh;
static unsigned char big[LWS_PRE + 2000000];
static int wrote, sets_opaque, completes, reads;

static void
write_much(struct lws *wsi)
{
	int n = lws_write(wsi, big + LWS_PRE, 2000000, LWS_WRITE_RAW);

	tr_line("  lws_write(2000000)=%d partial=%d choked=%d", n,
		lws_partial_buffered(wsi), lws_send_pipe_choked(wsi));
	n = lws_write(wsi, big + LWS_PRE, 7, LWS_WRITE_RAW);
	tr_line("  lws_write(7) behind it %s", n >= 0 ? "taken" : "failed");
}

static int
callback(const char *name, struct lws *wsi, enum lws_callback_reasons reason,
	 void *user, void *in, size_t len)
{
	char b[64];
	int n;

	if (reason == LWS_CALLBACK_GET_THREAD_ID ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	pump_events++;
	tr_callback(name, wsi, (int)reason, user, in, len);
	if (wsi && lws_get_opaque_user_data(wsi) &&
	    (reason < LWS_CALLBACK_ADD_POLL_FD ||
	     reason > LWS_CALLBACK_UNLOCK_POLL))
		tr_line("  with opaque data");
	switch (reason) {
	case LWS_CALLBACK_RAW_RX_FILE:
		n = (int)read(lws_get_socket_fd(wsi), b, sizeof(b));
		reads++;
		tr_line("  read=%d %s", n, n > 0 ? tr_text(b, (size_t)n) : "");
		return n <= 0 ? -1 : 0;
	case LWS_CALLBACK_RAW_ADOPT:
		if (sets_opaque)
			lws_set_opaque_user_data(wsi, &wrote);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_RAW_WRITEABLE:
		if (completes == 1 || completes == 2) {
			if (completes++ == 1)
				n = lws_write(wsi, big + LWS_PRE, 2000000,
					      LWS_WRITE_RAW);
			n = lws_raw_transaction_completed(wsi);
			tr_line("  completed: %d", n);
			return n;
		}
		if (completes)
			return 0;
		if (!wrote++)
			write_much(wsi);
		return 0;
	case LWS_CALLBACK_RAW_WRITEABLE_FILE:
		return 0;
	case LWS_CALLBACK_CHILD_CLOSING:
		tr_line("  in %s, its parent %s", in ? in == wsi ? "same" :
			"other" : "NULL", lws_get_parent(wsi) ?
			tr_wsi_name(lws_get_parent(wsi), 0) : "none");
		return 0;
	case LWS_CALLBACK_HTTP:
		n = lws_return_http_status(wsi, 200, "adopted");
		tr_line("  lws_return_http_status=%d", n);
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	default:
		return 0;
	}
}

static int
cb_p0(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return callback("p0", wsi, reason, user, in, len);
}

static int
cb_p1(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
      size_t len)
{
	return callback("p1", wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "p0", cb_p0, 16, 0, 0, NULL, 0 },
	{ "p1", cb_p1, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void
pipes(void)
{
	lws_sock_file_fd_type fd;
	struct lws *w;
	int p[2];

	tr_line("== raw file, reading");
	CHECK(!pipe2(p, O_NONBLOCK));
	fd.filefd = p[0];
	w = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd, "p1",
				       NULL);
	tr_line("adopted %s", w ? tr_wsi_name(w, 0) : "NULL");
	pump(&cx, 4);
	for (int n = 0; n < 3; n++) {
		CHECK(write(p[1], "some data", 5) == 5);
		pump(&cx, 4);
	}
	tr_line("-- a long one, read in parts");
	CHECK(write(p[1], big, 150) == 150);
	pump(&cx, 4);
	tr_line("-- writer closes");
	close(p[1]);
	pump(&cx, 4);

	tr_line("== raw file, writing");
	CHECK(!pipe2(p, O_NONBLOCK));
	fd.filefd = p[1];
	w = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd, "p1",
				       NULL);
	tr_line("adopted %s", w ? tr_wsi_name(w, 0) : "NULL");
	lws_callback_on_writable(w);
	pump(&cx, 4);
	lws_set_timeout(w, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	pump(&cx, 4);
	tr_line("reader sees %zd", read(p[0], big, 10));
	close(p[0]);
}

static size_t
drain(int fd)
{
	static char b[65536];
	size_t total = 0;

	for (int idle = 0; idle < 3; idle++) {
		ssize_t n = recv(fd, b, sizeof(b), MSG_DONTWAIT);

		if (n > 0) {
			total += (size_t)n;
			idle = -1;
		}
		pump(&cx, 2);
	}
	return total;
}

static int
has_read(void)
{
	return reads > 0;
}

/* other descriptors: an eventfd, a terminal, a file on disk */
static void
kinds(void)
{
	lws_sock_file_fd_type fd;
	uint64_t one = 1;
	FILE *f;
	int far;

	tr_line("== an eventfd");
	fd.filefd = eventfd(0, EFD_NONBLOCK);
	CHECK(fd.filefd >= 0);
	CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd, "p1",
					 NULL));
	pump(&cx, 4);
	CHECK(write(fd.filefd, &one, 8) == 8);
	pump(&cx, 4);
	CHECK(write(fd.filefd, &one, 8) == 8);
	pump(&cx, 4);

	tr_line("== a terminal");
	far = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	CHECK(far >= 0 && !grantpt(far) && !unlockpt(far));
	fd.filefd = open(ptsname(far), O_RDWR | O_NOCTTY | O_NONBLOCK);
	CHECK(fd.filefd >= 0);
	CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd, "p1",
					 NULL));
	pump(&cx, 4);
	reads = 0;
	CHECK(write(far, "typed\n", 6) == 6);
	/* the kernel hands it on in its own time */
	CHECK(pump_until(&cx, has_read, 5000));
	pump(&cx, 4);
	close(far);
	pump(&cx, 4);

	tr_line("== a file on disk");
	f = fopen("disk", "w+");
	CHECK(f);
	fprintf(f, "%0100d", 7);
	fflush(f);
	rewind(f);
	fd.filefd = dup(fileno(f));
	CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd, "p1",
					 NULL));
	pump(&cx, 4);
	fclose(f);
}

static struct lws *
client_of(struct lws *parent, int port, const char *method)
{
	struct lws_client_connect_info i;

	memset(&i, 0, sizeof(i));
	i.context = cx;
	i.address = i.host = "127.0.0.1";
	i.port = port;
	i.path = "/";
	i.method = method;
	i.local_protocol_name = "p0";
	i.parent_wsi = parent;
	return lws_client_connect_via_info(&i);
}

/* the program is through, with and without output that waits */
static void
complete(void)
{
	lws_sock_file_fd_type fd;
	int sp[2];

	for (completes = 2; completes > 0; completes = completes == 4 ? 0 : 1) {
		int begins_with = completes;

		tr_line("== transaction completed, %s", completes == 1 ?
			"2000000 bytes on their way" : "nothing written");
		CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
		fd.sockfd = sp[0];
		CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd,
						 "p1", NULL));
		pump(&cx, 4);
		tr_line("received %zu", drain(sp[1]));
		tr_line("then %s", recv(sp[1], big, 1, MSG_DONTWAIT) ?
			"open" : "closed");
		close(sp[1]);
		pump(&cx, 4);
		completes = begins_with == 1 ? 4 : completes;
	}
}

/* clients as children: one that goes first, one that goes with its parent,
 * and one that never gets there */
static void
clients(const char *method)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	lws_sock_file_fd_type fd;
	int listener = socket(AF_INET, SOCK_STREAM, 0), sp[2], far, port;
	struct lws *parent;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!bind(listener, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!listen(listener, 5));
	CHECK(!getsockname(listener, (struct sockaddr *)&a, &len));
	port = ntohs(a.sin_port);
	tr_line("== a socket with clients as children, %s", method);
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fd.sockfd = sp[0];
	parent = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "p1",
					    NULL);
	CHECK(parent);
	CHECK(client_of(parent, port, method));
	pump(&cx, 8);
	tr_line("-- it goes");
	far = accept(listener, NULL, NULL);
	CHECK(far >= 0);
	close(far);
	pump(&cx, 8);
	CHECK(client_of(parent, port, method));
	pump(&cx, 8);
	tr_line("-- the parent goes");
	close(sp[1]);
	pump(&cx, 8);
	close(accept(listener, NULL, NULL));
	close(listener);

	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fd.sockfd = sp[0];
	parent = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "p1",
					    NULL);
	tr_line("-- nobody listens");
	client_of(parent, port, method);
	pump(&cx, 8);
	tr_line("-- the parent goes");
	close(sp[1]);
	pump(&cx, 8);
}


static void
sockets(void)
{
	lws_sock_file_fd_type fd;
	lws_adopt_desc_t desc;
	struct lws *w;
	int sp[2];

	tr_line("== raw socket");
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fd.sockfd = sp[0];
	w = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "p1", NULL);
	tr_line("adopted %s", w ? tr_wsi_name(w, 0) : "NULL");
	pump(&cx, 4);
	tr_line("peer received %zu", drain(sp[1]));
	CHECK(write(sp[1], "x", 1) == 1);
	pump(&cx, 4);
	close(sp[1]);
	pump(&cx, 4);

	tr_line("== by description, with opaque data and a parent");
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	memset(&desc, 0, sizeof(desc));
	desc.vh = vh;
	desc.type = LWS_ADOPT_SOCKET;
	desc.fd.sockfd = sp[0];
	desc.vh_prot_name = "p1";
	desc.opaque = big;
	w = lws_adopt_descriptor_vhost_via_info(&desc);
	CHECK(w);
	tr_line("opaque %s", lws_get_opaque_user_data(w) == big ? "same" :
		"other");
	pump(&cx, 4);
	close(sp[1]);
	pump(&cx, 4);

	tr_line("== opaque data set meanwhile, %s", "by the program");
	sets_opaque = 1;
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	desc.fd.sockfd = sp[0];
	desc.opaque = NULL;
	w = lws_adopt_descriptor_vhost_via_info(&desc);
	CHECK(w);
	tr_line("opaque %s", lws_get_opaque_user_data(w) == &wrote ? "same" :
		"other");
	pump(&cx, 4);
	close(sp[1]);
	pump(&cx, 4);
	sets_opaque = 0;
}

/* closing the parent closes those that belong to it; one that goes by itself
 * is told to the parent */
static void
children(void)
{
	lws_sock_file_fd_type fd;
	int sp[2], one[2], other[2];
	struct lws *parent;

	tr_line("== a socket with a socket and a pipe as children");
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, one));
	CHECK(!pipe2(other, O_NONBLOCK));
	fd.sockfd = sp[0];
	parent = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "p1",
					    NULL);
	CHECK(parent);
	fd.sockfd = one[0];
	CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "p0",
					 parent));
	fd.filefd = other[0];
	CHECK(lws_adopt_descriptor_vhost(vh, LWS_ADOPT_RAW_FILE_DESC, fd,
					 "p1", parent));
	tr_line("child %s, its parent %s",
		tr_wsi_name(lws_get_child(parent), 0),
		tr_wsi_name(lws_get_parent(lws_get_child(parent)), 0));
	pump(&cx, 4);
	tr_line("-- a child goes");
	close(one[1]);
	pump(&cx, 4);
	tr_line("child %s", tr_wsi_name(lws_get_child(parent), 0));
	tr_line("-- the parent goes");
	close(sp[1]);
	pump(&cx, 4);
	tr_line("pipe: %s", write(other[1], "x", 1) < 0 ? "closed" : "open");
	close(other[1]);
}

static void
http(void)
{
	static const char get[] = "GET / HTTP/1.0\r\n\r\n";
	struct lws *w;
	int sp[2];

	for (int kind = 0; kind < 4; kind++) {
		static const char *const names[] = {
			"lws_adopt_socket", "lws_adopt_socket_vhost",
			"lws_adopt_socket_readbuf",
			"lws_adopt_socket_vhost_readbuf",
		};

		tr_line("== %s", names[kind]);
		CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
		w = kind == 0 ? lws_adopt_socket(cx, sp[0]) :
		    kind == 1 ? lws_adopt_socket_vhost(vh, sp[0]) :
		    kind == 2 ? lws_adopt_socket_readbuf(cx, sp[0], get,
							 strlen(get)) :
				lws_adopt_socket_vhost_readbuf(vh, sp[0], get,
							       strlen(get));
		tr_line("adopted %s", w ? "wsi" : "NULL");
		pump(&cx, 4);
		if (kind < 2)
			CHECK(write(sp[1], get, strlen(get)) > 0);
		pump(&cx, 4);
		memset(big, 0, 400);
		if (recv(sp[1], big, 399, MSG_DONTWAIT) > 0)
			tr_line("peer got %.15s", (char *)big);
		close(sp[1]);
		pump(&cx, 4);
	}
}

static void
unknown_protocol(void)
{
	lws_sock_file_fd_type fd;
	struct lws *w;
	int sp[2];

	tr_line("== raw socket, unknown protocol");
	CHECK(!socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	fd.sockfd = sp[0];
	w = lws_adopt_descriptor_vhost(vh, LWS_ADOPT_SOCKET, fd, "nosuch",
				       NULL);
	tr_line("adopted %s", w ? "wsi" : "NULL");
	pump(&cx, 4);
	tr_line("peer sees %zd", recv(sp[1], big, 1, MSG_DONTWAIT));
	close(sp[1]);
}

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 60);
	signal(SIGPIPE, SIG_IGN);
	i.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	i.protocols = protocols;
	i.pcontext = &cx;
	cx = lws_create_context(&i);
	CHECK(cx);
	pump(&cx, 4);
	vh = lws_get_vhost_by_name(cx, "default");
	CHECK(vh);
	tr_line("port=%d listen=%d", lws_get_vhost_port(vh),
		lws_get_vhost_listen_port(vh));
	pipes();
	kinds();
	sockets();
	children();
	complete();
	clients("RAW");
	clients("GET");
	http();
	unknown_protocol();
	tr_line("== end");
	lws_context_destroy(cx);
	tr_line("context %s", cx ? "there" : "NULL");
	return 0;
}
