/* ctest: lws_tls_peer_cert_info and lws_tls_vhost_cert_info: with, without and with a bad client certificate. */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../util/show.h"
#include "../util/x509_made.h"
#include "peer.h"

static struct lws_context *cx;
static int answered;

static union {
	union lws_tls_cert_info_results r;
	char bytes[2048];
} room;

static void show_name(const char *what, int n)
{
	printf("  %s %d", what, n);
	if (!n) {
		printf(" len %d ", room.r.ns.len);
		show_str(room.r.ns.name);
	}
	putchar('\n');
}

/* what both kinds of question have in common; `ask` fills the room */
static void show_all(int (*ask)(int type, size_t len))
{
	int n;

	for (int type = -1; type < 9; type++) {
		memset(&room, 0xa5, sizeof(room));
		n = ask(type, 64);
		switch (type) {
		case LWS_TLS_CERT_INFO_VALIDITY_FROM:
			printf("  from %d now %d\n", n, !n && llabs(time(NULL) - 86400 - (long long)room.r.time) < 600);
			break;
		case LWS_TLS_CERT_INFO_VALIDITY_TO:
			printf("  to %d in 29 days %d\n", n,
			       !n && llabs(time(NULL) + 29 * 86400ll - (long long)room.r.time) < 600);
			break;
		case LWS_TLS_CERT_INFO_COMMON_NAME:
			show_name("common name", n);
			break;
		case LWS_TLS_CERT_INFO_ISSUER_NAME:
			show_name("issuer", n);
			break;
		case LWS_TLS_CERT_INFO_USAGE:
			printf("  usage %d %x\n", n, n ? 0 : room.r.usage);
			break;
		case LWS_TLS_CERT_INFO_VERIFIED:
			printf("  verified %d %x\n", n, n ? 0 : room.r.verified);
			break;
		case LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY:
			printf("  key in 64: %d", n);
			n = ask(type, 1024);
			printf(", in 1024: %d len %d\n", n, n ? 0 : room.r.ns.len);
			break;
		default:
			printf("  type %d: %d\n", type, n);
		}
	}
}

static struct lws *asked;
static struct lws_vhost *asked_vhost;

static int ask_peer(int type, size_t len)
{
	return lws_tls_peer_cert_info(asked, (enum lws_tls_cert_info)type, &room.r, len);
}

static int ask_vhost(int type, size_t len)
{
	return lws_tls_vhost_cert_info(asked_vhost, (enum lws_tls_cert_info)type, &room.r, len);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	pump_events++;
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION:
		printf(" verification asked, preverify %d\n", (int)len);
		return 0;
	case LWS_CALLBACK_HTTP:
		asked = wsi;
		show_all(ask_peer);
		answered = 1;
		lws_return_http_status(wsi, 200, NULL);
		return -1;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_vhost *vhost(const char *name, const char *cert, unsigned long options)
{
	struct lws_context_creation_info info;
	char key[64], pem[64];
	struct lws_vhost *made;

	memset(&info, 0, sizeof(info));
	info.vhost_name = name;
	info.protocols = protocols;
	info.options = options;
	if (cert) {
		snprintf(pem, sizeof(pem), "%s.pem", cert);
		snprintf(key, sizeof(key), "%s.key", cert);
		info.ssl_cert_filepath = pem;
		info.ssl_private_key_filepath = key;
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	}
	if (options & LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT)
		info.ssl_ca_filepath = "ca.pem";
	made = lws_create_vhost(cx, &info);
	CHECK(made);
	return made;
}

/* a client of its own process: s_client, or for a plain server nothing but a socket */
static void visit(const char *label, struct lws_vhost *vh, const char *credentials)
{
	char command[512];
	time_t began = time(NULL);
	int status;
	pid_t pid;

	printf("%s\n", label);
	fflush(stdout);
	snprintf(command, sizeof(command),
		 "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | OPENSSL_CONF=/dev/null exec openssl s_client -quiet %s "
		 "-connect 127.0.0.1:%d >/dev/null 2>&1", credentials, lws_get_vhost_listen_port(vh));
	answered = 0;
	pid = fork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, WNOHANG) == 0 && time(NULL) - began < 20)
		lws_service(cx, -1);
	printf("  answered %d\n", answered);
}

static void visit_plainly(struct lws_vhost *vh)
{
	struct peer p;

	printf("no TLS\n");
	CHECK(!peer_open(&p, lws_get_vhost_listen_port(vh)));
	peer_say(&p, "GET / HTTP/1.0\r\n\r\n");
	pump(&cx, 8);
	peer_close(&p);
}

int main(void)
{
	const unsigned long wants = LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
	struct lws_context_creation_info info;
	struct lws_vhost *plain, *any, *strict;

	if (x509_make()) {
		printf("! openssl failed\n");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	quiet_info(&info, 60);
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	cx = lws_create_context(&info);
	CHECK(cx);
	plain = vhost("plain", NULL, 0);
	any = vhost("any", "rsa", wants | LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED);
	strict = vhost("strict", "rsa", wants);
	pump(&cx, 8);
	asked_vhost = any;
	printf("vhost with TLS\n");
	show_all(ask_vhost);
	visit_plainly(plain);
	visit("no certificate", any, "");
	visit("a good one", any, "-cert now.pem -key now.key");
	visit("a good one where it is required", strict, "-cert now.pem -key now.key");
	visit("none where it is required", strict, "");
	visit("one of somebody else", strict, "-cert rsa.pem -key rsa.key");
	lws_context_destroy(cx);
	return 0;
}
