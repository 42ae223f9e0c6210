/* Numeric addresses in and out, comparing, interfaces, and the peers of loopback and unix sockets. Addresses that only
 * one of the libraries takes (see the Quirks of these calls) are not in here; of errors only the sign counts. */
#include <libwebsockets.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void hex(const void *p, int n)
{
	const unsigned char *b = p;

	while (n-- > 0)
		printf("%02x", *b++);
}

static void parse(const char *s)
{
	uint8_t b[20];
	lws_sockaddr46 sa;
	char back[64];
	int n = lws_parse_numeric_address(s, b, 16);

	printf("[%s] ", s);
	if (n < 0)
		printf("no");
	else {
		printf("%d ", n);
		hex(b, n);
	}
	memset(&sa, 0x11, sizeof(sa));
	n = lws_sa46_parse_numeric_address(s, &sa);
	printf(" sa46 %d ", n);
	hex(&sa, sizeof(sa));
	if (!n)
		printf(" %d [%s]", lws_sa46_write_numeric_address(&sa, back, sizeof(back)), back);
	printf("\n");
}

static void write_v6(const char *s)
{
	uint8_t b[16];
	char t[64];

	inet_pton(AF_INET6, s, b);
	printf("%s: %d", s, lws_write_numeric_address(b, 16, t, sizeof(t)));
	printf(" [%s]\n", t);
}

static void peer(const char *what, int fd)
{
	char name[64];
	const char *p;
	size_t i;

	memset(name, '#', sizeof(name));
	p = lws_get_peer_simple_fd(fd, name, sizeof(name));
	printf("%s: %s%s\n", what, p, p == name ? "" : " elsewhere");
	if (strchr(name, ':'))
		return;
	for (i = 1; i < 12; i += 3) {
		memset(name, '#', sizeof(name));
		lws_get_peer_simple_fd(fd, name, i);
		printf("  size %zu: [%s]\n", i, name);
	}
}

/* a connected pair; family of the listener, address of the client */
static void pair(const char *what, const char *listen_at, const char *connect_to)
{
	struct sockaddr_in6 a, c;
	socklen_t len = sizeof(a);
	int l, f = strchr(listen_at, ':') ? AF_INET6 : AF_INET, g = strchr(connect_to, ':') ? AF_INET6 : AF_INET, k, s;

	memset(&a, 0, sizeof(a));
	memset(&c, 0, sizeof(c));
	a.sin6_family = (sa_family_t)f;
	c.sin6_family = (sa_family_t)g;
	inet_pton(f, listen_at, f == AF_INET ? (void *)&((struct sockaddr_in *)&a)->sin_addr : (void *)&a.sin6_addr);
	inet_pton(g, connect_to, g == AF_INET ? (void *)&((struct sockaddr_in *)&c)->sin_addr : (void *)&c.sin6_addr);
	l = socket(f, SOCK_STREAM, 0);
	if (bind(l, (struct sockaddr *)&a, f == AF_INET ? sizeof(struct sockaddr_in) : sizeof(a)) || listen(l, 1)) {
		printf("%s: not here\n", what);
		close(l);
		return;
	}
	getsockname(l, (struct sockaddr *)&a, &len);
	c.sin6_port = a.sin6_port; /* at the same place in both records */
	k = socket(g, SOCK_STREAM, 0);
	if (connect(k, (struct sockaddr *)&c, g == AF_INET ? sizeof(struct sockaddr_in) : sizeof(c)))
		perror("connect");
	s = accept(l, NULL, NULL);
	peer(what, s);
	close(s);
	close(k);
	close(l);
}

static void iface(int ipv6, const char *name)
{
	struct sockaddr_in6 a;
	int n;

	memset(&a, 0, sizeof(a));
	n = lws_interface_to_sa(ipv6, name, (struct sockaddr_in *)&a, sizeof(a));
	printf("iface %s ipv6 %d: %d ", name, ipv6, n);
	hex((char *)&a + 4, 20);
	printf("\n");
}

int main(void)
{
	static const char *const texts[] = { "1.2.3.4", "0.0.0.0", "255.255.255.255", " 1.2.3.4", "1.2.3.4 ", "01.002.3.04",
		"::", "::1", "1::", "2001:db8::1", "2001:0db8:0:0:0:0:0:1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4",
		"1:2::3:4", "2001:db8::", "::1:2:3:4:5:6:7", "1:2:3:4:5:6:7::", "", "256.1.1.1", "1.2.3", "1.2.3.4.5",
		"1.2.3.", "1..2.3", ".1.2.3", "0001.2.3.4", "1.2.3.4x", "a.b.c.d", "1:2:3:4:5:6:7", "::ffff:1.2.3", "[::1]",
		":1", "1:", "::12345", "g::", "::ffff:256.1.1.1", ":::", "1:::2", "-1.2.3.4", "+1.2.3.4", "1.2.3.4:80",
		"0x1.2.3.4", "1.2.3.4294967297", "fe80::1%lo" };
	static const char *const six[] = { "::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4",
		"::ffff:255.255.255.255", "::1.2.3.4", "1:0:0:2:0:0:0:3", "1:0:0:2:0:0:3:4", "1:0:2:3:4:5:6:7",
		"0:1:2:3:4:5:6:7", "1:2:3:4:5:6:7:0", "1:0:2:0:3:0:4:0", "fe80::1:0:0:1", "64:ff9b::1.2.3.4",
		"0:0:1:2:3:4:5:6", "::ffff:0:0", "::fffe:1.2.3.4", "0:0:0:0:1::",
		"abcd:ef01:2345:6789:abcd:ef01:2345:6789" };
	static const char *const pairs[][2] = { { "1.2.3.4", "1.2.3.4" }, { "1.2.3.4", "1.2.3.5" }, { "::1", "::1" },
		{ "::1", "::2" }, { "1.2.3.4", "::ffff:1.2.3.4" } };
	uint8_t b[20] = { 32, 1, 13, 184 };
	lws_sockaddr46 p, q;
	struct sockaddr_un u;
	char t[64];
	size_t i;
	int s[2], n, l;

	lws_set_log_level(0, NULL);
	for (i = 0; i < LWS_ARRAY_SIZE(texts); i++)
		parse(texts[i]);
	for (i = 0; i < 18; i++)
		printf("room %zu: %d %d\n", i, lws_parse_numeric_address("1.2.3.4", b, i),
		       lws_parse_numeric_address("1:2:3:4:5:6:7:8", b, i));
	for (i = 0; i < LWS_ARRAY_SIZE(six); i++)
		write_v6(six[i]);
	memcpy(b, "\x20\x01\x0d\xb8", 4);
	for (i = 0; i < 14; i++) {
		memset(t, 0, sizeof(t));
		n = lws_write_numeric_address(b, 4, t, i);
		printf("size %zu: %d [%s]\n", i, n, t);
	}
	for (n = 0; n < 20; n++)
		if (n != 4 && n != 16)
			printf("%d bytes: %d\n", n, lws_write_numeric_address(b, n, t, sizeof(t)));
	for (i = 0; i < LWS_ARRAY_SIZE(pairs); i++) {
		memset(&p, 0, sizeof(p));
		memset(&q, 0x55, sizeof(q));
		lws_sa46_parse_numeric_address(pairs[i][0], &p);
		lws_sa46_parse_numeric_address(pairs[i][1], &q);
		printf("compare %s %s: %d\n", pairs[i][0], pairs[i][1], !!lws_sa46_compare_ads(&p, &q));
	}
	memset(&p, 0, sizeof(p));
	memset(&q, 0, sizeof(q));
	n = lws_sa46_write_numeric_address(&p, t, sizeof(t));
	printf("no family: compare %d write %d [%s]\n", lws_sa46_compare_ads(&p, &q), n, t);
	for (n = 0; n < 2; n++) {
		iface(n, "lo");
		iface(n, "nosuch0");
		iface(n, "");
		iface(n, "localhost");
		iface(n, "127.0.0.1");
		iface(n, "10.99.99.99");
		iface(n, "::1");
		iface(n, "0.0.0.0");
	}
	pair("IPv4", "127.0.0.1", "127.0.0.1");
	pair("IPv6", "::1", "::1");
	pair("both", "::", "127.0.0.1");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		return 1;
	peer("unix pair", s[0]);
	close(s[0]);
	close(s[1]);
	memset(&u, 0, sizeof(u));
	u.sun_family = AF_UNIX;
	lws_snprintf(u.sun_path, sizeof(u.sun_path), "/tmp/lws-ctest-%d", (int)getpid());
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	n = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(l, (struct sockaddr *)&u, sizeof(u)) || listen(l, 1) || connect(n, (struct sockaddr *)&u, sizeof(u)))
		return 1;
	peer("unix path", n);
	unlink(u.sun_path);
	peer("no peer", l);
	peer("no socket", -1);
	return 0;
}
