/* lws_x509_* where the reference errs: forged signatures, centuries, rooms of no bytes, objects that hold nothing. */
#include <libwebsockets.h>
#include "show.h"
#include "peer.h"
#include "x509_made.h"

static struct lws_x509_cert *from_file(const char *path)
{
	struct lws_x509_cert *x = NULL;
	char pem[32768];
	FILE *f = fopen(path, "rb");
	size_t n;

	CHECK(f);
	n = fread(pem, 1, sizeof pem - 1, f);
	fclose(f);
	pem[n] = '\0';
	CHECK(!lws_x509_create(&x));
	CHECK(!lws_x509_parse_from_pem(x, pem, n + 1));
	return x;
}

static void dates(const char *path)
{
	struct lws_x509_cert *x = from_file(path);
	union lws_tls_cert_info_results from, to;

	CHECK(!lws_x509_info(x, LWS_TLS_CERT_INFO_VALIDITY_FROM, &from, 0));
	CHECK(!lws_x509_info(x, LWS_TLS_CERT_INFO_VALIDITY_TO, &to, 0));
	printf("%s from %lld to %lld\n", path, (long long)from.time, (long long)to.time);
	lws_x509_destroy(&x);
}

static void forged(void)
{
	struct lws_x509_cert *ca = from_file("ca.pem"), *other = from_file("ca2/other.pem");

	printf("signed by another key of the same name: %d, by its own: %d\n", lws_x509_verify(ca, other, NULL),
	       lws_x509_verify(ca, ca, NULL));
	lws_x509_destroy(&ca);
	lws_x509_destroy(&other);
}

static void small_rooms(void)
{
	struct lws_x509_cert *x = from_file("leaf.pem");
	union {
		union lws_tls_cert_info_results r;
		char bytes[100];
	} room;

	for (size_t len = 0; len < 3; len++) {
		memset(&room, 0xa5, sizeof room);
		printf("room %zu: %d", len, lws_x509_info(x, LWS_TLS_CERT_INFO_COMMON_NAME, &room.r, len));
		printf(" len %d name ", room.r.ns.len);
		show_bytes(room.r.ns.name, 4);
		putchar('\n');
	}
	lws_x509_destroy(&x);
}

static void nothing(void)
{
	struct lws_x509_cert *x = NULL, *ca = from_file("ca.pem");
	union lws_tls_cert_info_results r;
	char misaligned[128];

	printf("create at NULL: %d\n", lws_x509_create(NULL));
	CHECK(!lws_x509_create(&x));
	for (int type = -1; type < 9; type++)
		CHECK(lws_x509_info(x, (enum lws_tls_cert_info)type, &r, 64) == -1);
	printf("verify nothing: %d %d\n", lws_x509_verify(x, ca, NULL), lws_x509_verify(ca, x, NULL));
	printf("parse NULL: %d\n", lws_x509_parse_from_pem(x, NULL, 10));
	lws_x509_destroy(&x);
	printf("NULL: %d %d %d\n", lws_x509_info(NULL, LWS_TLS_CERT_INFO_USAGE, &r, 64),
	       lws_x509_verify(NULL, NULL, NULL), lws_x509_parse_from_pem(NULL, "", 1));
	printf("nowhere to: %d\n", lws_x509_info(ca, LWS_TLS_CERT_INFO_USAGE, NULL, 0));
	for (int type = 0; type < 7; type++)
		printf("misaligned %d: %d\n", type, lws_x509_info(ca, (enum lws_tls_cert_info)type,
			(union lws_tls_cert_info_results *)(void *)(misaligned + 1), 100));
	lws_x509_destroy(&ca);
	lws_x509_destroy(NULL);
}

static void plain_vhost(void)
{
	struct lws_context_creation_info info;
	union lws_tls_cert_info_results r;
	struct lws_context *cx;

	quiet_info(&info, 20);
	info.port = CONTEXT_PORT_NO_LISTEN;
	cx = lws_create_context(&info);
	CHECK(cx);
	for (int type = 0; type < 7; type++)
		CHECK(lws_tls_vhost_cert_info(lws_get_vhost_by_name(cx, "default"), (enum lws_tls_cert_info)type, &r, 64) == -1);
	lws_context_destroy(cx);
}

static void encrypted(void)
{
	static const char text[] = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END CERTIFICATE-----\n";
	struct lws_x509_cert *x = NULL;

	CHECK(!lws_x509_create(&x));
	printf("encrypted: %d\n", lws_x509_parse_from_pem(x, text, sizeof text));
	lws_x509_destroy(&x);
}

int main(void)
{
	lws_set_log_level(0, NULL);
	if (x509_make()) {
		printf("! openssl failed\n");
		return 1;
	}
	dates("leaf.pem");
	dates("subleaf.pem");
	dates("old.pem");
	dates("early.pem");
	dates("future.pem");
	forged();
	small_rooms();
	nothing();
	encrypted();
	plain_vhost();
	return 0;
}
