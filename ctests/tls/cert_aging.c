/*
 * VHOST_CERT_AGING: which protocols hear of which certificate, at the start,
 * with a vhost that comes later, and when days have gone by. The clocks are the program's: both libraries
 * see days pass without waiting for them.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "../util/x509_made.h"
#include "peer.h"

#define DAY 86400

static struct lws_context *cx;
static long ahead;
static int told;

int clock_gettime(clockid_t id, struct timespec *t)
{
	long n = syscall(SYS_clock_gettime, id, t);

	t->tv_sec += ahead;
	return (int)n;
}

time_t time(time_t *t)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (t)
		*t = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *t, void *zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec = now.tv_sec;
	t->tv_usec = now.tv_nsec / 1000;
	return 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const struct lws_acme_cert_aging_args *a = in;

	(void)user;
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		printf("  %s %s: up\n", lws_get_vhost_name(lws_get_vhost(wsi)), lws_get_protocol(wsi)->name);
	if (reason != LWS_CALLBACK_VHOST_CERT_AGING)
		return 0;
	told++;
	pump_events++;
	printf("  %s %s: certificate of %s, %d days\n", lws_get_vhost_name(lws_get_vhost(wsi)),
	       lws_get_protocol(wsi)->name, lws_get_vhost_name(a->vh), (int)len);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "p0", callback, 0, 0, 0, NULL, 0 },
	{ "p1", callback, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void vhost(const char *name, const char *cert)
{
	struct lws_context_creation_info info;
	char key[64], pem[64];

	memset(&info, 0, sizeof(info));
	info.vhost_name = name;
	info.protocols = protocols;
	if (cert) {
		snprintf(pem, sizeof(pem), "%s.pem", cert);
		snprintf(key, sizeof(key), "%s.key", cert);
		info.ssl_cert_filepath = pem;
		info.ssl_private_key_filepath = key;
		info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	}
	CHECK(lws_create_vhost(cx, &info));
}

static void pass(const char *what, long seconds)
{
	told = 0;
	ahead += seconds;
	printf("%s\n", what);
	pump(&cx, 8);
	printf("  told %d\n", told);
}

int main(void)
{
	struct lws_context_creation_info info;

	if (x509_make()) {
		printf("! openssl failed\n");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	ahead = DAY / 2; /* no certificate has a whole number of days left */
	quiet_info(&info, 60);
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	cx = lws_create_context(&info);
	CHECK(cx);
	vhost("plain", NULL);
	vhost("thirty", "rsa");
	vhost("expired", "old");
	pass("start", 0);
	pass("again", 0);
	pass("an hour before a day is over", DAY - 3600);
	pass("a day", 3600);
	pass("the same day", 10);
	pass("the next", DAY);
	pass("three at once", 3 * DAY);
	pass("one more", DAY);
	lws_context_destroy(cx);

	cx = lws_create_context(&info);
	CHECK(cx);
	vhost("plain", NULL);
	pass("nobody has TLS", 0);
	pass("nor a day and a half later", DAY / 2 * 3);
	vhost("thirty", "rsa");
	pass("a vhost with TLS has come", DAY / 2);
	pass("two days after the start", DAY / 2 - 3600);
	vhost("late", NULL);
	pass("one without has come", 0);
	pass("a day after the first", 3600);
	vhost("second", "old");
	pass("a second with TLS", 0);
	lws_context_destroy(cx);
	return 0;
}
