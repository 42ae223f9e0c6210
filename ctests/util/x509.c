/* lws_x509_*: certificates read from PEM, their facts in rooms of all sizes, who signed whom; odd input too. */
#include <libwebsockets.h>
#include "show.h"
#include "peer.h"
#include "x509_made.h"

static size_t slurp(const char *path, char *to, size_t room)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	CHECK(f);
	n = fread(to, 1, room - 1, f);
	fclose(f);
	to[n] = '\0';
	return n;
}

static void parse(struct lws_x509_cert *x, const char *label, const void *pem, size_t len)
{
	printf("%s: parse %d\n", label, lws_x509_parse_from_pem(x, pem, len));
}

static struct lws_x509_cert *made(void)
{
	struct lws_x509_cert *x = NULL;

	CHECK(!lws_x509_create(&x));
	CHECK(x);
	return x;
}

static struct lws_x509_cert *from_file(const char *name)
{
	struct lws_x509_cert *x = made();
	char pem[32768], path[64];

	snprintf(path, sizeof path, "%s.pem", name);
	parse(x, name, pem, slurp(path, pem, sizeof pem) + 1);
	return x;
}

static union {
	union lws_tls_cert_info_results r;
	char bytes[4096];
} room;

static int ask(struct lws_x509_cert *x, int type, size_t len)
{
	memset(&room, 0xa5, sizeof room);
	return lws_x509_info(x, (enum lws_tls_cert_info)type, &room.r, len);
}

static void name(struct lws_x509_cert *x, const char *what, int type, size_t len)
{
	int n = ask(x, type, len);

	printf("  %s, room %zu: %d len %d ", what, len, n, room.r.ns.len);
	show_str(room.r.ns.name);
	putchar('\n');
}

static void names(struct lws_x509_cert *x, size_t len)
{
	name(x, "common name", LWS_TLS_CERT_INFO_COMMON_NAME, len);
	name(x, "issuer", LWS_TLS_CERT_INFO_ISSUER_NAME, len);
}

/* how far a time is from another one: 0 with ten minutes of grace, since the certificate is of now */
static long long distance(long long a, long long b)
{
	return (a - b + (a < b ? -600 : 600)) / 1200;
}

static void facts(const char *label, int dated)
{
	struct lws_x509_cert *x = from_file(label);
	long long base = dated ? 0 : (long long)time(NULL);
	int n = ask(x, LWS_TLS_CERT_INFO_VALIDITY_FROM, 0);

	printf("  from %d %lld", n, dated ? (long long)room.r.time : distance(room.r.time, base));
	n = ask(x, LWS_TLS_CERT_INFO_VALIDITY_TO, 0);
	printf(" to %d %lld\n", n, dated ? (long long)room.r.time : distance(room.r.time, base));
	n = ask(x, LWS_TLS_CERT_INFO_USAGE, 0);
	printf("  usage %d %x\n", n, room.r.usage);
	n = ask(x, LWS_TLS_CERT_INFO_VERIFIED, 0);
	printf("  verified %d %x\n", n, room.r.verified);
	names(x, 64);
	lws_x509_destroy(&x);
	CHECK(!x);
}

static void rooms(const char *label)
{
	struct lws_x509_cert *x = from_file(label);

	/* below 3 the reference reads what it did not write */
	for (size_t len = 3; len < 40; len++)
		names(x, len);
	for (size_t len = 60; len < 80; len++)
		names(x, len);
	lws_x509_destroy(&x);
}

static void public_key(const char *label)
{
	struct lws_x509_cert *x = from_file(label);
	char path[64], spki[4096];
	size_t want;
	int n;

	snprintf(path, sizeof path, "%s.spki", label);
	want = slurp(path, spki, sizeof spki);
	for (size_t len = want - 2; len <= want + 2; len++) {
		n = ask(x, LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY, len);
		printf("  key, room %d: %d len %d same %d behind %x\n", (int)(len - want), n, room.r.ns.len,
		       !memcmp(room.r.ns.name, spki, want), (unsigned char)room.r.ns.name[want]);
	}
	for (size_t len = 0; len <= 64; len += 32) {
		n = ask(x, LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY, len);
		printf("  key, room %zu: %d len %d\n", len, n, room.r.ns.len);
	}
	lws_x509_destroy(&x);
}

static void unknown_types(void)
{
	struct lws_x509_cert *x = from_file("leaf");
	static const int types[] = { 7, 8, 9, 10, 100, -1, 0x7fffffff };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(types); i++) {
		int n = ask(x, types[i], 64);

		printf("  type %d: %d ", types[i], n);
		show_bytes(&room, 12);
		putchar('\n');
	}
	lws_x509_destroy(&x);
}

static void verify(const char *cert, const char *trusted, const char *cn)
{
	struct lws_x509_cert *x = from_file(cert), *t = from_file(trusted);

	printf("  verify %s by %s for %s: %d\n", cert, trusted, cn ? cn : "NULL", lws_x509_verify(x, t, cn));
	lws_x509_destroy(&x);
	lws_x509_destroy(&t);
}

static void verify_names(void)
{
	static const char *const cn[] = { "sub.example", "SUB.example", "alt.example", "sub.example.", "sub", "",
					  "/CN=sub.example" };

	for (size_t i = 0; i < LWS_ARRAY_SIZE(cn); i++)
		verify("subleaf", "sub", cn[i]);
	verify("leaf", "ca", "leaf.example");
	verify("leaf", "ca", "leaf.example/O=org");
	verify("rsa", "rsa", "rsa.example");
	verify("nocn", "nocn", "/O=only an organisation");
	verify("nocn", "nocn", "only an organisation");
	verify("twocn", "twocn", "first.example");
	verify("twocn", "twocn", "first.example/CN=second.example");
	verify("subleaf", "ca", "sub.example");
}

static void verify_signers(void)
{
	static const char *const pairs[][2] = {
		{ "leaf", "ca" }, { "leaf", "ca2/other" }, { "leaf", "rsa" }, { "leaf", "leaf" }, { "ca", "ca" },
		{ "ca", "leaf" }, { "rsa", "rsa" }, { "rsa", "ca" }, { "subleaf", "ca" }, { "subleaf", "sub" },
		{ "sub", "ca" }, { "chain", "ca" }, { "chain", "sub" }, { "leafchain", "ca" }, { "unrelated", "ca" },
		{ "unrelated", "rsa" }, { "leaf", "chain" }, { "leaf", "leafchain" }, { "old", "ca" },
		{ "future", "ca" }, { "nocn", "nocn" }, { "long", "long" },
	};

	for (size_t i = 0; i < LWS_ARRAY_SIZE(pairs); i++)
		verify(pairs[i][0], pairs[i][1], NULL);
}

static void odd_input(void)
{
	static const char *const files[] = { "text", "nonsense", "broken", "chain" };
	char pem[32768];
	size_t n = slurp("leaf.pem", pem, sizeof pem);
	struct lws_x509_cert *x = made();

	parse(x, "half", pem, n / 2);
	parse(x, "empty text", "", 1);
	parse(x, "length 0", pem, 0);
	parse(x, "garbage", "\xff\xfe garbage", 11);
	parse(x, "lines only", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 55);
	parse(x, "without its NUL", pem, n);
	names(x, 64);
	lws_x509_destroy(&x);
	lws_x509_destroy(&x);
	for (size_t i = 0; i < LWS_ARRAY_SIZE(files); i++) {
		x = from_file(files[i]);
		lws_x509_destroy(&x);
	}
}

int main(void)
{
	static const char *const now[] = { "ca", "rsa", "nocn", "twocn", "long", "utf" };

	lws_set_log_level(0, NULL);
	if (x509_make()) {
		printf("! openssl failed\n");
		return 1;
	}
	facts("thisage", 1);
	for (size_t i = 0; i < LWS_ARRAY_SIZE(now); i++)
		facts(now[i], 0);
	rooms("leaf");
	rooms("long");
	rooms("nocn");
	public_key("rsa");
	public_key("leaf");
	unknown_types();
	verify_names();
	verify_signers();
	odd_input();
	return 0;
}
