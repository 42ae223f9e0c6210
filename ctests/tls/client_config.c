/*
 * ctest: what TLS clients show of themselves and what they trust, by the
 * members of the vhost's and of the connection's info.
 */
#define _GNU_SOURCE
#include <libwebsockets.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "tls_origin.h"

static struct lws_context *cx;
static int destroyed;
static SSL_CTX *provided;

static int
cb(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
   size_t len)
{
	static char buf[LWS_PRE + 1024];
	union lws_tls_cert_info_results r;
	char *px = buf + LWS_PRE;
	int n = 1024;

	(void)user;
	(void)in;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
		tr_line("  program sees the context: %s", user ? "yes" : "no");
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		tr_line("  refused");
		return 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tr_line("  answer %u", lws_http_client_http_response(wsi));
		if (!lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME,
					    &r, sizeof(r.ns.name)))
			tr_line("  peer is %s", r.ns.name);
		if (!lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_VERIFIED,
					    &r, 0))
			tr_line("  verified %u", r.verified);
		return 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &px, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed = 1;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "cli", cb, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* an info for a vhost that trusts the server */
static void
prepare(struct lws_context_creation_info *i)
{
	memset(i, 0, sizeof(*i));
	i->port = CONTEXT_PORT_NO_LISTEN;
	i->protocols = protocols;
	i->options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	i->client_ssl_ca_filepath = "certs/rsa.pem";
}

static struct lws_vhost *
make(struct lws_context_creation_info *i)
{
	static int count;
	static char names[40][8];

	lws_snprintf(names[count], sizeof(names[0]), "v%d", count);
	i->vhost_name = names[count++];
	return lws_create_vhost(cx, i);
}

static void
ask(const char *title, struct lws_vhost *vh, struct lws_client_connect_info *c)
{
	struct lws_client_connect_info i;
	time_t start = time(NULL);

	tr_line("== %s", title);
	if (!vh) {
		tr_line("  no vhost");
		return;
	}
	memset(&i, 0, sizeof(i));
	if (c)
		i = *c;
	destroyed = 0;
	i.context = cx;
	i.vhost = vh;
	i.address = "127.0.0.1";
	i.port = origin.port;
	i.path = "/";
	if (!i.host)
		i.host = "localhost";
	i.ssl_connection |= LCCSCF_USE_SSL;
	i.method = "GET";
	i.local_protocol_name = "cli";
	if (!lws_client_connect_via_info(&i)) {
		tr_line("  not even begun");
		return;
	}
	while (!destroyed && time(NULL) - start < 20) {
		origin_turn();
		lws_service(cx, -1);
	}
	CHECK(destroyed);
	origin_turn();
	if (origin.fd >= 0)
		origin_turn();
}

static size_t
read_file(const char *path, unsigned char *to, size_t room)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	CHECK(f);
	n = fread(to, 1, room - 1, f);
	to[n] = '\0';
	fclose(f);
	return n;
}

static void
alpn(void)
{
	struct lws_client_connect_info c = { .alpn = "http/1.1" };
	struct lws_context_creation_info i;
	struct lws_vhost *vh;

	prepare(&i);
	vh = make(&i);
	ask("nothing said", vh, NULL);
	ask("alpn of the connection", vh, &c);
	c.alpn = "one,http/1.1";
	ask("several", vh, &c);
	i.alpn = "http/1.1";
	vh = make(&i);
	ask("alpn of the vhost", vh, NULL);
	c.alpn = "other";
	ask("alpn of both", vh, &c);
}

static void
ciphers(void)
{
	struct lws_context_creation_info i;

	prepare(&i);
	i.client_tls_1_3_plus_cipher_list = "TLS_AES_128_GCM_SHA256";
	ask("cipher of TLS 1.3", make(&i), NULL);
	prepare(&i);
	i.client_ssl_cipher_list = "ECDHE-RSA-AES128-GCM-SHA256";
	i.ssl_client_options_set = (long)SSL_OP_NO_TLSv1_3;
	ask("cipher of TLS 1.2, options set", make(&i), NULL);
	prepare(&i);
	i.ssl_cipher_list = "ECDHE-RSA-AES256-GCM-SHA384";
	i.ssl_client_options_set = (long)SSL_OP_NO_TLSv1_3;
	ask("cipher list of the server's side", make(&i), NULL);
	prepare(&i);
	i.client_ssl_cipher_list = "NO-SUCH-CIPHER";
	ask("no such cipher", make(&i), NULL);
}

static void
certificate(void)
{
	static unsigned char cert[8192], key[8192];
	struct lws_context_creation_info i;

	prepare(&i);
	i.client_ssl_cert_filepath = "certs/client.pem";
	i.client_ssl_private_key_filepath = "certs/client.key";
	ask("certificate from files", make(&i), NULL);
	i.client_ssl_cert_filepath = "certs/rsa.pem";
	i.client_ssl_private_key_filepath = "certs/locked.key";
	i.client_ssl_private_key_password = "secret";
	ask("key with a passphrase", make(&i), NULL);
	prepare(&i);
	i.client_ssl_cert_mem = cert;
	i.client_ssl_cert_mem_len =
		(unsigned int)read_file("certs/client.pem", cert, sizeof(cert));
	i.client_ssl_key_mem = key;
	i.client_ssl_key_mem_len =
		(unsigned int)read_file("certs/client.key", key, sizeof(key));
	ask("certificate from memory", make(&i), NULL);
	prepare(&i);
	i.ssl_cert_filepath = "certs/client.pem";
	i.ssl_private_key_filepath = "certs/client.key";
	ask("certificate from the server's members", make(&i), NULL);
	prepare(&i);
	i.client_ssl_cert_filepath = "certs/client.pem";
	i.client_ssl_private_key_filepath = "certs/rsa.key";
	ask("a key that does not belong to it", make(&i), NULL);
	prepare(&i);
	i.client_ssl_cert_filepath = "certs/none.pem";
	i.client_ssl_private_key_filepath = "certs/client.key";
	ask("no such certificate", make(&i), NULL);
}

/* what OpenSSL takes for the system's certificates */
static void
system_trust(void)
{
	struct lws_context_creation_info i;

	prepare(&i);
	i.client_ssl_ca_filepath = NULL;
	/* like no vhost before: the reference shares contexts */
	i.client_ssl_cipher_list = "HIGH";
	setenv("SSL_CERT_FILE", "certs/rsa.pem", 1);
	ask("trusted by the system", make(&i), NULL);
	i.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	ask("the system is not asked", make(&i), NULL);
	i.client_ssl_ca_filepath = "certs/rsa.pem";
	ask("nor needed", make(&i), NULL);
	unsetenv("SSL_CERT_FILE");
}

static void
trust(void)
{
	static unsigned char pem[8192], der[8192];
	struct lws_context_creation_info i;
	struct lws_vhost *vh;
	unsigned int len;

	prepare(&i);
	i.client_ssl_ca_filepath = NULL;
	i.client_ssl_ca_mem = pem;
	i.client_ssl_ca_mem_len =
		(unsigned int)read_file("certs/rsa.pem", pem, sizeof(pem));
	ask("trusted from memory, PEM", make(&i), NULL);
	len = (unsigned int)read_file("certs/rsa.der", der, sizeof(der));
	i.client_ssl_ca_mem = der;
	i.client_ssl_ca_mem_len = len;
	ask("trusted from memory, DER", make(&i), NULL);
	i.client_ssl_ca_mem = NULL;
	i.client_ssl_ca_mem_len = 0;
	vh = make(&i);
	ask("not trusted", vh, NULL);
	tr_line("extra: %d", lws_tls_client_vhost_extra_cert_mem(vh, der, len));
	ask("trusted by an extra certificate", vh, NULL);
	tr_line("extra, bad: %d",
		!!lws_tls_client_vhost_extra_cert_mem(vh, der, 20));
	i.ssl_ca_filepath = "certs/rsa.pem";
	ask("trusted by the server's member", make(&i), NULL);
}

/* every combination of what may be allowed, for a certificate and a name */
static void
flags(const char *what, const char *host, struct lws_vhost *vh)
{
	static const struct {
		const char *name;
		int flag;
	} all[] = {
		{ " self-signed", LCCSCF_ALLOW_SELFSIGNED },
		{ " expired", LCCSCF_ALLOW_EXPIRED },
		{ " other-name", LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ " insecure", LCCSCF_ALLOW_INSECURE },
	};
	struct lws_client_connect_info c = { .host = host };
	char title[120];

	for (unsigned int n = 0; n < 16; n++) {
		lws_snprintf(title, sizeof(title), "%s, allowed:", what);
		c.ssl_connection = 0;
		for (unsigned int bit = 0; bit < 4; bit++)
			if (n & (1u << bit)) {
				c.ssl_connection |= all[bit].flag;
				strcat(title, all[bit].name);
			}
		ask(title, vh, &c);
	}
}

static void
verdicts(void)
{
	struct lws_context_creation_info i;
	struct lws_vhost *vh;

	prepare(&i);
	flags("another name", "other.example", make(&i));
	i.client_ssl_ca_filepath = NULL;
	vh = make(&i);
	flags("self-signed", "localhost", vh);
	flags("self-signed, another name", "other.example", vh);
	origin_shows("certs/expired.pem", "certs/expired.key");
	flags("expired", "localhost", vh);
	origin_shows("certs/client.pem", "certs/client.key");
	flags("unknown issuer", "client", vh);
	origin_shows("certs/rsa.pem", "certs/rsa.key");
}

/* the certificate and key of a name as blobs of the system */
static void
blobs(const char *name)
{
	static unsigned char cert[4096], key[4096];
	unsigned char *p = cert, *k = key;
	char path[64];
	EVP_PKEY *pkey;
	X509 *x;
	FILE *f;

	lws_snprintf(path, sizeof(path), "certs/%s.pem", name);
	f = fopen(path, "r");
	CHECK(f);
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	lws_snprintf(path, sizeof(path), "certs/%s.key", name);
	f = fopen(path, "r");
	CHECK(f);
	pkey = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	lws_system_blob_direct_set(
		lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_CLIENT_CERT_DER, 0),
		cert, (size_t)i2d_X509(x, &p));
	lws_system_blob_direct_set(
		lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_CLIENT_KEY_DER, 0),
		key, (size_t)i2d_PrivateKey(pkey, &k));
	X509_free(x);
	EVP_PKEY_free(pkey);
}

static void
system_certificate(void)
{
	struct lws_client_connect_info c = { .sys_tls_client_cert = 1 };
	struct lws_context_creation_info i;
	struct lws_vhost *vh;

	prepare(&i);
	vh = make(&i);
	ask("no system certificate there", vh, &c);
	blobs("client");
	ask("system certificate", vh, &c);
	ask("not asked for", vh, NULL);
	c.sys_tls_client_cert = 2;
	ask("the second of one", vh, &c);
	c.sys_tls_client_cert = 1;
	blobs("ec");
	ask("system certificate, EC", vh, &c);
	lws_system_blob_direct_set(
		lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_CLIENT_CERT_DER, 0),
		(const uint8_t *)"garbage", 7);
	ask("no certificate", vh, &c);
	blobs("ec");
	lws_system_blob_direct_set(
		lws_system_get_blob(cx, LWS_SYSBLOB_TYPE_CLIENT_KEY_DER, 0),
		(const uint8_t *)"garbage", 7);
	ask("no key", vh, &c);
}

/* a vhost gets its client side when its own options say so, or later */
static void
initialised(int with_bit, int port)
{
	struct lws_context_creation_info i;
	struct lws_vhost *vh;
	char title[80];

	lws_snprintf(title, sizeof(title), "a vhost %s the option%s",
		     with_bit ? "with" : "without", port ? "" : ", serving");
	prepare(&i);
	i.port = port;
	i.client_ssl_ca_filepath = NULL;
	if (!with_bit)
		i.options = 0;
	vh = make(&i);
	ask(title, vh, NULL);
	prepare(&i);
	i.options = 0;
	tr_line("init without the option: %d",
		lws_init_vhost_client_ssl(&i, vh));
	ask("then", vh, NULL);
	prepare(&i);
	tr_line("init: %d", lws_init_vhost_client_ssl(&i, vh));
	ask("then", vh, NULL);
	i.client_ssl_ca_filepath = "certs/ec.pem";
	tr_line("init again: %d", lws_init_vhost_client_ssl(&i, vh));
	ask("then", vh, NULL);
}

static void
contexts(void)
{
	struct lws_context_creation_info i;
	struct lws_vhost *vh;

	prepare(&i);
	i.client_ssl_ca_filepath = NULL;
	provided = SSL_CTX_new(TLS_client_method());
	CHECK(SSL_CTX_load_verify_locations(provided, "certs/rsa.pem", NULL));
	SSL_CTX_use_certificate_file(provided, "certs/stranger.pem",
				     SSL_FILETYPE_PEM);
	SSL_CTX_use_PrivateKey_file(provided, "certs/stranger.key",
				    SSL_FILETYPE_PEM);
	i.provided_client_ssl_ctx = provided;
	ask("a context of the program's", make(&i), NULL);

	/* a vhost that serves, and asks */
	prepare(&i);
	i.port = 0;
	i.ssl_cert_filepath = "certs/ec.pem";
	i.ssl_private_key_filepath = "certs/ec.key";
	vh = make(&i);
	ask("a vhost that serves", vh, NULL);
	initialised(0, CONTEXT_PORT_NO_LISTEN);
	initialised(0, 0);
	initialised(1, 0);
}

/* vhosts of lwsws's configuration files */
static void
configured(void)
{
	static char strings[16384];
	struct lws_context_creation_info i;
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	char *at = strings;
	int left = sizeof(strings), fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *f;

	/* a port that nobody has now */
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(!bind(fd, (struct sockaddr *)&a, sizeof(a)));
	CHECK(!getsockname(fd, (struct sockaddr *)&a, &len));
	close(fd);
	CHECK(!mkdir("lwsws", 0700) && !mkdir("lwsws/conf.d", 0700));
	f = fopen("lwsws/conf.d/one", "w");
	CHECK(f);
	fprintf(f, "{ \"vhosts\": [ {\n"
		"\"name\": \"with\", \"port\": \"%d\",\n"
		"\"client-ssl-ca\": \"certs/rsa.pem\",\n"
		"\"client-ssl-cert\": \"certs/client.pem\",\n"
		"\"client-ssl-key\": \"certs/client.key\",\n"
		"\"enable-client-ssl\": \"on\"\n"
		"}, {\n"
		"\"name\": \"without\", \"port\": \"%d\"\n"
		"} ] }\n", ntohs(a.sin_port), ntohs(a.sin_port));
	CHECK(!fclose(f));
	memset(&i, 0, sizeof(i));
	i.protocols = protocols;
	i.pcontext = &cx;
	i.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	tr_line("configuration: %d",
		lwsws_get_config_vhosts(cx, &i, "lwsws", &at, &left));
	ask("configured with TLS for clients",
	    lws_get_vhost_by_name(cx, "with"), NULL);
	ask("configured without",
	    lws_get_vhost_by_name(cx, "without"), NULL);
}

int
main(void)
{
	struct lws_context_creation_info i;

	quiet_info(&i, 100);
	i.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
		    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	cx = lws_create_context(&i);
	CHECK(cx);
	origin_start("certs/rsa.pem", "certs/rsa.key");
	alpn();
	ciphers();
	certificate();
	verdicts();
	system_trust();
	system_certificate();
	contexts();
	configured();
	/* at last: in the reference the extra certificate is trusted by all
	 * vhosts that are made with the same members */
	trust();
	lws_context_destroy(cx);
	SSL_CTX_free(origin.ctx);
	close(origin.listener);
	tr_line("== end");
	return 0;
}
