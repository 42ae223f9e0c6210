/*
 * The client of the benchmark: one program for every libwebsockets, as echo_server.c is for servers.
 *
 *   client -c CONTROL_PORT -p PORT -m recv|send|get|connect [-s SIZE] [-t]
 *
 * recv: counts what the peer sends; send: sends messages of SIZE, one per WRITEABLE callback; get: http requests on a
 * kept connection, each when the one before is answered; connect: ws connections that are closed when they are there,
 * IN_FLIGHT at once. -t: over TLS. The peer (peer.c) says when, on a control connection; see stream.h.
 */
#define _GNU_SOURCE
#include "stream.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IN_FLIGHT 10
#define CONNS_MAX 64

static struct lws_context *context;
static struct lws *control;
static char answer[CONTROL_MAX];
static int control_port, port, tls;
static const char *mode = "recv";
static size_t size = 1024;
static unsigned char *outgoing;

static struct lws *conns[CONNS_MAX];
static int nconns, wanted;
/* what was asked for, and what has come of it */
static uint64_t messages, bytes, expected, quota, under_way;
static int going, verifying;

static void die(const char *what)
{
	fprintf(stderr, "client: %s\n", what);
	exit(1);
}

/* ---- the control connection ---- */

static void done(void)
{
	snprintf(answer, sizeof(answer), "done %llu %llu", (unsigned long long)messages, (unsigned long long)bytes);
	messages = bytes = 0;
	lws_callback_on_writable(control);
}

static void begin(const char *protocol, const char *method, int flags)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = context;
	/* the reference keeps a connection for the next request only where host and address are the same text */
	info.address = info.host = info.origin = "127.0.0.1";
	info.port = strcmp(protocol, "control") ? port : control_port;
	info.path = "/";
	info.method = method;
	info.protocol = method ? NULL : protocol;
	info.local_protocol_name = protocol;
	info.alpn = "http/1.1";
	info.ietf_version_or_minus_one = -1;
	info.ssl_connection = flags;
	if (tls && strcmp(protocol, "control"))
		info.ssl_connection |= LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
	if (!lws_client_connect_via_info(&info))
		die("connect");
}

static void done_if_enough(void)
{
	if (!expected || messages < expected)
		return;
	expected = 0;
	done();
}

/* One more of those that "go" asks for, if it may still begin; when none is under way the run is over. */
static void next(void)
{
	if (going && quota) {
		quota--;
		under_way++;
		if (!strcmp(mode, "get"))
			begin("get", "GET", LCCSCF_PIPELINE);
		else
			begin("connect", NULL, 0);
	} else if (!under_way && going >= 0) {
		going = -1;
		done();
	}
}

static void go(void)
{
	int n;

	going = 1;
	if (!strcmp(mode, "send"))
		for (n = 0; n < nconns; n++)
			lws_callback_on_writable(conns[n]);
	else
		for (n = 0; n < (strcmp(mode, "get") ? IN_FLIGHT : 1) && quota; n++)
			next();
}

static void command(const char *text)
{
	unsigned long long n = 0;

	if (sscanf(text, "open %llu", &n) == 1) {
		for (wanted = nconns + (int)n; n; n--)
			begin("messages", NULL, 0);
	} else if (sscanf(text, "expect %llu", &n) == 1) {
		expected = n;
		done_if_enough();
	} else if (sscanf(text, "go %llu", &n) == 1) {
		quota = n ? n : UINT64_MAX;
		go();
	} else if (!strcmp(text, "stop")) {
		quota = 0;
		if (!strcmp(mode, "send") && going) {
			going = 0;
			done();
		}
	} else if (sscanf(text, "verify %llu", &n) == 1) {
		verifying = (int)n;
		messages = bytes = 0;
		done();
	} else {
		die("unknown command");
	}
}

static int callback_control(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buf[LWS_PRE + CONTROL_MAX];
	char text[CONTROL_MAX];
	size_t n;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		die(in ? in : "no control connection");
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		control = wsi;
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)in);
		command(text);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		n = strlen(answer);
		memcpy(buf + LWS_PRE, answer, n);
		answer[0] = 0;
		if (n && lws_write(wsi, buf + LWS_PRE, n, LWS_WRITE_TEXT) < (int)n)
			return -1;
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		exit(0);
	default:
		break;
	}
	return 0;
}

/* ---- messages, either way ---- */

struct place {
	size_t at;
	uint32_t seq;
};

static void verify(struct place *place, struct lws *wsi, const uint8_t *p, size_t len)
{
	for (; len; len--, p++)
		if (*p != stream_byte(place->seq, place->at++))
			die("content differs");
	if (lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi)) {
		if (place->at != size)
			die("length differs");
		place->at = 0;
		place->seq++;
	}
}

static void receive(struct lws *wsi, struct place *place, const void *in, size_t len)
{
	if (verifying)
		verify(place, wsi, in, len);
	bytes += len;
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
		return;
	messages++;
	done_if_enough();
}

static int send_one(struct lws *wsi, struct place *place)
{
	unsigned char *p = outgoing + LWS_PRE;
	size_t n;

	if (!going || !quota)
		return 0;
	quota--;
	if (verifying) { /* the reference has masked it where it lies */
		for (n = 0; n < size; n++)
			p[n] = stream_byte(place->seq, n);
		place->seq++;
	}
	if (lws_write(wsi, p, size, LWS_WRITE_BINARY) < (int)size)
		return -1;
	messages++;
	bytes += size;
	if (quota) {
		lws_callback_on_writable(wsi);
	} else if (going) {
		going = 0;
		done();
	}
	return 0;
}

static int callback_messages(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		die(in ? in : "no connection");
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		if (nconns == CONNS_MAX)
			die("too many connections");
		conns[nconns++] = wsi;
		if (nconns == wanted)
			done();
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		receive(wsi, user, in, len);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return send_one(wsi, user);
	case LWS_CALLBACK_CLIENT_CLOSED:
		exit(0); /* the peer has ended, or finds out */
	default:
		break;
	}
	return 0;
}

/* ---- connections that are only made ---- */

static int callback_connect(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		die(in ? in : "no connection");
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		messages++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		under_way--;
		next();
		break;
	default:
		break;
	}
	return 0;
}

/* ---- http ---- */

static void got(struct place *place, const uint8_t *p, size_t len)
{
	size_t n;

	if (verifying)
		for (n = 0; n < len; n++)
			if (p[n] != stream_byte(0, place->at + n))
				die("content differs");
	place->at += len;
	bytes += len;
}

static int callback_get(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buf[LWS_PRE + 4096], *p = buf + LWS_PRE;
	int room = sizeof(buf) - LWS_PRE;
	struct place *place = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		die(in ? in : "no answer");
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		if (lws_http_client_http_response(wsi) != 200)
			die("the status is not 200");
		place->at = 0;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &room) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		got(place, in, len);
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		if (place->at != size)
			die("length differs");
		messages++;
		under_way--;
		next();
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "control", callback_control, 0, 0, 0, NULL, 0 },
	{ "messages", callback_messages, sizeof(struct place), 0, 0, NULL, 0 },
	{ "connect", callback_connect, 0, 0, 0, NULL, 0 },
	{ "get", callback_get, sizeof(struct place), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

int main(int argc, char **argv)
{
	struct lws_context_creation_info info;
	int c;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	while ((c = getopt(argc, argv, "c:p:m:s:t")) != -1)
		switch (c) {
		case 'c': control_port = atoi(optarg); break;
		case 'p': port = atoi(optarg); break;
		case 'm': mode = optarg; break;
		case 's': size = strtoul(optarg, NULL, 10); break;
		case 't': tls = 1; break;
		default: return 2;
		}
	outgoing = calloc(1, LWS_PRE + size);
	if (!outgoing)
		die("out of memory");
	lws_set_log_level(LLL_ERR, NULL);
	context = lws_create_context(&info);
	if (!context)
		return 1;
	begin("control", NULL, 0);
	printf("ready\n");
	fflush(stdout);
	while (lws_service(context, 0) >= 0)
		;
	lws_context_destroy(context);
	return 0;
}
